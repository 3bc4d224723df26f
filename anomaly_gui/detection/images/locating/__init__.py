"""Parts on a plain ground: found, turned, moved and cropped to, and put back into the picture.

May import what lies below `images`.
"""
