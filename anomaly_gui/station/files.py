"""The functions on files that the station uses where nothing may be lost. Tests let them fail."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
import stat
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_PART = ".part"
_CHUNK = 1 << 20


@dataclass(frozen=True)
class FileIdentity:
    """What a file was like when it was read: its place on the disk, size, time, and digest."""

    number: int
    size: int
    mtime_ns: int
    sha256: str


def read_whole(path: Path) -> tuple[bytes, os.stat_result]:
    """Return the bytes of a file and what it was like after they were read; raises OSError."""
    with path.open("rb") as file:
        data = file.read()
        return data, os.fstat(file.fileno())


def is_there(path: Path) -> bool:
    """Tell whether a path leads to anything; raises OSError where the disk does not say."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def sync_file(path: Path) -> None:
    """Let a file's bytes be on the disk; raises OSError."""
    number = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def sync_folder(path: Path) -> None:
    """Let the names in a folder be on the disk; raises OSError. Windows does so by itself."""
    if sys.platform != "win32":
        try:
            sync_file(path)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EACCES):
                raise  # network shares know no such thing of folders


def rename_file(source: Path, target: Path) -> None:
    """Give a file another name, on another disk if need be; raises OSError, and the source is whole then."""
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _carry_over(source, target)


def _carry_over(source: Path, target: Path) -> None:
    """Copy a file to another disk and remove it; under its name there is all of it or nothing."""
    short = hashlib.sha256(os.fsencode(target.name)).hexdigest()[:32]  # a long name has no room for more
    part = target.with_name(f".{short}{_PART}")
    try:
        shutil.copy2(source, part)
        sync_file(part)
        part.replace(target)
        sync_folder(target.parent)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    source.unlink()


def identify_file(path: Path) -> FileIdentity | None:
    """Read a file whole and return what it is; None for what is no file of its own. Raises OSError."""
    if not stat.S_ISREG(path.lstat().st_mode):
        return None
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
        status = os.fstat(file.fileno())
    return FileIdentity(status.st_ino, status.st_size, status.st_mtime_ns, digest.hexdigest())


def remove_file(path: Path, read: FileIdentity) -> bool:
    """Remove a file that is still what was read; tell whether it was. Raises OSError."""
    status = path.lstat()
    if (status.st_ino, status.st_size, status.st_mtime_ns) != (read.number, read.size, read.mtime_ns):
        return False
    path.unlink()
    return True


def try_writing(folder: Path) -> None:
    """Write a file to a folder, or where it will be made, rename it and remove it; raises OSError."""
    while not folder.exists():
        folder = folder.parent
    probe = folder / f".{secrets.token_hex(8)}.tmp"
    other = probe.with_suffix(_PART)
    try:
        probe.write_bytes(b"?")
        sync_file(probe)
        rename_file(probe, other)
        other.unlink()
    finally:
        for path in (probe, other):
            with suppress(OSError):
                path.unlink(missing_ok=True)
