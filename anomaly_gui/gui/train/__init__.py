"""The page Train: folders, settings, questions on the images, learning curves and the comparison.

May import `gui.interest`, `gui.help`, `gui.work`, `gui.state` and `gui.widgets`; no other page.
"""
