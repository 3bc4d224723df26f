"""A trouble that is over soon, and is to be seen all the same."""

from __future__ import annotations

import threading


class Latch:
    """Holds a text until it was read once and is over.

    >>> latch = Latch(); latch.set("late"); latch.clear(); latch.read(), latch.read()
    ('late', '')
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._text = ""
        self._is_over = self._is_read = False

    def set(self, text: str) -> None:
        """There is trouble."""
        with self._lock:
            self._text, self._is_over, self._is_read = text, False, False

    def clear(self) -> None:
        """It is over."""
        with self._lock:
            self._is_over = True
            self._forget()

    def read(self) -> str:
        """Return the text, "" for no trouble."""
        with self._lock:
            text, self._is_read = self._text, True
            self._forget()
            return text

    def _forget(self) -> None:
        if self._is_over and self._is_read:
            self._text = ""
