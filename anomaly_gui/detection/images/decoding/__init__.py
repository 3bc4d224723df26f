"""Each format's decoder: a file becomes pixels, rightly or not at all; heavy ones are imported when needed.

What cannot be read rightly is refused with a sentence that names what it is. May import `settings`, `arrays`.
"""
