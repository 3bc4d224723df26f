"""Variants of good images: another light, a small turn and shift; and the light an image was taken in.

May import `arrays`.
"""
