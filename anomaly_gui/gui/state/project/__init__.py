"""The project a window has open: its folder and document, the window's own folder, its models compared.

May import `gui.state` and `anomaly_gui.project`.
"""
