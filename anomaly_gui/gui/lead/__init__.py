"""Leading on: one sentence on the model in use, and the one step that makes sense next.

Stands above the pages, whose work it asks for.
"""
