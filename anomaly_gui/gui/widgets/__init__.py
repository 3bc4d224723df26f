"""Small widgets and the style that every page shares.

The lowest room of the window: it imports no other.
"""
