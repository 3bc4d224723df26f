"""Files that take the place of earlier ones at once, and get to the disk in a thread of their own.

Whoever writes never waits for the disk. A program that is killed loses nothing: the system has what was
written. A machine that loses its power has the earlier file beside the new one until that is on the disk.
"""

from __future__ import annotations

import json
import os
import queue
import secrets
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from anomaly_gui.paths import atomic_write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BEFORE = ".before"
"""Ends the name of what a file was before, while the new one is not on the disk."""


@contextmanager
def replace_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a binary file that takes the place of `path` when everything was written.

    Raises OSError where it cannot be written, or where what was written before did not get to the disk.
    """
    if os.name == "nt":  # a file that is open in a thread could not be replaced there
        with atomic_write(path) as file:
            yield file
        return
    target = Path(os.path.realpath(path))
    _DISK.raise_problem(target)
    temporary = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with temporary.open("xb") as file:
            yield file
        _DISK.replace(target, temporary)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def restore_file(path: Path, is_whole: Callable[[Path], bool]) -> None:
    """Make `path` what it was before, if the power failed before it was on the disk; OSError if that fails.

    Parameters
    ----------
    is_whole : tells whether a file, which may be missing, was written to its end
    """
    before = name_before(path)
    if before.exists() and not is_whole(path):
        before.replace(path)


def is_json(path: Path) -> bool:
    """Tell whether a file holds all of a JSON value."""
    try:
        json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return True


def name_before(path: Path) -> Path:
    """Return where the earlier file is while the new one is not on the disk."""
    return path.with_name(f".{path.name}{BEFORE}")


def wait_for_disk() -> None:
    """Wait until all that was replaced is on the disk."""
    _DISK.wait()


class _Disk:
    """Takes files to the disk, one after the other."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[Path] = queue.Queue()
        self._lock = threading.Lock()
        self._problems: dict[Path, OSError] = {}
        self._thread: threading.Thread | None = None

    def replace(self, path: Path, new: Path) -> None:
        """Put a new file in the place of another, which stays beside it for now."""
        with self._lock:
            before = name_before(path)
            if not before.exists():
                _keep(path, before)
            new.replace(path)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="disk", daemon=True)
                self._thread.start()
        self._waiting.put(path)

    def raise_problem(self, path: Path) -> None:
        """Raise what kept an earlier content of a file from the disk, once."""
        problem = self._problems.pop(path, None)
        if problem is not None:
            raise problem

    def wait(self) -> None:
        self._waiting.join()

    def _work(self) -> None:
        while True:
            path = self._waiting.get()
            try:
                self._settle(path)
            except FileNotFoundError:
                pass  # its folder went away meanwhile
            except OSError as error:
                self._problems[path] = error
            finally:
                self._waiting.task_done()

    def _settle(self, path: Path) -> None:
        """Take a file to the disk; what it was before goes, unless the file was replaced again meanwhile."""
        settled = _sync(path, os.O_RDONLY)
        _sync(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        with self._lock:
            if path.stat().st_ino == settled:
                name_before(path).unlink(missing_ok=True)


def _keep(path: Path, before: Path) -> None:
    """Keep a file under another name, too; an empty one where there is none yet."""
    if not path.exists():
        before.touch()
        return
    try:
        os.link(path, before)
    except OSError:  # a file system without links: such as FAT
        with suppress(FileNotFoundError):
            path.replace(before)


def _sync(path: Path, flags: int) -> int:
    """Take a file or folder to the disk, and return which one it was."""
    number = os.open(path, flags)
    try:
        os.fsync(number)
        return os.fstat(number).st_ino
    finally:
        os.close(number)


_DISK = _Disk()
