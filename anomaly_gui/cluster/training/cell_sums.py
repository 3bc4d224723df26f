"""Sums over the cells of images about one shift, place by place: what Gaussians of cells are fitted from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.densities.cell_moments import add_cells

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.cell_store import CellStore
    from anomaly_gui.detection.arrays.kinds import FloatArray


@dataclass(frozen=True, eq=False)
class PlaceSums:
    """What the cells of a part's images, less a shift, add up to; all in double precision.

    Parameters
    ----------
    shift : (cells, channels) the same of all parts
    count : of images
    total : (cells, channels)
    scatter : (cells, channels * (channels + 1) / 2), of each cell the lower triangle: half the memory
    """

    shift: FloatArray
    count: int
    total: FloatArray
    scatter: FloatArray

    @classmethod
    def from_store(cls, store: CellStore, shift: FloatArray) -> PlaceSums:
        """Return those of all images of a store."""
        shape = (store.cells, store.channels)
        total, scatter = np.zeros(shape), np.zeros((*shape, store.channels))
        add_cells(store, shift.astype(np.float64), total, scatter)
        rows, columns = np.tril_indices(store.channels)
        return cls(shift, len(store), total, scatter[:, rows, columns])

    def merge(self, other: PlaceSums) -> PlaceSums:
        """Return those of the images of both.

        Raises
        ------
        ValueError : they are about different shifts
        """
        if not np.array_equal(self.shift, other.shift):
            raise ValueError("sums about different shifts cannot be added")
        return PlaceSums(
            self.shift, self.count + other.count, self.total + other.total, self.scatter + other.scatter
        )

    def find_moments(self) -> tuple[FloatArray, FloatArray]:
        """Return means, (cells, channels), and covariances, (cells, channels, channels)."""
        offset = self.total / self.count
        cells, channels = self.shift.shape
        covariances, (rows, columns) = np.empty((cells, channels, channels)), np.tril_indices(channels)
        covariances[:, rows, columns] = self.scatter / self.count
        covariances[:, columns, rows] = covariances[:, rows, columns]
        covariances -= offset[:, :, None] * offset[:, None, :]
        return self.shift + offset, covariances
