"""The help pages in a window of their own, offline: pages as HTML, the window, and which page F1 opens where.

May import `gui.state` and `gui.widgets`.
"""
