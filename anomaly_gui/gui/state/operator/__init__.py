"""What the operator's page knows: the part at hand, the lock and its PIN, and the verdicts of the shift.

May import what `gui.state` may.
"""
