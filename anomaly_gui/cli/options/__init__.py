"""Options: those of several commands, those made from settings, and the library's words put into theirs.

May import the library's settings and its names of runtimes.
"""
