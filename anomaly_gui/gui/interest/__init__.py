"""The editor for the region of interest: which places of an image count.

May import `gui.help`, `gui.work`, `gui.state` and `gui.widgets`.
"""
