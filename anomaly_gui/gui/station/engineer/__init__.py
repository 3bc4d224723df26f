"""The engineer's page of a station: history, a past part with its map, what was noted beside the verdicts.

May import what `gui.inspect` draws with, the feed, and the worker's jobs.
"""
