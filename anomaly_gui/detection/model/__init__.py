"""What training yields: the model, its file, and what a model says of itself and of its promise.

May import `detectors` and what lies below.
"""
