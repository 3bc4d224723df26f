"""The attribute agreement study at the screen: planned, judged picture by picture, and reported.

May import the room of reports; what is counted, `station.watching.study` does.
"""
