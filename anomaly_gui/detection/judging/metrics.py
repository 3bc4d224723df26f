"""How well scores tell normal from anomalous images: rates, curves and counts.

Scores are log-likelihoods: higher is more normal. An image is judged anomalous when `score < threshold`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from anomaly_gui.detection.judging.verdicts import is_anomalous

Label = Literal["normal", "anomalous"]
Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

LABELS: tuple[Label, ...] = ("normal", "anomalous")


@dataclass(frozen=True, eq=False)
class RocCurve:
    """Both rates at every threshold that makes a difference, lowest threshold first.

    Arrays of one length. At the first threshold no image is judged anomalous, at the last every one is: it
    lies just above the highest score. Each point holds for `score < threshold` exactly.
    """

    thresholds: Floats
    false_alarm_rate: Floats
    detection_rate: Floats

    @property
    def area(self) -> float:
        """The area under the curve: `image_auroc` without scikit-learn, which a window can't wait for."""
        steps = np.diff(self.false_alarm_rate)
        return float((steps * (self.detection_rate[1:] + self.detection_rate[:-1]) / 2).sum())


@dataclass(frozen=True, eq=False)
class PrecisionRecall:
    """Precision and recall of the anomalous images at every threshold that finds something, lowest first.

    Arrays of one length. Where no image is judged anomalous precision has no value, and no point is made up.
    """

    thresholds: Floats
    precision: Floats
    recall: Floats


@dataclass(frozen=True)
class Confusion:
    """Count the images of each label by how they were judged."""

    normal_judged_good: int
    false_alarms: int
    misses: int
    defects_found: int


@dataclass(frozen=True)
class Rate:
    """`count` of `total`, and the interval in which the true rate lies. `rate` is None when total is 0."""

    count: int
    total: int
    rate: float | None
    low: float
    high: float

    @classmethod
    def of(cls, count: int, total: int, confidence: float = 0.95) -> "Rate":
        """Make a rate with its Clopper-Pearson interval.

        >>> Rate.of(1, 100)
        Rate(count=1, total=100, rate=0.01, low=0.00025..., high=0.0544...)
        """
        low, high = clopper_pearson(count, total, confidence)
        return cls(int(count), int(total), int(count) / int(total) if total else None, low, high)


