"""The time, in one place: tests set it."""

import time


def read_clock() -> float:
    """Return the seconds since 1970."""
    return time.time()
