"""A folder of one window's own: its project while that has no place, or else where its project is.

It goes away when the window closes; one that was left tells what was open when the program ended.
"""

from __future__ import annotations

import json
import secrets
import shutil
from pathlib import Path

from PySide6.QtCore import QLockFile

from anomaly_gui.project.folder import LOCK, ProjectFolder
from anomaly_gui.results import write_json


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
        (path / "models").mkdir(parents=True)
        lock = make_lock(path)
        if not lock.tryLock(0):
            raise OSError(f"{path} cannot be locked")
        return cls(path, lock)

    @classmethod
    def lock_again(cls, path: Path) -> WindowFolder | None:
        """Return the folder that another window of this program let go of; None where it is taken."""
        lock = make_lock(path)
        return cls(path, lock) if path.is_dir() and lock.tryLock(0) else None

    @classmethod
    def find_left_over(cls, data_folder: Path) -> WindowFolder | None:
        """Return the folder that was left last, locked from now on; None where there is none."""
        try:
            folders = sorted((data_folder / "windows").iterdir(), key=lambda path: path.stat().st_mtime)
        except OSError:  # there is no such folder yet, or another window just removed its own
            return None
        for path in reversed(folders):
            lock = make_lock(path)
            if lock.tryLock(0):
                return cls(path, lock)
        return None

    @property
    def project(self) -> ProjectFolder:
        """The project without a place of its own."""
        return ProjectFolder(self.path)

    @property
    def _note(self) -> Path:
        return self.path / "opened.json"

    def note_opened(self, project: Path) -> None:
        """Note that the window has a project open that lies elsewhere; UserError where it cannot be noted."""
        write_json(self._note, {"project": str(project)})

    def read_opened(self) -> Path | None:
        """Return where the project is that was open; None for one that is in this folder."""
        try:
            return Path(json.loads(self._note.read_bytes())["project"])
        except (OSError, ValueError, KeyError, TypeError):  # whatever it is, it names no project
            return None

    def unlock_folder(self) -> None:
        """Let others have the folder."""
        self._lock.unlock()

    def remove_folder(self) -> None:
        """Remove the folder and what is in it."""
        self.unlock_folder()
        shutil.rmtree(self.path, ignore_errors=True)  # the next window removes what is left


def make_lock(path: Path) -> QLockFile:
    """Return the lock of a folder, not locked yet."""
    lock = QLockFile(str(path / LOCK))
    lock.setStaleLockTime(0)  # a lock grows old only by the end of its process
    return lock
