"""What the window knows: the session's images, scores and labels, the journal, documents and preferences.

May import the library and `gui.widgets`; no room that shows something.
"""
