"""Folders that another computer shares (SMB), asked as fsspec's file systems are.

fsspec's own is of one computer, asks of each file of a folder anew, and keeps others from what it reads.
"""

from __future__ import annotations

import errno
import logging
import os
from contextlib import contextmanager
from stat import S_ISDIR
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

_KINDS: dict[int | None, type[OSError]] = {
    errno.ENOENT: FileNotFoundError,
    errno.EACCES: PermissionError,
    errno.EPERM: PermissionError,
    errno.ENOTDIR: NotADirectoryError,
    errno.EISDIR: IsADirectoryError,
}
_PORT = 445
_ALL_MAY = {"share_access": "rwd"}  # several workers read a file at once, as they do from a disk


class _Place(NamedTuple):
    """What a path names, in the protocol's words."""

    unc: str
    port: int


class SharedFolders:
    """All computers that share folders, by name and password of the environment, or those of the system.

    Paths are `SERVER/SHARE/FOLDER` or `SERVER:PORT/SHARE/FOLDER`. What fails raises what a disk would raise,
    or an error of smbprotocol.
    """

    def __init__(self) -> None:
        from smbclient import ClientConfig

        self._who = {"username": os.environ.get("SMB_USERNAME"), "password": os.environ.get("SMB_PASSWORD")}
        ClientConfig(**self._who)
        logging.getLogger("smbclient").addHandler(
            logging.NullHandler()
        )  # what ends with the process is no news
        self._lock = Lock()

    @contextmanager
    def _reach(self, path: str) -> Iterator[_Place]:
        """Yield what a path names, of a computer that is connected to: again, where it had gone.

        One question at a time: a connection of smbprotocol fails those that its server has no room for yet.
        """
        from smbclient import delete_session, register_session

        server, _, rest = path.strip("/").partition("/")
        if not rest:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        name, _, number = server.partition(":")
        port = int(number) if number.isdecimal() else _PORT
        with self._lock, _plain_errors(path):
            try:
                register_session(name, port=port, **self._who)
            except Exception:
                delete_session(name, port=port)  # it would not hold many that failed
                raise
            yield _Place("\\".join(["\\\\" + name, *rest.split("/")]), port)

    def info(self, path: str) -> dict[str, Any]:
        """Return name, type, size and time (microseconds) of what is at a path."""
        from smbclient import stat

        with self._reach(path) as place:
            found = stat(place.unc, port=place.port)
        return _describe(path, found.st_size, found.st_mtime_ns // 1000, is_folder=S_ISDIR(found.st_mode))

    def ls(self, path: str, detail: bool = True) -> list[Any]:
        """Return what is in a folder, each as of `info`, or the names alone; of a file, itself."""
        from smbclient import scandir

        try:
            with self._reach(path) as place:
                listed = list(scandir(place.unc, port=place.port))
        except NotADirectoryError:
            found = [self.info(path)]
        else:
            found = [
                _describe(
                    f"{path.rstrip('/')}/{entry.name}",
                    entry.smb_info.end_of_file,
                    _count_microseconds(entry.smb_info.last_write_time),
                    is_folder=entry.is_dir(),
                )
                for entry in listed
            ]
        return found if detail else [one["name"] for one in found]

    def cat_file(self, path: str) -> bytes:
        """Return the content of a file."""
        from smbclient import open_file

        with self._reach(path) as place, open_file(place.unc, "rb", port=place.port, **_ALL_MAY) as file:
            return bytes(file.read())

    def pipe_file(self, path: str, content: bytes) -> None:
        """Write a file in place of what was there, and the folders it is in."""
        from smbclient import makedirs

        try:
            self._write(path, content)
        except FileNotFoundError:
            with self._reach(path) as place:
                makedirs(place.unc.rpartition("\\")[0], exist_ok=True, port=place.port)
            self._write(path, content)

    def _write(self, path: str, content: bytes) -> None:
        from smbclient import open_file

        with self._reach(path) as place, open_file(place.unc, "wb", port=place.port, **_ALL_MAY) as file:
            file.write(content)

    def rm_file(self, path: str) -> None:
        """Remove a file."""
        from smbclient import remove

        with self._reach(path) as place:
            remove(place.unc, port=place.port)


def _describe(path: str, size: int, mtime: int, *, is_folder: bool) -> dict[str, Any]:
    return {"name": path, "type": "directory" if is_folder else "file", "size": size, "mtime": mtime}


def _count_microseconds(at: datetime) -> int:
    return round(at.timestamp() * 1e6)


@contextmanager
def _plain_errors(path: str) -> Iterator[None]:
    """Raise what a disk would raise; what only the network can say, as it comes."""
    from smbprotocol.exceptions import AccessDenied, BadNetworkName, LogonFailure, SMBAuthenticationError

    try:
        yield
    except OSError as error:
        kind = _KINDS.get(error.errno)
        if kind is None or isinstance(error, kind):
            raise
        raise kind(error.errno, os.strerror(error.errno or 0), path) from None
    except BadNetworkName:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path) from None
    except (AccessDenied, LogonFailure, SMBAuthenticationError):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path) from None
