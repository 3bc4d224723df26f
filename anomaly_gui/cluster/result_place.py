"""Where the results of parts are written: a folder, or an address; what is there is whole."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from anomaly_gui.cluster.places.url_paths import UrlPath, as_path, ask_place
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.paths import atomic_write
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Iterable

UNFINISHED = "unfinished"
"""The folder in a place where what is judged of parts so far is kept."""

_ENDING, _MARK = ".parquet", ".done"
_WRITTEN = re.compile(r"\d{9,}-\d{3,}-[0-9a-f]{32}(\.parquet|\.[0-9a-f]{8})?|\.[0-9a-f]{16}\.part")
"""The names of what is written of parts, whole or so far, and of what was being written as a worker ended."""


@dataclass(frozen=True)
class ResultPlace:
    """A folder or an address that all workers reach.

    In a folder a file is written under a passing name, then renamed. Object stores have no renaming: there a
    second file says that the first is whole, and holds its SHA-256.

    Parameters
    ----------
    where : the folder's path, or the address
    """

    where: str

    @property
    def _path(self) -> Path:
        return as_path(self.where)

    @property
    def folder(self) -> Path | None:
        """The folder; None where it is at an address."""
        return self._path if self._is_folder else None

    @property
    def _is_folder(self) -> bool:
        return not isinstance(self._path, UrlPath)

    def prepare(self) -> None:
        """Make the folder; raises UserError where that cannot be."""
        if self._is_folder:
            try:
                self._path.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise _cannot_write(self.where, error) from error

    def list_done(self) -> set[str]:
        """Return the names of the parts that are there whole.

        Raises
        ------
        PlaceError : the address does not answer
        """
        ending = _ENDING if self._is_folder else _MARK
        return {name.removesuffix(ending) for name in self._list_names() if name.endswith(ending)}

    def _list_names(self) -> Iterable[str]:
        if self._is_folder:
            return [path.name for path in self._path.glob(f"*{_ENDING}") if not path.name.startswith(".")]
        try:
            found: list[str] = ask_place(self.where, lambda system, path: system.ls(path, detail=False))
        except FileNotFoundError:
            return []
        return [name.rsplit("/", 1)[-1] for name in found]

    def write(self, name: str, content: bytes) -> None:
        """Write the results of a part; raises UserError where that cannot be."""
        try:
            if self._is_folder:
                with atomic_write(self._path / f"{name}{_ENDING}") as file:
                    file.write(content)
                return
            self._put(f"{name}{_ENDING}", content)
            self._put(f"{name}{_MARK}", hashlib.sha256(content).hexdigest().encode())
        except OSError as error:
            raise _cannot_write(self.where, error) from error

    def _put(self, name: str, content: bytes) -> None:
        url = f"{self.where.rstrip('/')}/{name}"
        ask_place(url, lambda system, path: system.pipe_file(path, content))

    def read(self, name: str) -> bytes | None:
        """Return the results of a part; None where they are not there, or not whole."""
        try:
            content = self._read_file(f"{name}{_ENDING}")
            if not self._is_folder:
                mark = self._read_file(f"{name}{_MARK}")
                return content if hashlib.sha256(content).hexdigest().encode() == mark else None
        except (FileNotFoundError, NotADirectoryError):
            return None
        return content

    def _read_file(self, name: str) -> bytes:
        return (self._path / name).read_bytes()

    def remove_all(self) -> None:
        """Remove all results of parts from a folder, of earlier runs too, and the folder if it is empty."""
        for folder in (self._path / UNFINISHED, self._path):
            with suppress(FileNotFoundError, NotADirectoryError):
                for path in folder.iterdir():
                    if _WRITTEN.fullmatch(path.name):
                        path.unlink(missing_ok=True)
                if not any(folder.iterdir()):
                    folder.rmdir()


def _cannot_write(where: str, error: OSError) -> UserError:
    return UserError(
        translate(
            "{path} cannot be written ({why}): choose another place.", path=where, why=explain_os_error(error)
        )
    )
