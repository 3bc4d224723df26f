"""Which rows are left out together for held-out scores by refits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import IntArray

FOLDS = 10
"""Refitting on 4/5 of the rows makes held-out scores too low; on 9/10 they are close to right."""


def folds_of(rows: int, groups: IntArray | None) -> IntArray:
    """Return each row's fold, (rows,); folds never split a group.

    They are those of scikit-learn's `GroupKFold`, shuffled with the seed 0, without its import.

    Raises
    ------
    ValueError : fewer than 2 groups
    """
    groups = np.arange(rows) if groups is None else np.asarray(groups)
    members, number_of = np.unique(groups, return_inverse=True)
    if len(members) < 2:
        raise ValueError("All rows are of one group: none can be judged by the others.")
    shuffled = np.random.RandomState(0).permutation(len(members))
    fold_of_member = np.empty(len(members), np.int64)
    for fold, some in enumerate(np.array_split(shuffled, min(FOLDS, len(members)))):
        fold_of_member[some] = fold
    folds: IntArray = fold_of_member[number_of]
    return folds
