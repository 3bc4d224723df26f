"""What a station's records say now, read in a thread: which station, how it is, what it judged last.

May import `anomaly_gui.station` and nothing that draws.
"""
