"""Names for the kinds of arrays that are handed about, and stores of many rows on disk.

The lowest room: it imports nothing of the others.
"""
