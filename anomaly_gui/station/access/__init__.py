"""People of a station: who may do what, what they signed for, and what the station may take because of that.

May import the ledger, judging and settings; the loop asks it whether judging is allowed.
"""
