"""What goes on beside the window: tasks of the worker, decoding of pictures, surveys of folders, exports.

May import `gui.state` and `gui.widgets`.
"""
