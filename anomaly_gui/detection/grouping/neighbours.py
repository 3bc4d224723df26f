"""Find images whose features are near each other: exactly, or among very many by a forest of random trees.

Measured for 20 neighbours of 512 numbers, seconds of one core, exactly by blocks / by forest / by
scikit-learn's `NearestNeighbors`: 10,000 images 1.8 / 4.9 / 2.7, 30,000 14 / 17 / -, 50,000 33 / 28 / 51.

A tree parts the images again and again by which of some random directions each leans to most, until few are
left together; those are compared one with another. Among 100,000 images two whose whitened features have a
cosine of 0.3 stay together in one tree of 22, of 0.6 in one of 7, unrelated ones in one of 106; so 48 trees
bring together 89 and 99.9 % of the former. The cost grows with n log n: two minutes for these on one core.
(Random directions rather than hyperplanes: Andoni et al., "Practical and optimal LSH for angular distance",
2015.)
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.arrays.products import products_on_one_core

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, IntArray, Rows

EXACT_UP_TO = 30_000
"""Among no more images than this every pair is compared."""

_MOST_AXES = 512  # directions of variation that are told apart
_TREES = 48
_LARGEST_LEAF = 1600
_BRANCHES = 64
_ROWS_AT_ONCE = 8192
_COMPARED_AT_ONCE = 256  # rows whose cosines with all others are held at once


def whiten_features(features: Rows, rows: IntArray | None = None, ridge: float = 0.01) -> FloatArray:
    """Return unit rows whose inner products weigh every direction of variation alike.

    Parameters
    ----------
    features : (images, features), in memory or on disk; read in blocks
    rows : the images wanted; None: all
    ridge : share of the mean variance in that of each direction, lest noise is blown up

    Returns
    -------
    (rows, axes) float32, of the 512 directions of most variation if there are more
    """
    from anomaly_gui.detection.arrays.moments import find_principal_axes

    whitening = Whitening.along(find_principal_axes(features, rows), ridge)
    count = len(features) if rows is None else len(rows)
    unit = np.empty((count, whitening.onto.shape[1]), np.float32)
    for part in _slice_rows(count):
        unit[part] = whitening.apply(features[part if rows is None else rows[part]])
    return unit


@dataclass(frozen=True, eq=False)
class Whitening:
    """What makes unit rows of features.

    Parameters
    ----------
    mean : (features,)
    onto : (features, axes), directions of variation over their scales
    """

    mean: FloatArray
    onto: FloatArray

    @classmethod
    def along(cls, axes: tuple[FloatArray, FloatArray, FloatArray], ridge: float = 0.01) -> Whitening:
        """Return that along axes of `find_principal_axes`; for the ridge see `whiten_features`."""
        mean, variances, directions = axes
        strongest = np.argsort(variances)[::-1][:_MOST_AXES]
        mean_variance = variances[strongest].sum() / len(mean)
        scales = np.sqrt((1 - ridge) * variances[strongest] + ridge * mean_variance + 1e-12)
        return cls(mean, directions[strongest].T / scales)

    def apply(self, features: FloatArray) -> FloatArray:
        """Return unit rows of (rows, features), (rows, axes) float32."""
        scaled = (features - self.mean) @ self.onto
        unit: FloatArray = scaled / np.maximum(np.linalg.norm(scaled, axis=1, keepdims=True), 1e-12)
        return unit.astype(np.float32)


def find_nearest_pairs(unit: FloatArray, neighbours: int) -> IntArray:
    """Return each row with those nearest to it, (pairs, 2), each pair once and the lower number first.

    Parameters
    ----------
    unit : (images, axes) float32, rows of length 1
    neighbours : how many nearest rows are taken for each
    """
    neighbours = min(neighbours, len(unit) - 1)
    nearest = (
        _search_exactly(unit, neighbours) if len(unit) <= EXACT_UP_TO else _search_by_forest(unit, neighbours)
    )
    return pair_with_nearest(nearest)


def pair_with_nearest(nearest: IntArray) -> IntArray:
    """Return rows with those nearest to each, (rows, neighbours) or -1, as `find_nearest_pairs` does."""
    return KeyedPairs.with_nearest(nearest, np.arange(len(nearest)), len(nearest))[:]


@dataclass(frozen=True, eq=False)
class KeyedPairs:
    """Pairs of images in half the memory: as one number each, ascending, each once.

    Parameters
    ----------
    keys : (pairs,) int64, the lower image times the count, and the higher one
    count : of all images
    """

    keys: IntArray
    count: int

    @classmethod
    def with_nearest(cls, nearest: IntArray, rows: IntArray, count: int, *more: IntArray) -> KeyedPairs:
        """Return images with those nearest to each, and more pairs, lower images first.

        Parameters
        ----------
        nearest : (rows, neighbours) indices of rows; -1 is none
        rows : the images they stand for, ascending
        """
        keys = np.empty(nearest.size + sum(map(len, more)), np.int64)
        blocks = (_key_block(nearest[part], rows[part], rows, count) for part in _slice_rows(len(nearest)))
        end = 0
        for block in chain(blocks, (pairs[:, 0] * count + pairs[:, 1] for pairs in more)):
            keys[end : end + len(block)] = block
            end += len(block)
        keys = keys[:end]
        keys.sort()
        return cls(keys[: _move_new_ones_up(keys)], count)

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, which: slice | BoolArray) -> IntArray:
        """Return some of the pairs, (pairs, 2)."""
        return np.stack(np.divmod(self.keys[which], self.count), axis=1)


def _key_block(nearest: IntArray, own: IntArray, rows: IntArray, count: int) -> IntArray:
    found = nearest >= 0
    others, own = rows[nearest[found]], np.broadcast_to(own[:, None], nearest.shape)[found]
    keys: IntArray = np.minimum(own, others).astype(np.int64) * count + np.maximum(own, others)
    return keys


def _move_new_ones_up(keys: IntArray) -> int:
    """Move what differs from the one before it up in a sorted array, and return how many these are."""
    end, last = 0, -1
    for part in _slice_rows(len(keys)):
        block = keys[part]
        new, last = block[np.diff(block, prepend=last) != 0], int(block[-1])
        keys[end : end + len(new)] = new
        end += len(new)
    return end


def _search_exactly(unit: FloatArray, neighbours: int) -> IntArray:
    nearest = np.empty((len(unit), neighbours), np.int64)
    for first in range(0, len(unit), _COMPARED_AT_ONCE):
        block = unit[first : first + _COMPARED_AT_ONCE]
        cosines = block @ unit.T
        np.fill_diagonal(cosines[:, first:], -np.inf)  # each with itself
        nearest[first : first + len(block)] = _find_highest(cosines, neighbours)
    return nearest


def _search_by_forest(unit: FloatArray, neighbours: int) -> IntArray:
    random = np.random.default_rng(0)
    best = _Nearest.make_empty(len(unit), neighbours)
    with products_on_one_core():
        for _ in range(_TREES):
            best.take_over(_search_leaves(_grow_leaves(unit, random), unit, neighbours))
    return np.where(np.isfinite(best.cosines), best.numbers, -1)


@dataclass(frozen=True, eq=False)
class _Nearest:
    """The rows found nearest to each, (rows, neighbours) int32, and their cosines, float32; -inf is none."""

    numbers: IntArray
    cosines: FloatArray

    @classmethod
    def make_empty(cls, rows: int, neighbours: int) -> _Nearest:
        shape = (rows, neighbours)
        return cls(np.zeros(shape, np.int32), np.full(shape, -np.inf, np.float32))

    def take_over(self, others: _Nearest) -> None:
        """Keep the nearest of these and others."""
        for part in _slice_rows(len(self.numbers)):
            numbers = np.concatenate([self.numbers[part], others.numbers[part]], axis=1)
            cosines = np.concatenate([self.cosines[part], others.cosines[part]], axis=1)
            order = np.argsort(numbers, axis=1)
            numbers, cosines = (np.take_along_axis(each, order, axis=1) for each in (numbers, cosines))
            again = (numbers[:, 1:] == numbers[:, :-1]) & np.isfinite(cosines[:, :-1])
            cosines[:, 1:][again] = -np.inf
            nearest = _find_highest(cosines, self.numbers.shape[1])
            self.numbers[part] = np.take_along_axis(numbers, nearest, axis=1)
            self.cosines[part] = np.take_along_axis(cosines, nearest, axis=1)


def _search_leaves(leaves: Iterable[IntArray], unit: FloatArray, neighbours: int) -> _Nearest:
    """Return the rows nearest to each among those of its leaf."""
    found = _Nearest.make_empty(len(unit), neighbours)
    for members in leaves:
        count = min(neighbours, len(members) - 1)
        if count:
            cosines = unit[members] @ unit[members].T
            np.fill_diagonal(cosines, -np.inf)
            nearest = _find_highest(cosines, count)
            found.numbers[members, :count] = members[nearest]
            found.cosines[members, :count] = np.take_along_axis(cosines, nearest, axis=1)
    return found


def _find_highest(values: FloatArray, count: int) -> IntArray:
    highest: IntArray = np.argpartition(values, values.shape[1] - count, axis=1)[:, -count:]
    return highest


def _grow_leaves(unit: FloatArray, random: np.random.Generator) -> Iterator[IntArray]:
    """Yield the rows of each leaf of a random tree."""
    waiting: list[IntArray] = [np.arange(len(unit))]
    while waiting:
        members = waiting.pop()
        if len(members) <= _LARGEST_LEAF:
            yield members
        else:
            waiting += _part_members(members, unit, random)


def _part_members(members: IntArray, unit: FloatArray, random: np.random.Generator) -> list[IntArray]:
    """Part rows by the direction each leans to most, seen from their mean."""
    count = min(_BRANCHES, 2 * len(members) // _LARGEST_LEAF + 2)
    directions = random.standard_normal((unit.shape[1], count), np.float32)
    leaning = np.concatenate([unit[members[part]] @ directions for part in _slice_rows(len(members))])
    most = (leaning - leaning.mean(axis=0)).argmax(axis=1)
    if np.bincount(most).max() > 0.9 * len(members):  # all but the same: no direction parts them
        return np.array_split(random.permutation(members), len(members) // _LARGEST_LEAF + 1)
    order = np.argsort(most, kind="stable")
    return np.split(members[order], np.flatnonzero(np.diff(most[order])) + 1)


def _slice_rows(count: int) -> Iterator[slice]:
    return (slice(start, start + _ROWS_AT_ONCE) for start in range(0, count, _ROWS_AT_ONCE))
