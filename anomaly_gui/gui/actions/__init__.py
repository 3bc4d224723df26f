"""What menus and pages offer that concerns the whole window: the operator's page, reports, the first run.

May import every room of the window, and no loose file of it: window and menus are handed in.
"""
