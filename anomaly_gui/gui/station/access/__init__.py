"""People at a station: signing in and out, and signing for what lets a locked station go on.

What is done, `station.access` does; nothing here keeps a password.
"""
