"""How parts lie in their images: found on a sample of good images, cached, and which detector fits.

May import `features` and what lies below.
"""
