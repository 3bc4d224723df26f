"""Features of the places of many images: on disk while a model is fitted, so that memory stays flat."""

from __future__ import annotations

import tempfile
import weakref
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anomaly_gui.detection.arrays import FloatArray, IntArray

_BATCH_BYTES = 64 << 20  # of float32: what one batch takes while it is worked on


class CellStore:
    """A growing array of (images, cells, channels) in a nameless temporary file, as float16.

    Features of unit size keep three digits in float16, far below what moves a score. The file is gone with
    the last reference, or with the process.
    """

    def __init__(self, cells: int, channels: int) -> None:
        self.cells, self.channels = cells, channels
        self._count = 0
        self._file = tempfile.TemporaryFile(prefix="anomaly-gui-")  # noqa: SIM115 - lives with the store
        self._finalizer = weakref.finalize(self, self._file.close)

    def __len__(self) -> int:
        return self._count

    def append(self, cells: FloatArray) -> None:
        """Add an image, (cells, channels).

        Raises
        ------
        UserError : the disk is full
        """
        stored = np.ascontiguousarray(cells, np.float16)
        try:
            self._file.seek(self._count * stored.nbytes)
            self._file.write(stored.data)
            self._file.flush()  # a full disk is to be noticed here
        except OSError as error:
            raise UserError(
                f"The folder for temporary files, {tempfile.gettempdir()}, cannot hold what training needs "
                f"({error.strerror}): free some gigabytes there."
            ) from error
        self._count += 1

    def batches(self) -> Iterator[tuple[IntArray, FloatArray]]:
        """Yield the images' numbers and cells in order, (images,) and (images, cells, channels) float32."""
        for first in range(0, self._count, self._images_at_once):
            last = min(first + self._images_at_once, self._count)
            yield np.arange(first, last), self._read(first, last - first)

    def rows(self, numbers: IntArray) -> FloatArray:
        """Return the cells of some images, (images, cells, channels) float32."""
        return np.concatenate([self._read(int(number), 1) for number in numbers])

    @property
    def _images_at_once(self) -> int:
        return max(1, _BATCH_BYTES // (4 * self.cells * self.channels))

    def _read(self, first: int, count: int) -> FloatArray:
        each = self.cells * self.channels
        self._file.seek(2 * first * each)
        values = np.frombuffer(self._file.read(2 * count * each), np.float16)
        cells: FloatArray = values.reshape(count, self.cells, self.channels).astype(np.float32)
        return cells

    def narrowed(self, channels: int) -> CellStore:
        """Return a store of the first channels of each cell; itself where that is all of them."""
        if channels == self.channels:
            return self
        narrow = CellStore(self.cells, channels)
        for _, cells in self.batches():
            for one in cells:
                narrow.append(one[:, :channels])
        return narrow

    def close(self) -> None:
        """Give the file up."""
        self._finalizer()
