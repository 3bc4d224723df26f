"""Gaussians of cells: one for each cell of the feature grid.

They are fitted from sums over a `CellStore`, never from a pile of maps, and give each training image's map
under the fit without its whole group.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol

import numpy as np

from anomaly_gui.detection.arrays.products import products_on_one_core
from anomaly_gui.detection.densities.state import DensityState
from anomaly_gui.detection.grouping.groups import split_by_group
from anomaly_gui.detection.runtimes.machine import count_cores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from anomaly_gui.detection.arrays.cell_store import CellStore
    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, IntArray

CELL_REGULARIZATION = 0.2
"""Share of a cell's mean variance that is added to each of its variances (0.01 to 0.3 differ by 0.002 AUROC
on ELPV mono and by 0.01 on poly, where 0.1 is best; turned cells gain up to 0.3, made-up bolts lose)."""

_MOST_OF_RIDGE = 0.9
_CELLS_AT_ONCE = 64
_ROWS_FOR_ALL_CORES = 32
_IN_GROUPS_AT_ONCE = 64  # images
_SMALL_SIDE = 32  # of a matrix that is inverted in one go


class CellDensity(Protocol):
    """What tells how unlike the training images each cell of an image is."""

    def distances(self, cells: FloatArray) -> FloatArray:
        """Return squared Mahalanobis distances of (images, cells, channels), as (images, cells) float32."""

    def held_out(self, store: CellStore, groups: IntArray) -> Iterator[tuple[IntArray, FloatArray]]:
        """Yield training images' numbers, and their distances under fits without their groups."""

    def state(self) -> DensityState:
        """Return what was learned as plain values."""


