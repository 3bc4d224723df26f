"""Every setting, declared once: its name, kind, range, default and help; and the values of a request.

May import `arrays`.
"""
