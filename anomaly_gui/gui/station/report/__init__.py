"""The report of a shift, from the records of its station.

May import the room of reports, and the feed.
"""
