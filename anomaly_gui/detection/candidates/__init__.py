"""Detectors on trial: what a comparison fits, how each does, and which to take.

May import `datasets` and what lies below.
"""
