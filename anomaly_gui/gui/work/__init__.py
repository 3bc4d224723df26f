"""What goes on beside the window: tasks of the worker, documents, pictures, surveys of folders, recovery.

May import `gui.state` and `gui.widgets`; not `gui.help`.
"""
