"""Where the product keeps its own files, and how it writes others."""

import errno
import os
import re
import secrets
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_PACKAGE = Path(__file__).resolve().parent
_DESCRIPTOR = re.compile(r"/dev/(?P<name>stdin|stdout|stderr)|(?:/dev|/proc/self)/fd/(?P<number>\d+)")
_STANDARD = {"stdin": 0, "stdout": 1, "stderr": 2}
_MOST_LINKS = 40


def resource(*parts: str) -> Path:
    """Return the path of a shipped file, in a wheel or in a checkout.

    >>> resource("weights").is_dir()
    True
    """
    shipped = _PACKAGE / "_resources"
    root = shipped if shipped.is_dir() else _PACKAGE.parent / "resources"
    return root.joinpath(*parts)


@contextmanager
def atomic_write(path: Path) -> Iterator[IO[bytes]]:
    """Open a binary file whose content gets to `path` only when everything was written.

    A regular file is written under a temporary name in the same folder, flushed to the disk and then
    renamed; on any exception the temporary file goes away and the old file stays whole. Links stay links:
    what they lead to is written. Pipes, devices and files of several names are written into, once the content
    is whole.
    """
    number = open_descriptor(path)
    if number is not None or is_special(path) or _has_other_names(path):
        with tempfile.TemporaryFile() as whole:
            yield whole
            whole.seek(0)
            with _opened_through(path, number) as through:
                shutil.copyfileobj(whole, through)
        return
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    temporary = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def open_descriptor(path: Path) -> int | None:
    """Return the number of the open file that a path such as /dev/stdout stands for; None for other paths."""
    for _ in range(_MOST_LINKS):
        named = _DESCRIPTOR.fullmatch(os.fspath(path))
        if named:
            return _STANDARD.get(named["name"]) if named["name"] else int(named["number"])
        try:
            path = path.parent / path.readlink()
        except (OSError, ValueError):  # no link
            return None
    return None


def is_special(path: Path) -> bool:
    """Tell a pipe, device or open file, which is written into and never replaced."""
    if open_descriptor(path) is not None:
        return True
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _has_other_names(path: Path) -> bool:
    """Tell a file with hard links: replaced, it would no longer be the same as those."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(status.st_mode) and status.st_nlink > 1


def _opened_through(path: Path, number: int | None) -> IO[bytes]:
    if number is None:
        return path.open("wb")
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return os.fdopen(os.dup(number), "wb")
