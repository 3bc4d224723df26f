"""One process for one output: a lock that the system takes back from whoever ends, however that ends."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class ProcessLock:
    """A file that one process at a time can lock."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._number = -1

    def try_taking(self) -> bool:
        """Take the lock, and tell whether it was free."""
        number = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock_file(number)
        except OSError:
            os.close(number)
            return False
        self._number = number
        return True

    def give_back(self) -> None:
        """Give the lock back; without having it, nothing happens."""
        if self._number >= 0:
            os.close(self._number)
        self._number = -1


def _lock_file(number: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
