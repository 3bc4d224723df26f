"""How the window writes what it knows: scores as its switch says.

May import what `state` may, but not the session, which holds it.
"""
