"""Where what is judged of parts so far is kept, beside the results: a file a part, which proves itself."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anomaly_gui.cluster.places.url_paths import PlaceError, UrlPath, as_path, ask_place
from anomaly_gui.cluster.result_place import UNFINISHED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_DIGEST = 32  # bytes
_TROUBLE = (OSError, PlaceError)


class DamagedError(Exception):
    """What was kept is not what was written."""


@dataclass(frozen=True)
class UnfinishedPlace:
    """A folder in the place of results, in a folder or at an address.

    Nothing hangs on what is kept: what is not there is judged again. So nothing waits for the disk, and that
    the place cannot be written to is left to the results to tell.

    Parameters
    ----------
    where : the place of the results
    """

    where: str

    @property
    def _path(self) -> Path:
        return as_path(self.where) / UNFINISHED

    def write(self, name: str, rows: bytes) -> None:
        """Keep rows of a part, by its name, in place of what was kept of it."""
        content, path = _digest_rows(name, rows) + rows, self._path / name
        with suppress(*_TROUBLE):
            if isinstance(path, UrlPath):
                ask_place(str(path), lambda system, file: system.pipe_file(file, content))
                return
            path.parent.mkdir(exist_ok=True)
            passing = path.with_name(f"{name}.{secrets.token_hex(4)}")
            passing.write_bytes(content)
            passing.replace(path)

    def read(self, name: str) -> bytes | None:
        """Return the rows that were kept of a part, or None.

        Raises
        ------
        DamagedError : they are not what was written, or of another part, model or settings
        """
        try:
            content = (self._path / name).read_bytes()
        except _TROUBLE:
            return None
        rows = content[_DIGEST:]
        if content[:_DIGEST] != _digest_rows(name, rows):
            raise DamagedError
        return rows

    def remove(self, name: str) -> None:
        """Forget what was kept under a name."""
        path = self._path / name
        with suppress(*_TROUBLE):
            if isinstance(path, UrlPath):
                ask_place(str(path), lambda system, file: system.rm_file(file))
            else:
                path.unlink()

    def remove_all(self, names: Iterable[str]) -> None:
        """Forget what was kept of parts by their names, also what was being written as a worker ended."""
        files = self._list_files()
        wanted = set(names) if files else set()
        for file in files:
            if file.partition(".")[0] in wanted:
                self.remove(file)
        if not isinstance(self._path, UrlPath):
            with suppress(OSError):  # there is none, or parts of other runs are in it
                self._path.rmdir()

    def _list_files(self) -> list[str]:
        path = self._path
        try:
            if isinstance(path, UrlPath):
                found: list[str] = ask_place(str(path), lambda system, at: system.ls(at, detail=False))
                return [name.rsplit("/", 1)[-1] for name in found]
            return [file.name for file in path.iterdir()]
        except _TROUBLE:
            return []


def _digest_rows(name: str, rows: bytes) -> bytes:
    """Return the SHA-256 of rows and of the name, which is made of images, model and settings."""
    return hashlib.sha256(name.encode() + b"\n" + rows).digest()
