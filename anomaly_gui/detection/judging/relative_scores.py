"""Scores as people read them: 1.0 is the threshold, higher is worse. The one place that says how.

A log-likelihood may be any number, and of two detectors they are not alike. A relative score counts from the
threshold in a unit of the model: how far its own threshold of 1 % false alarms lies below the middle of the
good scores. A common good part has about 0, then; the line is 1.0 wherever it is moved; and moving it shifts
all numbers alike, without stretching them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import numpy as np

from anomaly_gui.detection.judging.threshold_rules import choose_good_scores
from anomaly_gui.detection.judging.thresholds import by_false_alarm_rate
from anomaly_gui.detection.settings.train_settings import SETTINGS

if TYPE_CHECKING:
    import numpy.typing as npt

    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.detection.judging.threshold_rules import ScoredTraining
    from anomaly_gui.detection.judging.thresholds import GoodScores

LINE = 1.0
"""The relative score of the threshold."""
_LINEAR = 2.0  # up to here drawings are even, either way


@dataclass(frozen=True)
class RelativeScale:
    """From scores to relative scores and back.

    Parameters
    ----------
    threshold : the score that is 1.0
    unit : how many units of score one is, above 0
    """

    threshold: float
    unit: float

    @overload
    def relate(self, score: float) -> float: ...
    @overload
    def relate(self, score: FloatArray) -> FloatArray: ...
    def relate(self, score: float | FloatArray) -> float | FloatArray:
        """Return relative scores: above 1.0 is what lies below the threshold.

        >>> RelativeScale(threshold=-450.0, unit=50.0).relate(-550.0)
        3.0
        """
        return LINE + (self.threshold - score) / self.unit

    @overload
    def restore(self, relative: float) -> float: ...
    @overload
    def restore(self, relative: FloatArray) -> FloatArray: ...
    def restore(self, relative: float | FloatArray) -> float | FloatArray:
        """Return the scores that have these relative scores.

        >>> RelativeScale(threshold=-450.0, unit=50.0).restore(3.0)
        -550.0
        """
        return self.threshold - (relative - LINE) * self.unit


def find_unit(good: GoodScores | None) -> float:
    """Return how many units of score are one: from the middle of good scores to their own threshold.

    Scores that are all the same, or none, have no such distance: a hundredth of their size stands for it.
    """
    if good is None or not len(good.scores):
        return 1.0
    middle = float(np.median(good.scores))
    low = by_false_alarm_rate(good, SETTINGS["false_alarm_rate"].default).value
    least = 1e-6 * max(abs(middle), 1e-3)
    return middle - low if middle - low > least else max(0.01 * abs(middle), 1e-3)


def make_scale(threshold: float, training: ScoredTraining) -> RelativeScale:
    """Return the scale of a model with this threshold, from the scores of its training."""
    return RelativeScale(threshold, find_unit(choose_good_scores(training)))


def compress(relative: npt.ArrayLike) -> FloatArray:
    """Return where relative scores (...) are drawn: linear in the middle, logarithmic beyond, without a kink.

    >>> compress([-1.0, 2.0, 1000.0]).round(2).tolist()
    [-1.0, 2.0, 8.91]
    """
    values = np.asarray(relative, np.float64)
    inner = np.clip(values, -_LINEAR, _LINEAR)
    beyond = values - inner
    return np.asarray(inner + np.sign(beyond) * np.log1p(np.abs(beyond)))


def expand(places: npt.ArrayLike) -> FloatArray:
    """Return the relative scores that are drawn at places (...)."""
    values = np.asarray(places, np.float64)
    inner = np.clip(values, -_LINEAR, _LINEAR)
    beyond = values - inner
    return np.asarray(inner + np.sign(beyond) * np.expm1(np.minimum(np.abs(beyond), 700)))


def format_relative(relative: float) -> str:
    """Write a relative score with the digits that matter: a score beyond the line never reads as on it.

    >>> format_relative(0.9996), format_relative(1.004), format_relative(12.34), format_relative(1234.5)
    ('0.999', '1.004', '12.3', '1,234')
    """
    size = abs(relative)
    if 0.995 <= size < 1.005 and size != LINE:
        digits = np.floor(size * 1000) / 1000 if size < LINE else np.ceil(size * 1000) / 1000
        return f"{np.copysign(digits, relative):.3f}".replace("-", "\N{MINUS SIGN}")
    text = f"{relative:.2f}" if size < 10 else f"{relative:,.1f}" if size < 1000 else f"{relative:,.0f}"
    return text.replace("-", "\N{MINUS SIGN}")
