"""Which of several candidates tells known defects best, and whether that is more than chance.

Each candidate has scores of the same good images and of the same known defects. Whoever takes the best of
many on few images takes the luckiest one: what is gained is measured on images that had no part in the
choice. For each pair of folds, of good images and of defects, the best is chosen on all others and tried on
these; the gain over the default, and its interval, are those of the choosing, not of the chosen one.

Areas under the ROC curve and their variances are sums over good images and over defects (DeLong, DeLong and
Clarke-Pearson, "Comparing the areas under two or more correlated ROC curves", Biometrics 44, 1988); images of
one part count as one (Obuchowski, "Nonparametric analysis of clustered ROC curve data", Biometrics 53, 1997).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.judging.metrics import clopper_pearson
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray

_FOLDS = 5
_FEWEST = 5  # parts of either kind: of fewer no fold can be made, or no interval
_CONFIDENCE = 0.95
_CHANCE = 0.5


@dataclass(frozen=True)
class Estimate:
    """A number and its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Write it.

        >>> print(Estimate(0.972, 0.93, 0.991))
        0.972 (0.930 to 0.991)
        """
        return translate(
            "{value:.3f} ({low:.3f} to {high:.3f})", value=self.value, low=self.low, high=self.high
        )


@dataclass(frozen=True)
class Choice:
    """What known defects say of candidates.

    Parameters
    ----------
    aurocs : of each candidate
    best : number of the one with the highest
    default : number of the one that is taken unless another is better beyond chance
    gain : of AUROC over the default, by choosing the best, on images that had no part in the choice
    defects : how many defects this rests on
    """

    aurocs: tuple[Estimate, ...]
    best: int
    default: int
    gain: Estimate
    defects: int

    @property
    def is_beyond_chance(self) -> bool:
        """Whether the best tells defects at all, and is better than the default."""
        return self.gain.low > 0 and self.aurocs[self.best].low > _CHANCE

    @property
    def chosen(self) -> int:
        """The number of the candidate to take."""
        return self.best if self.is_beyond_chance else self.default


@dataclass(frozen=True, eq=False)
class JudgedImages:
    """Scores of images, and which of these show one part.

    Parameters
    ----------
    scores : (candidates, images), higher is more normal
    groups : (images,) numbers
    """

    scores: FloatArray
    groups: IntArray

    @property
    def parts(self) -> int:
        """How many parts there are."""
        return len(np.unique(self.groups))

    def number_folds(self) -> IntArray:
        """Return each image's fold, (images,): the parts by turns, in an order of their own."""
        _, parts = np.unique(self.groups, return_inverse=True)
        order = np.random.default_rng(0).permutation(parts.max() + 1)
        folds: IntArray = order[parts] % _FOLDS
        return folds


def choose_candidate(good: JudgedImages, defects: JudgedImages, default: int) -> Choice | None:
    """Return what defects say of candidates; None where there are too few parts of either kind."""
    if min(good.parts, defects.parts) < _FEWEST:
        return None
    count = len(good.scores)
    ranked = [_Ranked.of(good.scores[one], defects.scores[one]) for one in range(count)]
    aurocs = tuple(_estimate_area(each, good.groups, defects.groups) for each in ranked)
    best = int(np.argmax([one.value for one in aurocs]))
    of_good, of_defects = _judge_choosing(good, defects)
    usual = ranked[default]
    gain = _estimate(of_good - usual.of_good, of_defects - usual.of_defects, good.groups, defects.groups)
    return Choice(aurocs, best, default, gain, defects.scores.shape[1])


def estimate_auroc(good: JudgedImages, defects: JudgedImages) -> Estimate | None:
    """Return the AUROC of the first candidate; None where there are too few parts of either kind."""
    if min(good.parts, defects.parts) < _FEWEST:
        return None
    return _estimate_area(_Ranked.of(good.scores[0], defects.scores[0]), good.groups, defects.groups)


