"""The window of stations: what operators watch, and what engineers look up; it lives on the records alone.

May import the pages `inspect` and `tune` for what they draw, reports, and `anomaly_gui.station` to read.
Station and window know nothing of each other's life: each may end and the other goes on.
"""
