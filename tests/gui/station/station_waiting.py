"""Waiting while the window lives."""

from PySide6.QtTest import QTest


def wait_for(is_so, what, seconds=180):
    """Let the window live until something is so."""
    for _ in range(round(seconds / 0.05)):
        if is_so():
            return
        QTest.qWait(50)
    raise AssertionError(f"it took too long until {what}")
