"""Rows of numbers, more of them than fit into memory: held on disk once there are many."""

from __future__ import annotations

import tempfile
import weakref
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import IntArray

IN_MEMORY = 32 << 20
"""Bytes up to which rows stay in memory."""


class RowStore:
    """A growing array of (rows, length), read by slices and by row numbers as an array is.

    Beyond `IN_MEMORY` bytes rows go to a nameless temporary file, which is gone with the last reference or
    with the process. The file is read, not mapped: memory stays flat.
    """

    ndim = 2

    def __init__(self, length: int, dtype: Any) -> None:
        self.dtype = np.dtype(dtype)
        self._length, self._count = length, 0
        self._recent: list[np.ndarray] = []
        self._on_disk = 0
        self._file: Any = None

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, length)."""
        return self._count, self._length

    def __len__(self) -> int:
        return self._count

    def append(self, row: np.ndarray) -> None:
        """Add a row, (length,).

        Raises
        ------
        UserError : the disk is full
        """
        self._recent.append(np.ascontiguousarray(row, self.dtype).reshape(self._length))
        self._count += 1
        if len(self._recent) * self._row_bytes > IN_MEMORY:
            self._spill_to_disk()

    @property
    def _row_bytes(self) -> int:
        return self._length * int(self.dtype.itemsize)

    def _spill_to_disk(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="anomaly-gui-")  # noqa: SIM115 - lives with the store
            weakref.finalize(self, self._file.close)
        try:
            self._file.seek(self._on_disk * self._row_bytes)
            self._file.write(np.stack(self._recent).data)
            self._file.flush()  # a full disk is to be noticed here
        except OSError as error:
            raise UserError(
                translate(
                    "The folder for temporary files, {folder}, cannot hold what training needs ({why}): free "
                    "some gigabytes there.",
                    folder=tempfile.gettempdir(),
                    why=explain_os_error(error),
                )
            ) from error
        self._on_disk, self._recent = self._count, []

    def __getitem__(self, key: slice | IntArray) -> np.ndarray:
        """Return rows by a slice of step 1, or by an array of numbers: a copy, (rows, length)."""
        if isinstance(key, slice):
            first, last, _ = key.indices(self._count)
            return self._read_between(first, max(first, last))
        return self._read_chosen(np.asarray(key, np.int64))

    def _read_between(self, first: int, last: int) -> np.ndarray:
        recent = self._recent[max(0, first - self._on_disk) : max(0, last - self._on_disk)]
        on_disk = min(last, self._on_disk) - first
        parts = [self._read_from_disk(first, on_disk)] if on_disk > 0 else []
        parts += [np.stack(recent)] if recent else []
        return np.concatenate(parts) if parts else np.empty((0, self._length), self.dtype)

    def _read_chosen(self, numbers: IntArray) -> np.ndarray:
        rows = np.empty((len(numbers), self._length), self.dtype)
        order = np.argsort(numbers, kind="stable")  # the disk is read forwards
        for index in order:
            number = int(numbers[index])
            rows[index] = self._read_between(number, number + 1)[0]
        return rows

    def _read_from_disk(self, first: int, count: int) -> np.ndarray:
        self._file.seek(first * self._row_bytes)
        values = np.frombuffer(self._file.read(count * self._row_bytes), self.dtype)
        return values.reshape(count, self._length)

    def choose(self, numbers: IntArray) -> RowStore:
        """Return some of the rows, by their numbers in ascending order; they stay where they are."""
        return ChosenRows(self, numbers)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """Return all rows: for sets that are small enough."""
        if copy is False:
            raise ValueError("rows of a store are always copied")
        whole = self._read_between(0, self._count)
        return whole if dtype is None else whole.astype(dtype)


class JoinedRows(RowStore):
    """The rows of two stores of one length, one after the other; they stay where they are."""

    def __init__(self, first: RowStore, second: RowStore) -> None:
        super().__init__(first.shape[1], first.dtype)
        self._both, self._count = (first, second), len(first) + len(second)

    def append(self, row: np.ndarray) -> None:  # noqa: ARG002 - as of every store
        """Refuse: joined rows do not grow."""
        raise TypeError("rows joined from two stores do not grow")

    def _read_between(self, first: int, last: int) -> np.ndarray:
        before, after = self._both
        border = len(before)
        parts = (
            before[min(first, border) : min(last, border)],
            after[max(first - border, 0) : max(last - border, 0)],
        )
        return np.concatenate(parts)


class ChosenRows(RowStore):
    """Some rows of a store, in ascending order; they stay where they are."""

    def __init__(self, source: RowStore, numbers: IntArray) -> None:
        super().__init__(source.shape[1], source.dtype)
        self._source, self._numbers, self._count = source, numbers, len(numbers)

    def append(self, row: np.ndarray) -> None:  # noqa: ARG002 - as of every store
        """Refuse: chosen rows do not grow."""
        raise TypeError("rows chosen from a store do not grow")

    def _read_between(self, first: int, last: int) -> np.ndarray:
        wanted = self._numbers[first:last]
        if not len(wanted):
            return np.empty((0, self._length), self.dtype)
        runs = np.split(wanted, np.flatnonzero(np.diff(wanted) != 1) + 1)
        return np.concatenate([self._source[int(run[0]) : int(run[-1]) + 1] for run in runs])
