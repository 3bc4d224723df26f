"""The page Inspect, and one image looked at: its verdict, map, reconstruction and nearest good parts.

May import `gui.tune`, `gui.work`, `gui.state` and `gui.widgets`.
"""
