"""The operator's page of a station: picture, verdict, counts, trend, alarms, and a lamp for each part of it.

May import what `gui.inspect` draws with, and the feed.
"""
