"""The help pages in a window of their own, offline: pages as HTML, the window, and which page F1 opens where.

May import the window's `widgets` and `state`, and the base; the other rooms of the window may import it.
"""
