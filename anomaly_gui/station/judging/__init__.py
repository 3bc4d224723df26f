"""One model in one process: a picture goes in, a verdict comes out, and any fault is the verdict "error".

May import the library, and pictures.
"""
