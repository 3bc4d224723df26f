"""Which images show one part: near-duplicates by their fingerprints, names, folders; nearest neighbours.

May import `features`, `images` and what lies below.
"""
