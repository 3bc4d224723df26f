"""What this machine does: images per second by network, and what each part of an image's way takes.

It measures the other verbs by calling them, and may import all of them.
"""
