"""The page Tune: scores with the threshold, counts, gallery, table and curves.

May import `gui.work`, `gui.help`, `gui.state` and `gui.widgets`; no other page.
"""
