"""Densities of cells without some images and with others, from what they keep: no other image is read.

Means and covariances are sums, so Gaussians come out as if they had been fitted to the images that are there
afterwards. A memory of cells is filled up by the same rule that chose what it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.arrays.products import products_on_one_core
from anomaly_gui.detection.densities.cell_gaussians import CellGaussians
from anomaly_gui.detection.densities.cell_moments import CELLS_AT_ONCE, add_cells
from anomaly_gui.detection.densities.patch_memory import (
    REMEMBERED,
    PatchMemory,
    choose_farthest,
    draw_cells,
)
from anomaly_gui.detection.densities.shared_gaussian import CellSums, SharedGaussian
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.cell_store import CellStore
    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray
    from anomaly_gui.detection.densities.cell_gaussians import CellDensity


KEPT_ARRAYS = frozenset({"ridges", "sums", "owners"})
"""What densities of cells keep for this alone, by the names in their states."""


@dataclass(frozen=True, eq=False)
class CellChange:
    """Which images a density of cells is to be without, and with; variants count as images.

    Parameters
    ----------
    before : how many images it was fitted to
    stay : (images,) the indices of those that stay, ascending
    added, removed : cells of the others, or None
    kept : cells of some of those that stay: it is known what becomes of these, and asked for the rest
    """

    before: int
    stay: IntArray
    added: CellStore | None
    removed: CellStore | None
    kept: CellStore

    @property
    def rest(self) -> int:
        """How many images stay whose cells are not kept."""
        return len(self.stay) - len(self.kept)

    @property
    def after(self) -> int:
        """How many images there are afterwards: those that stay, then those added."""
        return len(self.stay) + (0 if self.added is None else len(self.added))

    def take_channels(self, channels: int) -> CellChange:
        """Return the same change of the first channels of each cell."""
        added, removed = (
            None if one is None else one.take_channels(channels) for one in (self.added, self.removed)
        )
        return CellChange(self.before, self.stay, added, removed, self.kept.take_channels(channels))


RenewedDensity = CellGaussians | SharedGaussian | PatchMemory


def renew_density(density: RenewedDensity, change: CellChange) -> tuple[RenewedDensity, FloatArray]:
    """Return a density after a change, and what distances of the rest of the images grow by, (cells,) or ().

    The growth is that of the mean distance to fits without the images themselves, as far as sums tell; of a
    memory they tell none.

    Raises
    ------
    ValueError : the density lacks what it takes, as those of earlier versions do, or nothing varies any more
    """
    with products_on_one_core():
        if isinstance(density, CellGaussians):
            return _renew_gaussians(density, change)
        if isinstance(density, SharedGaussian):
            return _renew_shared(density, change)
        return _renew_memory(density, change), np.ones(())


def hold_out(density: CellDensity, store: CellStore, which: IntArray, groups: IntArray) -> FloatArray:
    """Return distances of some images to fits without their groups, (images, cells) float32.

    Parameters
    ----------
    density : fitted to all images, that knows what it kept of them
    store : cells of the images wanted
    which : their indices among all images
    groups : of all images
    """
    order = np.concatenate([np.setdiff1d(np.arange(len(groups)), which), which])
    if isinstance(density, PatchMemory) and density.owners is not None:
        density = PatchMemory(density.cells, density.spread, np.argsort(order)[density.owners])
    return collect_held_out(density, store, groups[order])


def collect_held_out(density: CellDensity, store: CellStore, groups: IntArray) -> FloatArray:
    """Return what `held_out` yields of a store's images, (images, cells) float32."""
    distances = np.empty((len(store), store.cells), np.float32)
    for numbers, held_out in density.held_out(store, groups):
        distances[numbers] = held_out
    return distances


def renumber_owners(density: RenewedDensity, numbers: IntArray) -> RenewedDensity:
    """Return a density whose images have other numbers, (images,); only a memory knows any."""
    if not isinstance(density, PatchMemory) or density.owners is None:
        return density
    return PatchMemory(density.cells, density.spread, numbers[density.owners])


