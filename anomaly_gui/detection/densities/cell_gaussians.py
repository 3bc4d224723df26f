"""Gaussians of cells: one for each cell of the feature grid.

They are fitted from sums over a `CellStore`, never from a pile of maps, and give each training image's map
under the fit without its whole group.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from anomaly_gui.detection.arrays.products import products_on_one_core
from anomaly_gui.detection.densities.cell_moments import (
    choose_ridges,
    drop_last_bits,
    invert_covariances,
    invert_lower,
    sum_moments,
    work_on_parts,
)
from anomaly_gui.detection.densities.state import DensityState
from anomaly_gui.detection.grouping.groups import split_by_group

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anomaly_gui.detection.arrays.cell_store import CellStore
    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, IntArray

CELL_REGULARIZATION = 0.2
"""Share of a cell's mean variance that is added to each of its variances (0.01 to 0.3 differ by 0.002 AUROC
on ELPV mono and by 0.01 on poly, where 0.1 is best; turned cells gain up to 0.3, made-up bolts lose)."""

_MOST_OF_RIDGE = 0.9
_IN_GROUPS_AT_ONCE = 64  # images
_RIDGES = "ridges"


class CellDensity(Protocol):
    """What tells how unlike the training images each cell of an image is."""

    def distances(self, cells: FloatArray) -> FloatArray:
        """Return squared Mahalanobis distances of (images, cells, channels), as (images, cells) float32."""

    def held_out(self, store: CellStore, groups: IntArray) -> Iterator[tuple[IntArray, FloatArray]]:
        """Yield the numbers of a store's images, and their distances under fits without their groups.

        `groups` is of all images it was fitted to, of which the store holds the last ones.
        """

    def state(self) -> DensityState:
        """Return what was learned as plain values."""


class CellGaussians:
    """One Gaussian for each cell (PaDiM: Defard et al., "PaDiM", 2020).

    Parameters
    ----------
    means : (cells, channels) float32
    factors : (cells, channels, channels) float32, lower triangular: `L` with `L' L` the precision
    ridges : (cells,) float32, what was added to each variance; None of models that did not keep it
    """

    def __init__(self, means: FloatArray, factors: FloatArray, ridges: FloatArray | None = None) -> None:
        self.means, self.factors, self.ridges = means, factors, ridges

    @classmethod
    def fit(cls, store: CellStore) -> CellGaussians:
        """Fit to all images of a store, in one pass.

        Raises
        ------
        ValueError : no cell differs between any two images
        """
        with products_on_one_core():
            return cls.from_moments(*sum_moments(store))

    @classmethod
    def from_moments(cls, means: FloatArray, covariances: FloatArray) -> CellGaussians:
        """Return the Gaussians of means, (cells, channels), and covariances, which are rounded in place.

        Raises
        ------
        ValueError : no variance anywhere
        """
        ridges = choose_ridges(covariances, CELL_REGULARIZATION).astype(np.float32)
        drop_last_bits(covariances, ridges)
        return cls(means.astype(np.float32), invert_covariances(covariances, ridges), ridges)

    def recover_covariances(self, part: slice) -> FloatArray:
        """Return the covariances of some cells, (cells, channels, channels) float64, without what was added.

        Raises
        ------
        ValueError : it is not known what was added
        """
        if self.ridges is None:
            raise ValueError("these Gaussians do not know what was added to their variances")
        roots = invert_lower(self.factors[part].astype(np.float64))
        covariances: FloatArray = roots @ roots.transpose(0, 2, 1)
        channels = np.arange(covariances.shape[1])
        covariances[:, channels, channels] -= self.ridges[part, None]
        return covariances

    def distances(self, cells: FloatArray) -> FloatArray:
        """Return squared Mahalanobis distances of (images, cells, channels), as (images, cells) float32."""
        squared = np.empty(cells.shape[:2], np.float32)

        def judge_part(part: slice) -> None:
            whitened = self.factors[part] @ (cells[:, part] - self.means[part]).transpose(1, 2, 0)
            squared[:, part] = np.einsum("cdi,cdi->ic", whitened, whitened)

        work_on_parts(judge_part, cells.shape[1], len(cells))
        return squared

    def measure_exactly(self, cells: FloatArray) -> FloatArray:
        """Return what `distances` does, computed in double precision: no bit hangs on the other images."""
        squared = np.empty(cells.shape[:2], np.float32)

        def judge_part(part: slice) -> None:
            whitened = self.factors[part].astype(np.float64) @ self._centre_cells(cells, part)
            squared[:, part] = np.einsum("cdi,cdi->ic", whitened, whitened)

        work_on_parts(judge_part, cells.shape[1], len(cells))
        return squared

    def held_out(self, store: CellStore, groups: IntArray) -> Iterator[tuple[IntArray, FloatArray]]:
        """Yield images' numbers, (images,), and their distances without their groups, (images, cells).

        Without k of n images the covariance is `n/left (S - Y C Y' / n)` with Y their centred rows as columns
        and `C = I + 11'/left`; their offsets from the new mean are `Y C`. By Woodbury, with `Q = Y' P Y` for
        the precision P of the full fit, the squared distances are the diagonal of
        `left/n C inv(I - Q C / n) Q C`. For one image with distance m that is `n m / (left - m)`.

        The regularisation is a share of the variance, to which the images left out add: those far away add
        much, and would be judged by a softer Gaussian than a new image. See `_without_their_ridge`.

        All is computed in double precision: an image's distances are the same whichever others are judged
        beside it.
        """
        count, groups = len(groups), groups[len(groups) - len(store) :]
        alone = np.bincount(groups)[groups] == 1
        with products_on_one_core():
            if alone.any():
                yield from self._judge_alone(store, alone, count)
            together = np.flatnonzero(~alone)
            for numbers in _stack_groups(groups, together):
                yield numbers.ravel(), self._judge_groups(store, numbers, count)

    def _judge_alone(
        self, store: CellStore, alone: BoolArray, count: int
    ) -> Iterator[tuple[IntArray, FloatArray]]:
        """Yield those of the images that are groups of their own, many at once: most are."""
        left = count - 1
        for numbers, cells in store.read_batches():
            wanted = alone[numbers]
            if wanted.any():
                distances = self._distances_alone(cells[wanted], left)
                apart = np.maximum(left - distances, np.finfo(np.float32).eps * left)
                yield numbers[wanted], (count * distances / apart).astype(np.float32)

    def _distances_alone(self, cells: FloatArray, left: int) -> FloatArray:
        """Return (images, cells) float64, each image without its own share of the regularisation."""
        without = np.empty(cells.shape[:2])

        def judge_part(part: slice) -> None:
            offsets, factors = self._centre_cells(cells, part), self.factors[part].astype(np.float64)
            whitened = factors @ offsets
            twice = factors.transpose(0, 2, 1) @ whitened
            distances, spread, lengths = (
                np.einsum("cdi,cdi->ci", each, each) for each in (whitened, twice, offsets)
            )
            ridges = CELL_REGULARIZATION * lengths / (left * offsets.shape[1])
            without[:, part] = (distances / _left_of_ridge(ridges, spread, distances)).T

        work_on_parts(judge_part, cells.shape[1], len(cells))
        return without

    def _centre_cells(self, cells: FloatArray, part: slice) -> FloatArray:
        """Return some cells of images less their means, (some cells, channels, images) float64."""
        centred = np.subtract(cells[:, part], self.means[part], dtype=np.float64)
        by_cell: FloatArray = centred.transpose(1, 2, 0)
        return by_cell

    def _judge_groups(self, store: CellStore, numbers: IntArray, count: int) -> FloatArray:
        """Return the distances of images of some groups, (groups, images of each), as (images, cells)."""
        rows, distances = store.read_cells(numbers.ravel()), np.empty((numbers.size, store.cells), np.float32)

        def judge_part(part: slice) -> None:
            offsets, factors = self._centre_cells(rows, part), self.factors[part].astype(np.float64)
            distances[:, part] = _distances_without(offsets, factors, count, numbers.shape[1])

        work_on_parts(judge_part, store.cells, numbers.size)
        return distances

    def mean_distances(self) -> FloatArray:
        """Return the mean squared distance of the images it was fitted to, (cells,) float64, from sums."""
        if self.ridges is None:
            raise ValueError("these Gaussians do not know what was added to their variances")
        traces = np.einsum("cij,cij->c", self.factors, self.factors, dtype=np.float64)
        mean: FloatArray = self.means.shape[1] - self.ridges * traces
        return mean

    def state(self) -> DensityState:
        """Return what was learned as plain values, of each factor its lower half."""
        rows, columns = np.tril_indices(self.means.shape[1])
        kept = {} if self.ridges is None else {_RIDGES: self.ridges}
        return DensityState({}, {"means": self.means, "factors": self.factors[:, rows, columns], **kept})

    @classmethod
    def from_state(cls, state: DensityState, cells: int, channels: int) -> CellGaussians:
        """Return the Gaussians that had this state; ValueError for one that none can have."""
        state.check_names(set(), {"means", "factors"}, frozenset({_RIDGES}))
        halves = state.get_array("factors", (cells, channels * (channels + 1) // 2), kind="float32")
        factors = np.zeros((cells, channels, channels), np.float32)
        rows, columns = np.tril_indices(channels)
        factors[:, rows, columns] = halves
        ridges = None
        if _RIDGES in state.arrays:
            ridges = state.get_array(_RIDGES, (cells,), positive=True, kind="float32")
        return cls(state.get_array("means", (cells, channels), kind="float32"), factors, ridges)


def _left_of_ridge(ridges: FloatArray, spread: FloatArray, distances: FloatArray) -> FloatArray:
    """Return what distances are divided by once a part of the ridge is gone, of the arguments' shape.

    `spread` over `distances` is the mean eigenvalue of the precision along the offsets.
    """
    remaining: FloatArray = 1 - np.minimum(ridges * spread / np.maximum(distances, 1e-12), _MOST_OF_RIDGE)
    return remaining


def _stack_groups(groups: IntArray, images: IntArray) -> Iterator[IntArray]:
    """Yield the numbers of some images, (groups, images of each): some groups of one size at a time."""
    by_size: dict[int, list[IntArray]] = {}
    for rows in split_by_group(groups[images]) if len(images) else []:
        by_size.setdefault(len(rows), []).append(images[rows])
    for size, those in by_size.items():
        at_once = max(1, _IN_GROUPS_AT_ONCE // size)
        for first in range(0, len(those), at_once):
            yield np.stack(those[first : first + at_once])


def _distances_without(offsets: FloatArray, factors: FloatArray, n: int, rows: int) -> FloatArray:
    """Return the distances of groups' images to the fit without their group, (images, cells).

    A group of more images than channels is judged by the covariance itself, so that no matrix is larger than
    channels by channels.

    Parameters
    ----------
    offsets : (cells, channels, images) float64 from the means, of one group after the other
    factors : (cells, channels, channels) float64
    rows : images of each group; of more than there are channels, one group only
    """
    cells, channels, images = offsets.shape
    left = n - rows
    whitened = factors @ offsets
    if rows > channels:
        about = whitened + whitened.sum(axis=2, keepdims=True) / left
        covariances = (n * np.eye(channels) - whitened @ about.transpose(0, 2, 1)) / left
        squared = np.einsum("cdi,cdi->ci", about, np.linalg.solve(covariances, about))
    else:
        coupling = np.eye(rows) + 1.0 / left
        q = _without_their_ridge(offsets, whitened, factors, n, rows)
        apart = np.linalg.solve(np.eye(rows) - (coupling / n) @ q, np.broadcast_to(coupling, q.shape))
        squared = (left / n) * np.einsum("cgij,cgji->cgi", apart, q @ coupling).reshape(cells, images)
    distances: FloatArray = np.maximum(squared.T, 0).astype(np.float32)
    return distances


def _without_their_ridge(
    offsets: FloatArray, whitened: FloatArray, factors: FloatArray, n: int, rows: int
) -> FloatArray:
    """Return `Y' P Y` of each group, (cells, groups, rows, rows), without its share of the ridge in P.

    With `P` the precision and `d` what the group adds to the ridge, the precision without is
    `inv(inv(P) - d I) = P + d P P + ...`; the sum is taken to go on as a geometric one does.
    """
    cells, channels, _ = offsets.shape

    def split(values: FloatArray) -> FloatArray:
        by_group: FloatArray = values.reshape(cells, channels, -1, rows).transpose(0, 2, 1, 3)
        return by_group

    own = split(offsets)
    lengths = (own**2).sum(axis=(2, 3)) + (own.sum(axis=3) ** 2).sum(axis=2) / (n - rows)
    both = (split(whitened), split(factors.transpose(0, 2, 1) @ whitened))
    q, next_ = (each.transpose(0, 1, 3, 2) @ each for each in both)
    ridges = CELL_REGULARIZATION * lengths / (n * channels)
    traces = (np.trace(each, axis1=2, axis2=3) for each in (next_, q))
    remaining = _left_of_ridge(ridges, *traces)
    without: FloatArray = q + (ridges / remaining)[:, :, None, None] * next_
    return without
