"""The page Inspect, and one image looked at: its verdict, map, reconstruction and nearest good parts.

May import `gui.work`, `gui.help`, `gui.state` and `gui.widgets`; no other page.
"""
