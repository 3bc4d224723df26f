"""Near-duplicates across parts: every image is compared with every other, a block of them at a time, exactly.

Candidates are the nearest by whitened features, as on one machine, which above 30,000 images asks a forest of
random trees instead. What is looked at of pairs, and how groups follow from them, is the library's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.cluster.engine import Failure, MadeParts, PartFailedError
from anomaly_gui.cluster.training.part_store import write_shared
from anomaly_gui.cluster.training.row_tasks import split_by_part, split_evenly
from anomaly_gui.cluster.training.whole_images import gather_columns, read_rows, sum_rows
from anomaly_gui.detection.arrays.products import products_on_one_core
from anomaly_gui.detection.grouping.common_fingerprint import (
    CommonFingerprint,
    find_shared_template,
    find_shifts_onto,
)
from anomaly_gui.detection.grouping.near_duplicates import (
    NEIGHBOURS,
    NearDuplicates,
    correlate_pairs,
    draw_pairs,
    search_correlated,
)
from anomaly_gui.detection.grouping.neighbours import KeyedPairs, Whitening

if TYPE_CHECKING:
    from anomaly_gui.cluster.engine import Engine
    from anomaly_gui.cluster.training.part_store import PartRows, SharedArrays
    from anomaly_gui.cluster.training.row_tasks import RowTask
    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray
    from anomaly_gui.detection.features.collection import Fingerprints

_ROWS_A_BLOCK = 4096
_PAIRS_A_TASK = 8192
_FEWEST = 3  # images among which near-duplicates are told


@products_on_one_core()
def find_near_duplicates(engine: Engine, vectors: PartRows, fingerprints: Fingerprints) -> NearDuplicates:
    """Find the pairs of images that show one part; see `find_near_duplicates` of the library.

    Parameters
    ----------
    vectors : (images, features)
    fingerprints : of the same images, in the same store
    """
    rows = np.flatnonzero(fingerprints.has_fingerprint)
    if len(rows) < _FEWEST:
        return NearDuplicates(np.empty((0, 2), np.int64))
    grains = fingerprints.rows
    pairs = KeyedPairs.with_nearest(
        find_nearest(engine, vectors.choose(rows), min(NEIGHBOURS, len(rows) - 1)),
        rows,
        len(grains),
        draw_pairs(rows),
    )
    alike = _correlate(engine, grains, rows, pairs)  # type: ignore[arg-type] # rows of parts
    return search_correlated(grains, rows, pairs, alike)


@dataclass(frozen=True, eq=False)
class FindNearest:
    """Finds the rows nearest to those of a block, among all.

    Parameters
    ----------
    vectors : (rows, features)
    whitening : arrays mean and onto of `Whitening`
    neighbours : how many are taken
    """

    vectors: PartRows
    whitening: SharedArrays
    neighbours: int

    def __call__(self, block: IntArray) -> IntArray:
        """Return the indices of the rows nearest to each of the block, (rows, neighbours) int32."""
        with products_on_one_core():
            own, best = self._read_unit(block), _Nearest.make_empty(len(block), self.neighbours)
            for others in split_evenly(self.vectors.numbers, _ROWS_A_BLOCK):
                cosines = own @ self._read_unit(others).T
                cosines[block[:, None] == others] = -np.inf  # each with itself
                best = best.join(others, cosines)
            return best.numbers

    def _read_unit(self, indices: IntArray) -> FloatArray:
        whitening = Whitening(self.whitening.read("mean"), self.whitening.read("onto"))
        return whitening.apply(read_rows(self.vectors, self.vectors.numbers[indices]))


@dataclass(frozen=True, eq=False)
class _Nearest:
    """The rows nearest to each so far, (rows, neighbours) int32, and their cosines, float32."""

    numbers: IntArray
    cosines: FloatArray

    @classmethod
    def make_empty(cls, rows: int, neighbours: int) -> _Nearest:
        shape = (rows, neighbours)
        return cls(np.full(shape, -1, np.int32), np.full(shape, -np.inf, np.float32))

    def join(self, others: IntArray, cosines: FloatArray) -> _Nearest:
        """Return the nearest of these and of other rows, of which the cosines are (rows, others)."""
        most = self.numbers.shape[1]
        numbers: IntArray = np.broadcast_to(others.astype(np.int32), cosines.shape)
        if cosines.shape[1] > most:
            highest = np.argpartition(cosines, cosines.shape[1] - most, axis=1)[:, -most:]
            numbers, cosines = _take(numbers, highest), _take(cosines, highest)
        numbers = np.concatenate([self.numbers, numbers], axis=1)
        cosines = np.concatenate([self.cosines, cosines], axis=1)
        order = np.lexsort((numbers, -cosines), axis=1)[:, :most]
        return _Nearest(_take(numbers, order), _take(cosines, order))


def _take(values: Any, order: IntArray) -> Any:
    return np.take_along_axis(values, order, axis=1)


def find_nearest(engine: Engine, vectors: PartRows, neighbours: int) -> IntArray:
    """Return the rows whose whitened features are nearest to those of each, (rows, neighbours) int32."""
    every = np.arange(len(vectors))
    axes = sum_rows(engine, vectors, every).rows.find_moments().find_axes()
    whitening = Whitening.along(axes)
    shared = write_shared(vectors.store.folder, "whitening", {"mean": whitening.mean, "onto": whitening.onto})
    blocks = split_evenly(vectors.numbers, _ROWS_A_BLOCK)
    nearest = np.empty((len(vectors), neighbours), np.int32)
    for number, found in engine.map_parts(FindNearest(vectors, shared, neighbours), blocks):
        if isinstance(found, Failure):
            raise PartFailedError(found)
        nearest[blocks[number]] = found
    return nearest


@dataclass(frozen=True, eq=False)
class FindShifts:
    """Finds the shifts that lay the fingerprints of a task on a template; see `CommonFingerprint`."""

    fingerprints: PartRows
    template: SharedArrays

    def __call__(self, task: RowTask) -> FloatArray:
        """Return shifts down and across, (2, rows)."""
        template = np.array(self.template.read("template"))
        with products_on_one_core():
            return np.stack(find_shifts_onto(template, read_rows(self.fingerprints, task.rows)))  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class PairBlocks(MadeParts["IntArray"]):
    """Pairs in tasks, (pairs, 2) each."""

    pairs: KeyedPairs

    def __len__(self) -> int:
        return -(-len(self.pairs) // _PAIRS_A_TASK)

    def make_part(self, number: int) -> IntArray:
        """Return the pairs of a task."""
        return self.pairs[number * _PAIRS_A_TASK : (number + 1) * _PAIRS_A_TASK]


@dataclass(frozen=True, eq=False)
class CorrelatePairs:
    """Tells how alike the fingerprints of pairs are.

    Parameters
    ----------
    fingerprints : (images, 2 * frequencies)
    common : arrays template, down and across of `CommonFingerprint`
    """

    fingerprints: PartRows
    common: SharedArrays

    def __call__(self, pairs: IntArray) -> FloatArray:
        """Return what `correlate_pairs` does of (pairs, 2), (pairs,) float32."""
        names = ("template", "down", "across")
        common = CommonFingerprint(*(np.asarray(self.common.read(name)) for name in names))
        with products_on_one_core():
            return correlate_pairs(self.fingerprints, pairs, common)


def _correlate(engine: Engine, fingerprints: PartRows, rows: IntArray, pairs: KeyedPairs) -> FloatArray:
    """Return how alike the fingerprints of pairs of some images are, (pairs,) float32."""
    folder, template = fingerprints.store.folder, find_shared_template(fingerprints, rows)
    shared = write_shared(folder, "template", {"template": template})
    tasks = split_by_part(fingerprints.store, fingerprints.numbers[rows], rows)
    shifts = np.zeros((2, len(fingerprints)), np.float32)
    shifts[:, rows] = gather_columns(engine, FindShifts(fingerprints, shared), tasks, len(rows))
    common = write_shared(folder, "common", {"template": template, "down": shifts[0], "across": shifts[1]})
    alike = np.empty(len(pairs), np.float32)
    for number, found in engine.map_parts(CorrelatePairs(fingerprints, common), PairBlocks(pairs)):
        if isinstance(found, Failure):
            raise PartFailedError(found)
        alike[number * _PAIRS_A_TASK :][: len(found)] = found
    return alike
