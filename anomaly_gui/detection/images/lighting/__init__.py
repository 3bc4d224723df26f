"""Light: what an image was taken in, and what it would look like in another.

May import `arrays`.
"""
