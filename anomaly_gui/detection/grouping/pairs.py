"""Pairs of images as links of a graph: what they connect, and which of them would chain two groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import IntArray
    from anomaly_gui.detection.grouping.neighbours import KeyedPairs

_PAIRS_AT_ONCE = 65536


def label_connected(count: int, pairs: IntArray) -> IntArray:
    """Return a number for each of `count` images, the same for those joined by (pairs, 2), from 0."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    numbers: IntArray = connected_components(graph, directed=False)[1]
    return numbers


def split_by_label(pairs: IntArray, labels: IntArray) -> list[IntArray]:
    """Return the pairs of each label from 0."""
    order = np.argsort(labels, kind="stable")
    order = order[np.searchsorted(labels[order], 0) :]
    if not len(order):
        return []
    return [pairs[part] for part in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)]


def choose_inside(pairs: IntArray | KeyedPairs, labels: IntArray) -> IntArray:
    """Return the pairs of which both images have one label from 0, looking at some at a time."""
    chosen = [np.empty((0, 2), np.int64)]
    for first in range(0, len(pairs), _PAIRS_AT_ONCE):
        some = pairs[first : first + _PAIRS_AT_ONCE]
        low, high = labels[some[:, 0]], labels[some[:, 1]]
        chosen.append(some[(low == high) & (low >= 0)])
    return np.concatenate(chosen)


def join_to_first(rows: IntArray) -> IntArray:
    """Return pairs of the first of some images with each other one."""
    return np.stack([np.full(len(rows) - 1, rows[0]), rows[1:]], axis=1)


def remove_chains(pairs: IntArray) -> IntArray:
    """Return the pairs without single links that would chain two groups."""
    from scipy.sparse import coo_array

    numbers, indices = np.unique(pairs, return_inverse=True)
    indices = indices.reshape(-1, 2)
    side = (len(numbers), len(numbers))
    half = coo_array((np.ones(len(indices), np.int32), (indices[:, 0], indices[:, 1])), shape=side).tocsr()
    graph = half + half.T
    links = np.asarray(graph.sum(axis=1)).ravel()
    shared = np.asarray((graph @ graph)[indices[:, 0], indices[:, 1]]).ravel()
    held: IntArray = pairs[(shared > 0) | (links[indices] == 1).any(axis=1)]
    return held
