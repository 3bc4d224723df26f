"""Whether good parts still score as the first ones did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.station.watching.reference import measure_persistence

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray

WINDOW = 200
"""Good parts whose scores are compared together."""
_LEAST = 0.35  # distance of two distributions, 0 to 1, below which nothing is said
_RARE = 1e-3  # chance of such a distance where nothing changed


@dataclass(frozen=True)
class ScoreChange:
    """How scores differ from those they are held against.

    Parameters
    ----------
    distance : largest difference of the two cumulative distributions (Kolmogorov and Smirnov)
    below : share of the scores below the median of the others
    since : moment of the first of them
    """

    distance: float
    below: float
    since: str


class ScoreChart:
    """Compares scores of every 200 good parts with those of the first 200."""

    def __init__(self) -> None:
        self.first: FloatArray | None = None
        self._scores: list[float] = []
        self._since = ""
        self.change: ScoreChange | None = None
        self.distance: float | None = None

    @property
    def count(self) -> int:
        """How many parts of the present 200 are known."""
        return len(self._scores)

    def note(self, at: str, score: float) -> None:
        """Take in the next good part."""
        self._since = self._since if self._scores else at
        self._scores.append(score)
        if len(self._scores) < WINDOW:
            return
        scores = np.array(self._scores)
        if self.first is None:
            self.first = scores
        else:
            self.change = compare_scores(self.first, scores, self._since)
            self.distance = measure_distance(self.first, scores)
        self._scores.clear()

    def drop_unfinished(self) -> None:
        """Forget the present 200, unless they are the first."""
        if self.first is not None:
            self._scores.clear()


def compare_scores(first: FloatArray, last: FloatArray, since: str) -> ScoreChange | None:
    """Return how scores changed, None where chance, or parts that resemble their neighbours, explain it."""
    distance = measure_distance(first, last)
    if distance < _LEAST:
        return None
    from scipy.special import kolmogorov

    persistence = max(measure_persistence(_rank(first)), measure_persistence(_rank(last)))
    telling = (1 - persistence) / (1 + persistence)  # share of the parts that unrelated ones would be
    effective = telling * len(first) * len(last) / (len(first) + len(last))
    if float(kolmogorov(np.sqrt(effective) * distance)) > _RARE:
        return None
    return ScoreChange(distance, float((last < np.median(first)).mean()), since)


def measure_distance(first: FloatArray, last: FloatArray) -> float:
    """Return the Kolmogorov-Smirnov distance of two samples.

    >>> measure_distance(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    1.0
    """
    from scipy.stats import ks_2samp

    return float(ks_2samp(first, last, method="asymp").statistic)


def _rank(values: FloatArray) -> FloatArray:
    return np.argsort(np.argsort(values)).astype(np.float64)
