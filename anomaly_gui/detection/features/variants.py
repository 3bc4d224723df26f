"""What training remembers of variants of good images."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.arrays.row_store import RowStore

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.cell_store import CellStore
    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray, Rows


@dataclass(frozen=True, eq=False)
class Variants:
    """Features of variants of good images, to learn from beside the images themselves.

    Parameters
    ----------
    sources : (variants,) the index of the image that each was made of
    numbers : (variants,) which variant of its image each one is
    lights : how bright they are, (variants, 6) float32, see `light`
    vectors : (variants, features) float32
    cells : features of their cells, or None where the plan has none
    """

    sources: IntArray
    numbers: IntArray
    lights: FloatArray
    vectors: Rows
    cells: CellStore | None = None

    def of_images(self, indices: IntArray) -> Variants:
        """Return those of some images, by their indices in ascending order, numbered as these are."""
        rows = np.flatnonzero(np.isin(self.sources, indices))
        sources = np.searchsorted(indices, self.sources[rows])
        cells = None if self.cells is None else self.cells.select_images(rows)
        vectors = choose_rows(self.vectors, rows)
        return Variants(sources, self.numbers[rows], self.lights[rows], vectors, cells)

    def without_cells(self) -> Variants:
        """Return the same with vectors in memory, and no cells."""
        return replace(self, vectors=np.asarray(self.vectors, np.float32), cells=None)

    def join(self, others: Variants, images: int) -> Variants:
        """Return these and others after them, without cells; the others' images come after so many."""
        return Variants(
            np.concatenate([self.sources, images + others.sources]),
            np.concatenate([self.numbers, others.numbers]),
            np.concatenate([self.lights, others.lights]),
            np.concatenate([np.asarray(one.vectors, np.float32) for one in (self, others)]),
        )


def choose_rows(rows: Rows, indices: IntArray) -> Rows:
    """Return some rows, by their indices in ascending order; those of a store stay where they are."""
    return rows.choose(indices) if isinstance(rows, RowStore) else rows[indices]
