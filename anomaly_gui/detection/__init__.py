"""The library: learn what good parts look like, judge new ones. No Qt, and numpy at most when imported."""
