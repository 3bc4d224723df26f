"""A memory of cells of good images: how far is a cell from the nearest one that was ever seen?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.densities.state import DensityState
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anomaly_gui.detection.arrays.cell_store import CellStore
    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray

REMEMBERED = 2000
"""Cells that are remembered, at most: 4,000 were worth 0.001 AUROC more over 15 kinds of parts."""

_POOL = 40_000  # cells of which those are chosen
_DIRECTIONS = 32  # that distances between cells of the pool are estimated in
_SEED = 0
_OWNERS = "owners"
_LEAST_SPREAD = 1e-3  # of the usual channel's: what never varies must not decide alone


class PatchMemory:
    """The cells that stand for all good ones (PatchCore: Roth et al., "Towards Total Recall", 2022).

    They are chosen one after the other, each the farthest from those before (a greedy coreset: Sener and
    Savarese, 2018), of cells drawn evenly from all images. Every channel counts by its own spread. So few
    neighbours are searched by one product of matrices; an index would be slower.

    Parameters
    ----------
    cells : (remembered, channels) float32, in units of `spread`
    spread : (channels,) float32
    owners : (remembered,) the number of the training image each is of; None of models that did not keep them
    """

    def __init__(self, cells: FloatArray, spread: FloatArray, owners: IntArray | None = None) -> None:
        self.cells, self.spread, self.owners = cells, spread, owners
        self._lengths = np.einsum("ij,ij->i", cells, cells)

    @classmethod
    def fit(cls, store: CellStore) -> PatchMemory:
        """Choose cells of all images of a store; ValueError where all cells are the same."""
        pool, owners = draw_cells(store, len(store))
        deviations = pool.std(axis=0)
        usual = float(np.median(deviations))
        if usual <= np.finfo(np.float32).eps:
            raise ValueError(translate("the features of every cell are the same: there is nothing to learn"))
        spread = np.maximum(deviations, _LEAST_SPREAD * usual).astype(np.float32)
        pool /= spread
        chosen = choose_farthest(pool, min(REMEMBERED, len(pool)))
        return cls(np.ascontiguousarray(pool[chosen]), spread, owners[chosen])

    def distances(self, cells: FloatArray) -> FloatArray:
        """Return squared distances of (images, cells, channels) to the nearest, (images, cells) float32."""
        return self._measure_nearest(cells, np.ones(len(self.cells), np.bool_))

    def held_out(self, store: CellStore, groups: IntArray) -> Iterator[tuple[IntArray, FloatArray]]:
        """Yield images' numbers, and their distances to remembered cells of other groups.

        A memory without a group would hold more cells of the others: these distances are a little too large,
        never too small.
        """
        if self.owners is None:
            raise ValueError("this memory does not know whose cells it holds")
        of_groups, first = groups[self.owners], len(groups) - len(store)
        for numbers, cells in store.read_batches():
            for number, image in zip(numbers, cells, strict=True):
                others = of_groups != groups[first + number]
                usable = others if others.any() else np.ones_like(others)
                yield np.array([number]), self._measure_nearest(image[None], usable)

    def _measure_nearest(self, cells: FloatArray, usable: np.ndarray) -> FloatArray:
        remembered, lengths = (
            (self.cells, self._lengths) if usable.all() else (self.cells[usable], self._lengths[usable])
        )
        nearest = np.empty(cells.shape[:2], np.float32)
        for index, image in enumerate(cells):
            scaled = image / self.spread
            nearest[index] = (lengths - 2 * (scaled @ remembered.T)).min(axis=1)
            nearest[index] += np.einsum("ij,ij->i", scaled, scaled)
        return np.maximum(nearest, 0)

    def state(self) -> DensityState:
        """Return what was learned as plain values."""
        kept = {} if self.owners is None else {_OWNERS: self.owners.astype(np.float64)}
        arrays = {"cells": self.cells, "spread": self.spread, **kept}
        return DensityState({"remembered": len(self.cells)}, arrays)

    @classmethod
    def from_state(cls, state: DensityState, channels: int) -> PatchMemory:
        """Return the memory that had this state; ValueError for one that none can have."""
        state.check_names({"remembered"}, {"cells", "spread"}, frozenset({_OWNERS}))
        remembered = state.get_whole_number("remembered", 1, REMEMBERED)
        cells = state.get_array("cells", (remembered, channels), kind="float32")
        owners = None
        if _OWNERS in state.arrays:
            owners = _read_owners(state.get_array(_OWNERS, (remembered,)))
        return cls(cells, state.get_array("spread", (channels,), positive=True, kind="float32"), owners)


def _read_owners(stored: FloatArray) -> IntArray:
    owners = stored.astype(np.int64)
    if (owners != stored).any() or (owners < 0).any():
        raise ValueError("remembered cells are of images that cannot be")
    return owners


def draw_cells(store: CellStore, of_images: int) -> tuple[FloatArray, IntArray]:
    """Return cells drawn evenly from all images, (cells, channels) float32, and the images' numbers.

    `of_images` tells of how many images those of the store are some: that many give a pool together.
    """
    rng, drawn, owners = np.random.default_rng(_SEED), [], []
    share = min(1.0, _POOL / (of_images * store.cells))
    for numbers, cells in store.read_batches():
        flat = cells.reshape(-1, store.channels)
        picked = np.flatnonzero(rng.random(len(flat)) < share)
        drawn.append(flat[picked])
        owners.append(numbers[picked // store.cells])
    return np.concatenate(drawn), np.concatenate(owners)


def choose_farthest(pool: FloatArray, count: int) -> IntArray:
    """Return the indices of `count` cells, each the farthest from those chosen before."""
    rng = np.random.default_rng(_SEED)
    seen = pool @ rng.normal(size=(pool.shape[1], _DIRECTIONS)).astype(np.float32)
    lengths = np.einsum("ij,ij->i", seen, seen)
    chosen = np.zeros(count, np.int64)
    nearest = np.full(len(pool), np.inf, np.float32)
    for index in range(1, count):
        last = chosen[index - 1]
        np.minimum(nearest, lengths + (lengths[last] - 2 * (seen @ seen[last])), out=nearest)
        chosen[index] = nearest.argmax()
    return np.unique(chosen)
