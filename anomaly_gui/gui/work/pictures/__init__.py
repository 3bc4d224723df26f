"""Pictures of images for all pages: read beside the window, with badges, a legend, and maps that are missing.

May import `gui.work`, `gui.state` and `gui.widgets`.
"""