class CellGaussians:
    """One Gaussian for each cell (PaDiM: Defard et al., "PaDiM", 2020).

    Parameters
    ----------
    means : (cells, channels) float32
    factors : (cells, channels, channels) float32, lower triangular: `L` with `L' L` the precision
    """

    def __init__(self, means: FloatArray, factors: FloatArray) -> None:
        self.means, self.factors = means, factors

    @classmethod
    def fit(cls, store: CellStore) -> CellGaussians:
        """Fit to all images of a store, in one pass.

        Raises
        ------
        ValueError : no cell differs between any two images
        """
        with products_on_one_core():
            means, covariances = _moments_of_cells(store)
            return cls(means, _invert_covariances(covariances))

    def distances(self, cells: FloatArray) -> FloatArray:
        """Return squared Mahalanobis distances of (images, cells, channels), as (images, cells) float32."""
        squared = np.empty(cells.shape[:2], np.float32)

        def judge_part(part: slice) -> None:
            whitened = self.factors[part] @ (cells[:, part] - self.means[part]).transpose(1, 2, 0)
            squared[:, part] = np.einsum("cdi,cdi->ic", whitened, whitened)

        _work_on_parts(judge_part, cells.shape[1], len(cells))
        return squared

    def held_out(self, store: CellStore, groups: IntArray) -> Iterator[tuple[IntArray, FloatArray]]:
        """Yield images' numbers, (images,), and their distances without their groups, (images, cells).

        Without k of n images the covariance is `n/left (S - Y C Y' / n)` with Y their centred rows as columns
        and `C = I + 11'/left`; their offsets from the new mean are `Y C`. By Woodbury, with `Q = Y' P Y` for
        the precision P of the full fit, the squared distances are the diagonal of
        `left/n C inv(I - Q C / n) Q C`. For one image with distance m that is `n m / (left - m)`.

        The regularisation is a share of the variance, to which the images left out add: those far away add
        much, and would be judged by a softer Gaussian than a new image. See `_without_their_ridge`.
        """
        alone = np.bincount(groups)[groups] == 1
        with products_on_one_core():
            if alone.any():
                yield from self._judge_alone(store, alone)
            together = np.flatnonzero(~alone)
            for numbers in _stack_groups(groups, together):
                yield numbers.ravel(), self._judge_groups(store, numbers)

    def _judge_alone(self, store: CellStore, alone: BoolArray) -> Iterator[tuple[IntArray, FloatArray]]:
        """Yield those of the images that are groups of their own, many at once: most are."""
        left = len(store) - 1
        for numbers, cells in store.read_batches():
            wanted = alone[numbers]
            if wanted.any():
                distances = self._distances_alone(cells[wanted], left)
                apart = np.maximum(left - distances, np.finfo(np.float32).eps * left)
                yield numbers[wanted], (len(store) * distances / apart).astype(np.float32)

    def _distances_alone(self, cells: FloatArray, left: int) -> FloatArray:
        """Return (images, cells) float64, each image without its own share of the regularisation."""
        without = np.empty(cells.shape[:2])

        def judge_part(part: slice) -> None:
            offsets = (cells[:, part] - self.means[part]).transpose(1, 2, 0)
            whitened = self.factors[part] @ offsets
            twice = self.factors[part].transpose(0, 2, 1) @ whitened
            distances, spread, lengths = (
                np.einsum("cdi,cdi->ci", each, each).astype(np.float64) for each in (whitened, twice, offsets)
            )
            ridges = CELL_REGULARIZATION * lengths / (left * offsets.shape[1])
            without[:, part] = (distances / _left_of_ridge(ridges, spread, distances)).T

        _work_on_parts(judge_part, cells.shape[1], len(cells))
        return without

    def _judge_groups(self, store: CellStore, numbers: IntArray) -> FloatArray:
        """Return the distances of images of some groups, (groups, images of each), as (images, cells)."""
        rows, distances = store.read_cells(numbers.ravel()), np.empty((numbers.size, store.cells), np.float32)

        def judge_part(part: slice) -> None:
            offsets = (rows[:, part] - self.means[part]).transpose(1, 2, 0)
            of_each = numbers.shape[1]
            distances[:, part] = _distances_without(offsets, self.factors[part], len(store), of_each)

        _work_on_parts(judge_part, store.cells, numbers.size)
        return distances

    def state(self) -> DensityState:
        """Return what was learned as plain values, of each factor its lower half."""
        rows, columns = np.tril_indices(self.means.shape[1])
        return DensityState({}, {"means": self.means, "factors": self.factors[:, rows, columns]})

    @classmethod
    def from_state(cls, state: DensityState, cells: int, channels: int) -> CellGaussians:
        """Return the Gaussians that had this state; ValueError for one that none can have."""
        state.check_names(set(), {"means", "factors"})
        halves = state.get_array("factors", (cells, channels * (channels + 1) // 2), kind="float32")
        factors = np.zeros((cells, channels, channels), np.float32)
        rows, columns = np.tril_indices(channels)
        factors[:, rows, columns] = halves
        return cls(state.get_array("means", (cells, channels), kind="float32"), factors)


def _moments_of_cells(store: CellStore) -> tuple[FloatArray, FloatArray]:
    """Return means, (cells, channels) float32, and covariances, (cells, channels, channels), in one pass."""
    count, (cells, channels) = len(store), (store.cells, store.channels)
    # about the first image: sums of squares about nought would lose the digits that differ
    first = store.read_cells(np.zeros(1, np.int64))[0]
    total, scatter = np.zeros((cells, channels)), np.zeros((cells, channels, channels))
    for _, batch in store.read_batches():

        def add_part(part: slice, batch: FloatArray = batch) -> None:
            about = (batch[:, part] - first[part]).transpose(1, 0, 2)
            total[part] += about.sum(axis=1, dtype=np.float64)
            scatter[part] += about.transpose(0, 2, 1) @ about

        _work_on_parts(add_part, cells, len(batch))
    offset = total / count

    def centre_part(part: slice) -> None:
        scatter[part] /= count
        scatter[part] -= offset[part, :, None] * offset[part, None, :]

    _work_on_parts(centre_part, cells, channels)
    return (first + offset).astype(np.float32), scatter


def _invert_covariances(covariances: FloatArray) -> FloatArray:
    channels = covariances.shape[1]
    variances = np.trace(covariances, axis1=1, axis2=2) / channels
    typical = float(np.median(variances[variances > 0])) if (variances > 0).any() else 0.0
    if typical <= np.finfo(np.float32).eps:
        raise ValueError("the features of every cell are the same in every image: there is nothing to learn")
    # a cell that never varied (a masked corner) is as stiff as a hundredth of a usual one, not infinitely
    ridges = CELL_REGULARIZATION * np.maximum(variances, typical / 100)
    factors = np.empty(covariances.shape, np.float32)

    def invert_part(part: slice) -> None:
        regularized = covariances[part] + ridges[part, None, None] * np.eye(channels)
        factors[part] = _invert_lower(np.linalg.cholesky(regularized))

    _work_on_parts(invert_part, len(covariances), channels)  # the inverses in float64 are large
    return factors


def _invert_lower(lower: FloatArray) -> FloatArray:
    """Return the inverses of (matrices, side, side) lower triangular ones, by halves: a third of the time."""
    side = lower.shape[1]
    if side <= _SMALL_SIDE:
        return np.linalg.inv(lower)
    half = side // 2
    inverse = np.zeros_like(lower)
    inverse[:, :half, :half] = _invert_lower(lower[:, :half, :half])
    inverse[:, half:, half:] = _invert_lower(lower[:, half:, half:])
    inverse[:, half:, :half] = -inverse[:, half:, half:] @ (lower[:, half:, :half] @ inverse[:, :half, :half])
    return inverse


def _work_on_parts(work: Callable[[slice], None], cells: int, rows: int) -> None:
    """Call `work` for some cells at a time; where they have many rows each, on all cores.

    Fewer are done before a thread has started, and meanwhile the other cores read the next images.
    """
    parts = [slice(first, first + _CELLS_AT_ONCE) for first in range(0, cells, _CELLS_AT_ONCE)]
    if rows < _ROWS_FOR_ALL_CORES:
        for part in parts:
            work(part)
    else:
        with ThreadPoolExecutor(count_cores(), "cells") as pool:
            for _ in pool.map(work, parts):  # raises what a part raised
                pass


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
    offsets : (cells, channels, images) from the means, of one group after the other
    factors : (cells, channels, channels)
    rows : images of each group; of more than there are channels, one group only
    """
    cells, channels, images = offsets.shape
    left = n - rows
    whitened = factors @ offsets
    if rows > channels:
        wide = whitened.astype(np.float64)
        about = wide + wide.sum(axis=2, keepdims=True) / left
        covariances = (n * np.eye(channels) - wide @ about.transpose(0, 2, 1)) / left
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

    own = split(offsets).astype(np.float64)
    lengths = (own**2).sum(axis=(2, 3)) + (own.sum(axis=3) ** 2).sum(axis=2) / (n - rows)
    both = (split(whitened), split(factors.transpose(0, 2, 1) @ whitened))
    q, next_ = ((each.transpose(0, 1, 3, 2) @ each).astype(np.float64) for each in both)
    ridges = CELL_REGULARIZATION * lengths / (n * channels)
    traces = (np.trace(each, axis1=2, axis2=3) for each in (next_, q))
    remaining = _left_of_ridge(ridges, *traces)
    without: FloatArray = q + (ridges / remaining)[:, :, None, None] * next_
    return without
