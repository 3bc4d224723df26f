"""Projects: begun, opened, saved, restored after a crash; their models, and the page that offers them.

May import `gui.work`, `gui.state` and `gui.widgets`.
"""
