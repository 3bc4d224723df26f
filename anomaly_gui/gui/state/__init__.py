"""What the window knows: the session with model, images, labels and threshold, its journal, preferences.

May import `gui.widgets`; knows neither the worker's tasks nor any page.
"""
