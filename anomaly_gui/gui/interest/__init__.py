"""The editor for the region of interest: what of an image counts.

May import `gui.help`, `gui.state` and `gui.widgets`.
"""
