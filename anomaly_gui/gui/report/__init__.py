"""Reports for quality files, as PDF or on paper: what is said, how it is laid out, and the writing of it.

May import `gui.state` and `gui.widgets`, and knows neither the worker's tasks nor any page.
"""
