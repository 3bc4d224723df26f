"""What people say of images beside their labels: kinds of defects, and notes.

May import what `state` may, and the session.
"""
