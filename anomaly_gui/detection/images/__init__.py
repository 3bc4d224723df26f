"""Image files: found, decoded, refused with a reason, brought upright and into one pose, masked.

May import `runtimes` (how many cores there are), `settings` and `arrays`.
"""
