"""The images of a request: read, without those excluded, grouped by part, screened for suspects.

May import `model` and what lies below.
"""
