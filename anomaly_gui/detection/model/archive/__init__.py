"""The file a model is kept in: a zip that runs no code, checked byte by byte.

May import what lies below `model`.
"""
