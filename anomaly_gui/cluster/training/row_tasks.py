"""Which rows are worked on together: those of a part, and with them whole groups that reach into others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.cluster.engine import MadeParts

if TYPE_CHECKING:
    from anomaly_gui.cluster.training.part_store import PartStore
    from anomaly_gui.detection.arrays.kinds import BoolArray, IntArray


@dataclass(frozen=True, eq=False)
class RowTask:
    """Some rows of a store.

    Parameters
    ----------
    which : (rows,) their indices among all that are worked on
    rows : (rows,) their numbers in the store
    groups : (rows,) which are held out together
    firsts : (rows,) which are the first of their group
    """

    which: IntArray
    rows: IntArray
    groups: IntArray
    firsts: BoolArray


@dataclass(frozen=True, eq=False)
class RowTasks(MadeParts[RowTask]):
    """Rows in tasks.

    Parameters
    ----------
    rows, groups, firsts : of all rows; see `RowTask`
    order : (rows,) int32, the indices of the rows of one task after the other
    cuts : (tasks + 1,) where each task begins in it
    """

    rows: IntArray
    groups: IntArray
    firsts: BoolArray
    order: IntArray
    cuts: IntArray

    def __len__(self) -> int:
        return len(self.cuts) - 1

    def make_part(self, number: int) -> RowTask:
        """Return a task."""
        which = self.order[self.cuts[number] : self.cuts[number + 1]]
        return RowTask(which, self.rows[which], self.groups[which], self.firsts[which])


def split_by_part(store: PartStore, rows: IntArray, groups: IntArray) -> RowTasks:
    """Return rows by their parts, in order; parts without any are left out."""
    return _split(rows, groups, store.find_parts(rows))


def split_by_home(store: PartStore, rows: IntArray, groups: IntArray) -> RowTasks:
    """Return rows by the part of the first row of their group: no group is split."""
    _, firsts, inverse = np.unique(groups, return_index=True, return_inverse=True)
    return _split(rows, groups, store.find_parts(rows)[firsts[inverse]])


def split_evenly(rows: IntArray, count: int) -> list[IntArray]:
    """Return the indices of rows, so many at a time."""
    return [np.arange(first, min(first + count, len(rows))) for first in range(0, len(rows), count)]


def _split(rows: IntArray, groups: IntArray, parts: IntArray) -> RowTasks:
    is_first = np.zeros(len(rows), np.bool_)
    is_first[np.unique(groups, return_index=True)[1]] = True
    order = np.argsort(parts, kind="stable").astype(np.int32)
    cuts = np.flatnonzero(np.diff(parts[order])) + 1
    return RowTasks(rows, groups, is_first, order, np.array([0, *cuts, *([len(rows)] if len(rows) else [])]))
