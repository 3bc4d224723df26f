"""A folder of one window's own: what it needs to go on after a crash. It goes away when the window closes."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from PySide6.QtCore import QLockFile

_LOCK = "lock"


class WindowFolder:
    """A folder that is locked for as long as its window lives.

    A folder that nobody has locked was left by a window that ended without closing.
    """

    def __init__(self, path: Path, lock: QLockFile) -> None:
        self.path, self._lock = path, lock

    @classmethod
    def make_folder(cls, data_folder: Path) -> WindowFolder:
        """Make a folder in `data_folder`; OSError where that cannot be."""
        path = data_folder / "windows" / secrets.token_hex(8)
        path.mkdir(parents=True)
        lock = _make_lock(path)
        if not lock.tryLock(0):
            raise OSError(f"{path} cannot be locked")
        return cls(path, lock)

    @classmethod
    def find_left_over(cls, data_folder: Path) -> WindowFolder | None:
        """Return the folder that was left last, locked from now on; None where there is none."""
        try:
            folders = sorted((data_folder / "windows").iterdir(), key=lambda path: path.stat().st_mtime)
        except OSError:  # there is no such folder yet, or another window just removed its own
            return None
        for path in reversed(folders):
            lock = _make_lock(path)
            if lock.tryLock(0):
                return cls(path, lock)
        return None

    @property
    def model_file(self) -> Path:
        """The file the worker keeps the model in."""
        return self.path / "model.anomaly"

    @property
    def journal_file(self) -> Path:
        """The file that every decision is written to."""
        return self.path / "journal.jsonl"

    def unlock_folder(self) -> None:
        """Let others have the folder."""
        self._lock.unlock()

    def remove_folder(self) -> None:
        """Remove the folder and what is in it."""
        self.unlock_folder()
        shutil.rmtree(self.path, ignore_errors=True)  # the next window removes what is left


def _make_lock(path: Path) -> QLockFile:
    lock = QLockFile(str(path / _LOCK))
    lock.setStaleLockTime(0)  # a lock grows old only by the end of its process
    return lock
