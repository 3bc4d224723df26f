"""Cameras: one source of frames for each kind, in a child process that can be killed, and who watches it."""
