"""From images to features: what is taken of an image (the plan), batches of it, collections, and the cache.

May import `images`, `runtimes`, `settings` and `arrays`.
"""
