"""From images to features: what is computed of an image (the plan), batches, collections, and the cache.

May import `images`, `runtimes`, `settings` and `arrays`.
"""
