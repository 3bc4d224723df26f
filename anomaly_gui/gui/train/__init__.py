"""The page Train: folders, settings, questions on the images, learning curves and the comparison.

May import `gui.help`, `gui.interest`, `gui.work`, `gui.state` and `gui.widgets`.
"""
