"""The Gaussian of whole images, fitted from sums of parts; and in a second pass what it says of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.cluster.engine import Failure, PartFailedError
from anomaly_gui.cluster.training.row_sums import RowSums
from anomaly_gui.cluster.training.row_tasks import split_by_home, split_by_part
from anomaly_gui.detection.arrays.products import products_on_one_core
from anomaly_gui.detection.densities.shrunk_fit import ShrunkFit
from anomaly_gui.detection.detectors.pooled import PooledDetector
from anomaly_gui.detection.detectors.protocol import Fitted
from anomaly_gui.detection.settings.choices import SHRUNK

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from anomaly_gui.cluster.engine import Engine
    from anomaly_gui.cluster.training.part_store import PartRows
    from anomaly_gui.cluster.training.row_tasks import RowTask
    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray
    from anomaly_gui.detection.features.plan import Plan


@dataclass(frozen=True, eq=False)
class GroupSums:
    """Sums over all rows, and over the first ones of their groups; None where these are all."""

    rows: RowSums
    firsts: RowSums | None

    @property
    def of_firsts(self) -> RowSums:
        """Those over the first rows of groups."""
        return self.rows if self.firsts is None else self.firsts


@dataclass(frozen=True, eq=False)
class SumRows:
    """Sums up the rows of a task about a shift.

    Parameters
    ----------
    vectors : where they are
    with_firsts : whether the first rows of groups are summed up by themselves, too
    """

    vectors: PartRows
    shift: FloatArray
    with_firsts: bool

    def __call__(self, task: RowTask) -> GroupSums:
        """Return the sums."""
        rows = read_rows(self.vectors, task.rows)
        with products_on_one_core():
            firsts = RowSums.from_rows(rows[task.firsts], self.shift) if self.with_firsts else None
            return GroupSums(RowSums.from_rows(rows, self.shift), firsts)


def merge_sums(one: GroupSums, other: GroupSums) -> GroupSums:
    """Return the sums over the rows of both."""
    both = one.firsts.merge(other.firsts) if one.firsts and other.firsts else None
    return GroupSums(one.rows.merge(other.rows), both)


def sum_rows(engine: Engine, vectors: PartRows, groups: IntArray) -> GroupSums:
    """Return the sums over rows, about a shift from the first part; about their mean where that is far off.

    Parameters
    ----------
    vectors : (rows, features)
    groups : (rows,) a number for each
    """
    tasks = split_by_part(vectors.store, vectors.numbers, groups)
    shift = read_rows(vectors, tasks[0].rows).astype(np.float64).mean(axis=0)
    with_firsts = not tasks.firsts.all()
    sums = engine.reduce_parts(SumRows(vectors, shift, with_firsts), merge_sums, tasks)
    if sums.rows.is_far():
        about_mean = SumRows(vectors, shift + sums.rows.offset, with_firsts)
        sums = engine.reduce_parts(about_mean, merge_sums, tasks)
    return sums


def read_rows(vectors: PartRows, numbers: IntArray) -> FloatArray:
    """Return rows by their numbers in the store, (rows, features)."""
    return vectors.store.read(vectors.name, numbers, vectors.shape[1], vectors.dtype)


@products_on_one_core()
def fit_rows(engine: Engine, vectors: PartRows, groups: IntArray) -> ShrunkFit:
    """Fit a shrunk Gaussian to rows; see `ShrunkFit`.

    Raises
    ------
    ValueError : rows that are all the same
    """
    sums, fit = sum_rows(engine, vectors, groups), ShrunkFit()
    moments = sums.rows.find_moments()
    fit.learn_axes(moments.find_axes(), sums.rows.largest, sums.of_firsts.estimate_shrinkage)
    return fit


@dataclass(frozen=True, eq=False)
class JudgeRows:
    """Says how far the rows of a task are from a fit without their groups, and from the fit itself."""

    vectors: PartRows
    fit: ShrunkFit
    count: int

    def __call__(self, task: RowTask) -> FloatArray:
        """Return squared distances without the groups and with all, (2, rows)."""
        rows = read_rows(self.vectors, task.rows)
        with products_on_one_core():
            held_out = self.fit.hold_out_some(rows, task.groups, self.count)
            centred = np.asarray(rows, np.float64) - self.fit.location_
            return np.stack([held_out, self.fit.fitted.squared_distances(centred)])


def judge_rows(engine: Engine, vectors: PartRows, groups: IntArray, fit: ShrunkFit) -> FloatArray:
    """Return what `JudgeRows` says of all rows, (2, rows)."""
    tasks = split_by_home(vectors.store, vectors.numbers, groups)
    return gather_columns(engine, JudgeRows(vectors, fit, len(groups)), tasks, len(groups))


def gather_columns(
    engine: Engine, work: Callable[[RowTask], FloatArray], tasks: Sequence[RowTask], count: int
) -> FloatArray:
    """Return columns of numbers of all rows, (columns, rows), from those of each task.

    Raises
    ------
    PartFailedError : a task has no result
    """
    columns: Any = None
    for number, found in engine.map_parts(work, tasks):
        if isinstance(found, Failure):
            raise PartFailedError(found)
        if columns is None:
            columns = np.empty((len(found), count))
        columns[:, tasks[number].which] = found
    return np.asarray(columns)


def fit_pooled(engine: Engine, plan: Plan, vectors: PartRows, groups: IntArray) -> tuple[Fitted, FloatArray]:
    """Return the fitted detector of whole images, and the scores of all images under it, (images,).

    Parameters
    ----------
    vectors : (images, features)
    groups : (images,) which are held out together

    Raises
    ------
    ValueError : images that are all the same, or of one group
    """
    fit = fit_rows(engine, vectors, groups)
    held_out, own = fit.fitted.log_density(judge_rows(engine, vectors, groups, fit))
    detector = PooledDetector(plan, SHRUNK, fit.fitted)
    return Fitted(detector, held_out, None), own
