"""A density of the cells of one part, for images in which several such parts are one below the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from anomaly_gui.detection.arrays.cell_store import CellStore
    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray
    from anomaly_gui.detection.densities.cell_gaussians import CellDensity
    from anomaly_gui.detection.densities.state import DensityState


@dataclass(frozen=True, eq=False)
class PieceDensity:
    """Judges each part of an image by what was learned from all parts of all images.

    Parameters
    ----------
    one : of the cells of one part
    pieces : how many parts an image has
    """

    one: CellDensity
    pieces: int

    def distances(self, cells: FloatArray) -> FloatArray:
        """Return distances of (images, cells, channels), (images, cells) float32."""
        images, count, channels = cells.shape
        parts = cells.reshape(images * self.pieces, count // self.pieces, channels)
        return self.one.distances(parts).reshape(images, count)

    def held_out(self, store: CellStore, groups: IntArray) -> Iterator[tuple[IntArray, FloatArray]]:
        """Yield images' numbers and their distances to fits without their groups: all at once."""
        parts = store.split_images(self.pieces)
        distances = np.empty((len(parts), parts.cells), np.float32)
        for numbers, held_out in self.one.held_out(parts, np.repeat(groups, self.pieces)):
            distances[numbers] = held_out
        yield np.arange(len(store)), distances.reshape(len(store), store.cells)

    def state(self) -> DensityState:
        """Return what was learned of one part."""
        return self.one.state()


def fit_to_pieces(fit: Callable[[CellStore], CellDensity], store: CellStore, pieces: int) -> CellDensity:
    """Return a density fitted to the cells of all parts of a store's images."""
    return PieceDensity(fit(store.split_images(pieces)), pieces) if pieces > 1 else fit(store)


def as_pieces(density: CellDensity, pieces: int) -> CellDensity:
    """Return a density of one part as one of images with so many parts."""
    return PieceDensity(density, pieces) if pieces > 1 else density
