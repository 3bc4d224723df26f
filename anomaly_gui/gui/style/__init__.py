"""The look of the window, made once: colours, spacing, type, icons, and the small parts that every page uses.

The lowest room of the window: it imports no other. Pages take their looks from here and set none themselves.
"""
