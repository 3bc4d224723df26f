"""One product as a folder: where its images are, what people decided of them, and every model of it.

Without Qt; may import the base only. The window keeps its state in such a folder from its first moment on.
"""
