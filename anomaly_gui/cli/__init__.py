"""The command line: the use cases without a window.

`app` > `commands` > `output` > `options`. May import anything but `gui`.
"""
