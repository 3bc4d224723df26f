"""Features of parts of images as files, which every worker can read.

A part is a folder of plain arrays. It is written to the disk under a temporary name and renamed, so that a
run that ends anywhere, by a power cut, too, goes on with the parts that are there; its name is a digest of
what decides its content.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.arrays.row_store import RowStore
from anomaly_gui.detection.features.feature_cache import FeatureCache
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray

_FACTS = "facts.json"
_UNFINISHED = "unfinished"
_MAY_LACK = "fingerprints"  # of images that are all too small
_MOST_OPEN = 256  # arrays


def read_facts(folder: Path, key: str) -> Any | None:
    """Return the JSON values of a part that is there and whole, or None."""
    try:
        for file in (folder / key).glob("*.npy"):
            np.load(file, mmap_mode="r", allow_pickle=False)
        return json.loads((folder / key / _FACTS).read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError, EOFError):  # the last two of what was cut
        return None


def write_part(folder: Path, key: str, arrays: Mapping[str, np.ndarray], facts: Any) -> None:
    """Write a part; one that is there whole already stays: it is the same.

    Raises
    ------
    UserError : the folder cannot be written to
    """
    temporary = folder / f"{key}.{uuid.uuid4().hex}.tmp"
    try:
        temporary.mkdir(parents=True)
        for name, values in arrays.items():
            with _open_lasting(temporary / f"{name}.npy") as file:
                np.save(file, values, allow_pickle=False)
        with _open_lasting(temporary / _FACTS) as file:
            file.write(json.dumps(facts).encode("utf-8"))
        if read_facts(folder, key) is None:
            shutil.rmtree(folder / key, ignore_errors=True)  # what was damaged
            temporary.replace(folder / key)
    except OSError as error:
        if read_facts(folder, key) is not None:  # another worker was first
            return
        raise UserError(
            translate(
                "{folder}, where workers keep what they found, cannot be written to ({why}): give a folder "
                "that every worker can write to.",
                folder=folder,
                why=explain_os_error(error),
            )
        ) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def _open_lasting(path: Path) -> Iterator[IO[bytes]]:
    """Open a new file that is on the disk when it is closed, and outlasts a power cut."""
    with path.open("xb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def keep_unfinished(folder: Path, key: str) -> Iterator[FeatureCache]:
    """Yield a cache for what is found of a part so far.

    Whoever does the part after a worker that ended has at most one batch to compute again: features come out
    of it with the bits they went in with.
    """
    with closing(FeatureCache(folder / _UNFINISHED / key)) as cache:
        yield cache


def forget_part(folder: Path, key: str) -> None:
    """Remove what was found of a part so far, once it is written."""
    shutil.rmtree(folder / _UNFINISHED / key, ignore_errors=True)


def forget_unfinished(folder: Path) -> None:
    """Remove what is left of parts that were cut otherwise, or were taken for unfinished."""
    shutil.rmtree(folder / _UNFINISHED, ignore_errors=True)


@dataclass(frozen=True, eq=False)
class PartStore:
    """Rows of all parts, one after the other; it goes to workers.

    Parameters
    ----------
    folder : that every worker can read
    keys : of the parts
    starts : (parts + 1,) the number of each part's first row
    """

    folder: Path
    keys: tuple[str, ...]
    starts: IntArray

    def read(self, name: str, rows: IntArray, length: int, dtype: Any) -> np.ndarray:
        """Return rows of an array by their numbers, (rows, length); of images without a fingerprint, zeros.

        Raises
        ------
        UserError : a part is not there: the folder is not the same one here
        """
        values = np.zeros((len(rows), length), dtype)
        parts = self.find_parts(rows)
        for part in np.unique(parts):
            array = self._open_part(name, self.keys[part])
            if array is not None:
                those = np.flatnonzero(parts == part)
                inside = rows[those] - self.starts[part]
                values[those] = array.reshape(len(array), -1)[inside]
        return values

    def _open_part(self, name: str, key: str) -> np.ndarray | None:
        array = _open_array(self.folder / key / f"{name}.npy")
        if array is None and not (name == _MAY_LACK and (self.folder / key / _FACTS).exists()):
            raise _not_shared(self.folder)
        return array

    def find_parts(self, rows: IntArray) -> IntArray:
        """Return the number of each row's part, (rows,)."""
        parts: IntArray = np.searchsorted(self.starts, rows, side="right") - 1
        return parts


def _open_array(path: Path) -> np.ndarray | None:
    """Return an array, read where it is touched; None where there is none: it may still come."""
    try:
        return _map_array(path)
    except FileNotFoundError:
        return None


@lru_cache(maxsize=_MOST_OPEN)
def _map_array(path: Path) -> np.ndarray:
    array: np.ndarray = np.load(path, mmap_mode="r", allow_pickle=False)
    return array


def forget_arrays() -> None:
    """Close all arrays that are open in this process."""
    _map_array.cache_clear()


def _not_shared(folder: Path) -> UserError:
    return UserError(
        translate(
            "{folder}, where workers keep what they found, is not the same folder for all of them.",
            folder=folder,
        )
    )


class PartRows(RowStore):
    """Some rows of a `PartStore`, read when they are asked for.

    Parameters
    ----------
    store, name : where they are
    numbers : (rows,) of the rows
    length, dtype : of a row, and of its values
    """

    def __init__(self, store: PartStore, name: str, numbers: IntArray, length: int, dtype: Any) -> None:
        super().__init__(length, dtype)
        self.store, self.name, self.numbers = store, name, numbers
        self._count = len(numbers)

    def append(self, row: np.ndarray) -> None:  # noqa: ARG002 - as of every store
        """Refuse: rows of parts do not grow."""
        raise TypeError("rows of parts do not grow")

    def choose(self, numbers: IntArray) -> PartRows:
        """Return some of the rows, by their numbers in these."""
        return PartRows(self.store, self.name, self.numbers[numbers], self._length, self.dtype)

    def _read_between(self, first: int, last: int) -> np.ndarray:
        return self._read_chosen(np.arange(first, last))

    def _read_chosen(self, numbers: IntArray) -> np.ndarray:
        return self.store.read(self.name, self.numbers[numbers], self._length, self.dtype)


def require_part_rows(rows: object) -> PartRows:
    """Return rows of parts; TypeError for others."""
    if not isinstance(rows, PartRows):
        raise TypeError("only rows of parts are worked on by a cluster")
    return rows


def write_shared(folder: Path, name: str, arrays: Mapping[str, FloatArray]) -> SharedArrays:
    """Write arrays that every worker needs, and return where they are."""
    key = f"{name}-{uuid.uuid4().hex}"
    write_part(folder, key, arrays, sorted(arrays))
    return SharedArrays(folder, key)


@dataclass(frozen=True)
class SharedArrays:
    """Arrays that every worker needs; each reads them once."""

    folder: Path
    key: str

    def read(self, name: str) -> np.ndarray:
        """Return an array."""
        array = _open_array(self.folder / self.key / f"{name}.npy")
        if array is None:
            raise _not_shared(self.folder)
        return array
