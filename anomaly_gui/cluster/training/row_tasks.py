"""Which rows are worked on together: those of a part, and with them whole groups that reach into others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

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


def split_by_part(store: PartStore, rows: IntArray, groups: IntArray) -> list[RowTask]:
    """Return rows by their parts, in order; parts without any are left out."""
    return _split(rows, groups, store.find_parts(rows))


def split_by_home(store: PartStore, rows: IntArray, groups: IntArray) -> list[RowTask]:
    """Return rows by the part of the first row of their group: no group is split."""
    _, firsts, inverse = np.unique(groups, return_index=True, return_inverse=True)
    return _split(rows, groups, store.find_parts(rows)[firsts[inverse]])


def split_evenly(rows: IntArray, count: int) -> list[IntArray]:
    """Return the indices of rows, so many at a time."""
    return [np.arange(first, min(first + count, len(rows))) for first in range(0, len(rows), count)]


def _split(rows: IntArray, groups: IntArray, parts: IntArray) -> list[RowTask]:
    is_first = np.zeros(len(rows), np.bool_)
    is_first[np.unique(groups, return_index=True)[1]] = True
    order = np.argsort(parts, kind="stable")
    cuts = np.flatnonzero(np.diff(parts[order])) + 1
    those = np.split(order, cuts) if len(order) else []
    return [RowTask(which, rows[which], groups[which], is_first[which]) for which in those]
