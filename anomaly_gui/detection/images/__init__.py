"""Image files: found, decoded, refused with a reason, brought upright and aligned, masked.

May import `runtimes` (how many cores there are), `settings` and `arrays`.
"""
