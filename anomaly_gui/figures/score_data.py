"""What the pictures of scores are drawn from."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from anomaly_gui.detection.judging.metrics import LABELS, Label


class NamedThreshold(NamedTuple):
    """A threshold and what the legend calls it."""

    name: str
    value: float


@dataclass(frozen=True, eq=False)
class ScatterData:
    """Scores with their labels (None: unlabelled) and thresholds, in the order of the images.

    `scores` has shape (n,), log-likelihoods; `labels` n entries; `index` the n positions along the horizontal
    axis, 0 to n - 1 unless given. Raises ValueError for lengths that differ, unknown labels, and anything
    that is not finite: images without a score belong in a table, not in a picture.
    """

    scores: npt.ArrayLike
    labels: Sequence[Label | None]
    thresholds: Sequence[NamedThreshold] = ()
    title: str = ""
    index: npt.ArrayLike | None = None
    values: npt.NDArray[np.float64] = field(init=False, repr=False)
    positions: npt.NDArray[np.float64] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        values = np.asarray(self.scores, dtype=np.float64)
        index = np.arange(len(self.labels)) if self.index is None else self.index
        positions = np.asarray(index, dtype=np.float64)
        if values.shape != (len(self.labels),) or positions.shape != values.shape:
            raise ValueError(f"{values.shape} scores, {positions.shape} positions, {len(self.labels)} labels")
        if not (np.isfinite(values).all() and np.isfinite(positions).all()):
            raise ValueError("a score or position is not finite")
        if not all(math.isfinite(threshold.value) for threshold in self.thresholds):
            raise ValueError("a threshold is not finite")
        unknown = set(self.labels).difference({*LABELS, None})
        if unknown:
            raise ValueError(f"unknown labels: {sorted(map(str, unknown))}")
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "positions", positions)

    def select_label(self, label: Label | None) -> npt.NDArray[np.bool_]:
        """Return which of the n images have this label."""
        return np.array([one == label for one in self.labels], dtype=np.bool_)
