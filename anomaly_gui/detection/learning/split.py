"""Which good images a network is trained on, which tell when to stop, and which calibrate the threshold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.errors import TrainingError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import IntArray
    from anomaly_gui.detection.grouping.groups import Groups

CALIBRATING, STOPPING = 0.3, 0.1
"""Shares of the parts: these never move a weight, and the first not even the end of the training."""

FEWEST_PARTS = 20


@dataclass(frozen=True, eq=False)
class Split:
    """Numbers of images, ascending; all images of a part are on one side.

    Parameters
    ----------
    learned : what the weights are learned from
    stopping : what tells when to stop
    unseen : what the network had no part in; empty where other images calibrate
    """

    learned: IntArray
    stopping: IntArray
    unseen: IntArray

    @property
    def fitted(self) -> IntArray:
        """What the density is fitted to: everything but the unseen."""
        return np.sort(np.concatenate([self.learned, self.stopping]))


def split_parts(groups: Groups, seed: int, *, keep_unseen: bool) -> Split:
    """Draw the split by parts.

    Raises
    ------
    TrainingError : too few parts
    """
    if groups.count < FEWEST_PARTS:
        raise TrainingError(
            translate(
                "{parts} good parts are too few to learn features from: give {fewest} at least, better some "
                "hundreds, or take the detector pooled, positional or texture.",
                parts=groups.count,
                fewest=FEWEST_PARTS,
            )
        )
    order = np.random.default_rng(seed).permutation(np.unique(groups.numbers))
    unseen = round(CALIBRATING * groups.count) if keep_unseen else 0
    stopping = max(2, round(STOPPING * groups.count))
    parts = order[:unseen], order[unseen : unseen + stopping], order[unseen + stopping :]
    of_calibration, of_stopping, of_learning = (np.flatnonzero(np.isin(groups.numbers, one)) for one in parts)
    return Split(of_learning, of_stopping, of_calibration)