def clopper_pearson(count: int, total: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of a binomial rate, after Clopper and Pearson (Biometrika 26, 1934).

    It covers the true rate at least as often as `confidence` says. Nothing observed tells nothing: a total of
    0 gives (0, 1). Raises ValueError for counts outside 0..total or a confidence outside (0, 1).

    >>> low, high = clopper_pearson(0, 100)
    >>> low, round(high, 4)
    (0.0, 0.0362)
    """
    from scipy.special import betaincinv  # late: the window's start need not wait for it

    if not 0 <= count <= total:
        raise ValueError(f"a count of {count} of {total} is impossible")
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence of {confidence} is not between 0 and 1")
    tail = (1 - confidence) / 2
    low = float(betaincinv(count, total - count + 1, tail)) if count > 0 else 0.0
    high = float(betaincinv(count + 1, total - count, 1 - tail)) if count < total else 1.0
    return low, high


def image_auroc(scores: npt.ArrayLike, labels: Sequence[Label]) -> float | None:
    """Return the chance that an anomalous image scores below a normal one, ties counted as a half.

    Takes n finite scores and n labels; None when one of the classes is missing. Raises ValueError for scores
    that are not finite, unknown labels or lengths that differ.

    >>> image_auroc([-1.0, -2.0, -2.0, -9.0], ["normal", "normal", "anomalous", "anomalous"])
    0.875
    """
    from sklearn.metrics import roc_auc_score  # late: a second

    ranks, anomalous = _rank_scores(scores, labels)
    return float(roc_auc_score(anomalous, -ranks)) if _has_both(anomalous) else None


def average_precision(scores: npt.ArrayLike, labels: Sequence[Label]) -> float | None:
    """Return the average precision of finding anomalous images: sum of precision x step in recall.

    Takes n finite scores and n labels; None when one of the classes is missing. Raises ValueError as
    `image_auroc` does.
    """
    from sklearn.metrics import average_precision_score  # late: a second

    ranks, anomalous = _rank_scores(scores, labels)
    return float(average_precision_score(anomalous, -ranks)) if _has_both(anomalous) else None


def roc(scores: npt.ArrayLike, labels: Sequence[Label]) -> RocCurve | None:
    """Return the false alarm and detection rate at every threshold; None when a class is missing."""
    values, anomalous = _check_scores(scores, labels)
    if not _has_both(anomalous):
        return None
    thresholds, alarms, found = _count_steps(values, anomalous)
    return RocCurve(thresholds, alarms / np.sum(~anomalous), found / np.sum(anomalous))


def precision_recall(scores: npt.ArrayLike, labels: Sequence[Label]) -> PrecisionRecall | None:
    """Return precision and recall at every threshold that finds something; None when a class is missing."""
    values, anomalous = _check_scores(scores, labels)
    if not _has_both(anomalous):
        return None
    thresholds, alarms, found = _count_steps(values, anomalous)
    judged = alarms[1:] + found[1:]
    return PrecisionRecall(thresholds[1:], found[1:] / judged, found[1:] / np.sum(anomalous))


def confusion(scores: npt.ArrayLike, labels: Sequence[Label], threshold: float) -> Confusion:
    """Count how images of each label are judged by `score < threshold`.

    Raises ValueError as `image_auroc` does, and for a threshold that is not a number.
    """
    values, anomalous = _check_scores(scores, labels)
    if math.isnan(threshold):
        raise ValueError("the threshold is not a number")
    judged = is_anomalous(values, threshold)
    return Confusion(
        normal_judged_good=int(np.sum(~anomalous & ~judged)),
        false_alarms=int(np.sum(~anomalous & judged)),
        misses=int(np.sum(anomalous & ~judged)),
        defects_found=int(np.sum(anomalous & judged)),
    )


def best_f1_threshold(scores: npt.ArrayLike, labels: Sequence[Label]) -> float | None:
    """Return the threshold with the highest F1 of the anomalous class; None when a class is missing.

    It lies midway between the highest score judged anomalous and the next one, or just above every score
    when judging all images anomalous is best. Of equally good ones it takes the lowest: fewest false alarms.

    >>> best_f1_threshold([-1.0, -2.0, -5.0, -9.0], ["normal", "normal", "anomalous", "anomalous"])
    -3.5
    """
    values, anomalous = _check_scores(scores, labels)
    if not _has_both(anomalous):
        return None
    thresholds, alarms, found = _count_steps(values, anomalous)
    f1 = 2 * found[1:] / (found[1:] + alarms[1:] + np.sum(anomalous))
    best = int(np.argmax(f1))
    return _find_between(float(thresholds[best]), float(thresholds[best + 1]))


def _find_between(low: float, high: float) -> float:
    """Return the middle, or `high` where no number lies between: `low` must end up below the threshold."""
    middle = low / 2 + high / 2  # halves first: the sum of two huge scores would overflow
    return middle if low < middle <= high else high


def _check_scores(scores: npt.ArrayLike, labels: Sequence[Label]) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return n finite scores and which of them are anomalous, or raise ValueError."""
    values = np.asarray(scores, dtype=np.float64)
    if values.shape != (len(labels),):
        raise ValueError(f"scores of shape {values.shape} do not fit {len(labels)} labels")
    if not np.isfinite(values).all():
        raise ValueError("a score is not finite")
    unknown = set(labels).difference(LABELS)
    if unknown:
        raise ValueError(f"unknown labels: {sorted(map(str, unknown))}")
    return values, np.array([label == "anomalous" for label in labels], dtype=np.bool_)


def _rank_scores(scores: npt.ArrayLike, labels: Sequence[Label]) -> tuple[Counts, npt.NDArray[np.bool_]]:
    """Return dense ranks in place of scores: the same order and ties, and nothing that can overflow."""
    values, anomalous = _check_scores(scores, labels)
    return np.unique(values, return_inverse=True)[1].astype(np.int64), anomalous


def _has_both(anomalous: npt.NDArray[np.bool_]) -> bool:
    """Tell whether both classes are there."""
    return bool(anomalous.any() and not anomalous.all())


def _count_steps(values: Floats, anomalous: npt.NDArray[np.bool_]) -> tuple[Floats, Counts, Counts]:
    """Return every threshold that makes a difference, and the false alarms and defects found at each."""
    distinct, position = np.unique(values, return_inverse=True)
    thresholds = np.append(distinct, math.nextafter(float(distinct[-1]), math.inf))
    below = [np.bincount(position[side], minlength=len(distinct)) for side in (~anomalous, anomalous)]
    alarms, found = (np.concatenate([[0], np.cumsum(counts)]) for counts in below)
    return thresholds, alarms, found