def can_renew(density: object) -> bool:
    """Tell whether a density kept what it takes to be renewed."""
    if isinstance(density, CellGaussians):
        return density.ridges is not None
    if isinstance(density, SharedGaussian):
        return density.sums is not None
    return isinstance(density, PatchMemory) and density.owners is not None


def require_renewable(density: object) -> RenewedDensity:
    """Return the density; ValueError for one that cannot be renewed."""
    if not isinstance(density, (CellGaussians, SharedGaussian, PatchMemory)) or not can_renew(density):
        raise ValueError("the model did not keep the sums of its cells")
    return density


def _renew_gaussians(old: CellGaussians, change: CellChange) -> tuple[CellGaussians, FloatArray]:
    cells, channels = old.means.shape
    total, scatter = np.zeros((cells, channels)), np.empty((cells, channels, channels))
    for first in range(0, cells, CELLS_AT_ONCE):
        part = slice(first, first + CELLS_AT_ONCE)
        scatter[part] = change.before * old.recover_covariances(part)
    for store, sign in ((change.removed, -1), (change.added, 1)):
        if store is not None:
            add_cells(store, old.means, total, scatter, sign)
    offset = total / change.after
    scatter /= change.after
    scatter -= offset[:, :, None] * offset[:, None, :]
    new = CellGaussians.from_moments(old.means + offset, scatter)
    before = _mean_of_rest(old, change, change.before, change.removed)
    after = _mean_of_rest(new, change, change.after, change.added)
    return new, _hold_out(after, change.after) / _hold_out(before, change.before)


def _mean_of_rest(fit: CellGaussians, change: CellChange, count: int, others: CellStore | None) -> FloatArray:
    """Return the mean squared distance of the rest, (cells,), to a fit of `count` images and others."""
    total = count * fit.mean_distances()
    for store in (change.kept, others):
        for _, cells in store.read_batches() if store is not None else ():
            total -= fit.distances(cells).sum(axis=0, dtype=np.float64)
    mean: FloatArray = np.maximum(total / max(change.rest, 1), 1e-6)
    return mean


def _hold_out(distances: FloatArray, count: int) -> FloatArray:
    """Return mean distances as they are to fits without the image itself; see `CellGaussians.held_out`."""
    held_out: FloatArray = count * distances / np.maximum(count - 1 - distances, 1e-3 * count)
    return held_out


def _renew_shared(old: SharedGaussian, change: CellChange) -> tuple[SharedGaussian, FloatArray]:
    if old.sums is None:
        raise ValueError("this Gaussian does not know its sums")
    stay = old.sums
    if change.removed is not None:
        stay = stay - CellSums.from_store(change.removed)
    sums = stay if change.added is None else stay + CellSums.from_store(change.added)
    new = SharedGaussian.from_sums(sums)
    rest = stay - CellSums.from_store(change.kept) if change.rest else stay
    return new, np.array(new.measure_mean(rest) / old.measure_mean(rest))


def _renew_memory(old: PatchMemory, change: CellChange) -> PatchMemory:
    """Return the memory without cells of images that went, filled up with the farthest of new ones."""
    if old.owners is None or old.owners.max() >= change.before:
        raise ValueError("this memory does not know whose cells it holds")
    numbers = np.full(change.before, -1)
    numbers[change.stay] = np.arange(len(change.stay))
    owners = numbers[old.owners]
    cells, owners = old.cells[owners >= 0], owners[owners >= 0]
    if change.added is None:
        if not len(cells):
            raise ValueError(translate("no remembered cell would be left"))
        return PatchMemory(cells, old.spread, owners)
    drawn, images = draw_cells(change.added, change.after)
    pool = np.concatenate([cells, drawn / old.spread])
    owners = np.concatenate([owners, len(change.stay) + images])
    chosen = choose_farthest(pool, min(REMEMBERED, len(pool)))
    return PatchMemory(np.ascontiguousarray(pool[chosen]), old.spread, owners[chosen])
