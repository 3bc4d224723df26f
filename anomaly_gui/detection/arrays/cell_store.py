"""Features of the cells of many images: on disk while a model is fitted, so that memory stays flat."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.arrays.row_store import JoinedRows, RowStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray

_BATCH_BYTES = 28 << 20  # of float32: what one batch takes while it is worked on


class CellStore:
    """A growing array of (images, cells, channels) as float16.

    Features of unit size keep three digits in float16, far below what moves a score.
    """

    def __init__(self, cells: int, channels: int) -> None:
        self.cells, self.channels = cells, channels
        self._rows: RowStore = RowStore(cells * channels, np.float16)

    @classmethod
    def over_rows(cls, rows: RowStore, cells: int, channels: int) -> CellStore:
        """Return a store of rows of (cells * channels), which stay where they are."""
        store = cls(cells, channels)
        store._rows = rows
        return store

    @property
    def rows(self) -> RowStore:
        """The cells of each image as a row, (images, cells * channels)."""
        return self._rows

    def __len__(self) -> int:
        return len(self._rows)

    def append(self, cells: FloatArray) -> None:
        """Add an image, (cells, channels).

        Raises
        ------
        UserError : the disk is full
        """
        self._rows.append(cells)

    def read_batches(self) -> Iterator[tuple[IntArray, FloatArray]]:
        """Yield the images' numbers and cells in order, (images,) and (images, cells, channels) float32."""
        for first in range(0, len(self), self._images_at_once):
            numbers = np.arange(first, min(first + self._images_at_once, len(self)))
            yield numbers, self._as_cells(self._rows[first : first + len(numbers)])

    def read_cells(self, numbers: IntArray) -> FloatArray:
        """Return the cells of some images, (images, cells, channels) float32."""
        return self._as_cells(self._rows[numbers])

    @property
    def _images_at_once(self) -> int:
        return max(1, _BATCH_BYTES // (4 * self.cells * self.channels))

    def _as_cells(self, rows: np.ndarray) -> FloatArray:
        return rows.reshape(-1, self.cells, self.channels).astype(np.float32)

    def select_images(self, numbers: IntArray) -> CellStore:
        """Return a store of some images, in ascending order; what it holds stays where it is."""
        return CellStore.over_rows(self._rows.choose(numbers), self.cells, self.channels)

    def split_images(self, times: int) -> CellStore:
        """Return a store in which each image is as many, of its first cells and so on; itself for 1."""
        if times == 1:
            return self
        parts = CellStore(self.cells // times, self.channels)
        for _, cells in self.read_batches():
            for part in cells.reshape(-1, parts.cells, self.channels):
                parts.append(part)
        return parts

    def join(self, others: CellStore) -> CellStore:
        """Return a store of these images and of others after them; what both hold stays where it is."""
        both = CellStore(self.cells, self.channels)
        both._rows = JoinedRows(self._rows, others._rows)
        return both

    def take_channels(self, channels: int) -> CellStore:
        """Return a store of the first channels of each cell; itself where that is all of them."""
        if channels == self.channels:
            return self
        narrow = CellStore(self.cells, channels)
        for _, cells in self.read_batches():
            for one in cells:
                narrow.append(one[:, :channels])
        return narrow
