"""Waiting while the window lives."""

import time

from PySide6.QtCore import QCoreApplication
from PySide6.QtTest import QTest


def wait_for(is_so, what, seconds=180):
    """Let the window live until something is so."""
    for _ in range(round(seconds / 0.05)):
        if is_so():
            return
        QTest.qWait(50)
    raise AssertionError(f"it took too long until {what}")


def wait_for_thread(is_so, what, seconds=180):
    """Do the same while a thread of Python's works, which QTest lets on only between two waits."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"it took too long until {what}"
        QCoreApplication.processEvents()
        time.sleep(0.005)