@dataclass(frozen=True, eq=False)
class _Ranked:
    """Which share of the others each image is on the right side of, (good images,) and (defects,)."""

    of_good: FloatArray
    of_defects: FloatArray

    @classmethod
    def of(cls, good: FloatArray, defects: FloatArray) -> _Ranked:
        return cls(_share_below(good, defects), 1 - _share_below(defects, good))


def _share_below(values: FloatArray, others: FloatArray) -> FloatArray:
    """Return for each value the share of others below it, equal ones counted as a half."""
    ordered = np.sort(others)
    below = np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right")
    shares: FloatArray = below / (2 * len(others))
    return shares


def _judge_choosing(good: JudgedImages, defects: JudgedImages) -> tuple[FloatArray, FloatArray]:
    """Return which share of the others each image is on the right side of, by what was chosen without both.

    (good images,) and (defects,), as of `_Ranked`.
    """
    rows, columns = defects.number_folds(), good.number_folds()
    areas = _measure_blocks(good.scores, defects.scores, columns, rows)
    sizes = np.outer(np.bincount(rows, minlength=_FOLDS), np.bincount(columns, minlength=_FOLDS))
    of_good, of_defects = np.zeros(len(columns)), np.zeros(len(rows))
    for row in np.unique(rows):
        for column in np.unique(columns):
            others = np.outer(np.arange(_FOLDS) != row, np.arange(_FOLDS) != column)
            chosen = int(((areas * sizes)[:, others].sum(axis=1) / sizes[others].sum()).argmax())
            held_good, held_defects = columns == column, rows == row
            ranked = _Ranked.of(good.scores[chosen, held_good], defects.scores[chosen, held_defects])
            of_good[held_good] += ranked.of_good * held_defects.mean()
            of_defects[held_defects] += ranked.of_defects * held_good.mean()
    return of_good, of_defects


def _measure_blocks(good: FloatArray, defects: FloatArray, columns: IntArray, rows: IntArray) -> FloatArray:
    """Return the AUROC of each candidate between each fold of defects and of good images, 0 without any."""
    areas = np.zeros((len(good), _FOLDS, _FOLDS))
    for candidate, column in np.ndindex(len(good), _FOLDS):
        if (columns == column).any():
            right = 1 - _share_below(defects[candidate], good[candidate, columns == column])
            sums = np.bincount(rows, right, _FOLDS)
            areas[candidate, :, column] = sums / np.maximum(np.bincount(rows, minlength=_FOLDS), 1)
    return areas


def _estimate_area(ranked: _Ranked, good: IntArray, defects: IntArray) -> Estimate:
    """Return an AUROC with the exact interval of a rate over as many images as its variance comes to."""
    value = float(np.clip(ranked.of_defects.mean(), 0, 1))
    variance = _vary_mean(ranked.of_good, good) + _vary_mean(ranked.of_defects, defects)
    most = min(len(np.unique(good)), len(np.unique(defects)))
    worth = most if variance <= 0 else min(max(value * (1 - value) / variance, 1.0), len(ranked.of_good))
    low, high = clopper_pearson(value * worth, worth, _CONFIDENCE)  # type: ignore[arg-type]
    return Estimate(value, low, high)


def _estimate(of_good: FloatArray, of_defects: FloatArray, good: IntArray, defects: IntArray) -> Estimate:
    """Return a difference of AUROCs, with the interval of Student's distribution over the fewer parts."""
    from scipy.special import stdtrit

    value = float(of_defects.mean())
    deviation = np.sqrt(_vary_mean(of_good, good) + _vary_mean(of_defects, defects))
    parts = min(len(np.unique(good)), len(np.unique(defects)))
    reach = float(stdtrit(parts - 1, 0.5 + _CONFIDENCE / 2) * deviation)
    return Estimate(value, value - reach, value + reach)


def _vary_mean(values: FloatArray, groups: IntArray) -> float:
    """Return the variance of the mean of (images,), of which those of a group are one."""
    _, numbers = np.unique(groups, return_inverse=True)
    sums = np.bincount(numbers, values - values.mean())
    return float((sums**2).sum() / len(values) ** 2 * len(sums) / max(len(sums) - 1, 1))
