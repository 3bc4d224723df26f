"""Where to draw the line: rules that choose a threshold, and what each can honestly promise.

An image is anomalous when its score is below the threshold. Scores of one group (shots of one part) count as
one: each weighs its share of the group.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.judging.metrics import clopper_pearson
from anomaly_gui.detection.judging.verdicts import VERDICTS, find_verdicts
from anomaly_gui.detection.settings.choices import FALSE_ALARM_RATE, MANUAL, SIGMA
from anomaly_gui.errors import ParameterError
from anomaly_gui.language import keep, mark, translate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.detection.judging.verdicts import Verdict


TRAINING, HELD_OUT, CALIBRATION, LABELLED, BY_HAND = (
    mark("training scores"),
    mark("held-out scores of the training images"),
    mark("scores of the calibration images"),
    mark("scores of labelled images"),
    mark("set by hand"),
)
_ROUNDING = 1e-9  # of ranks
_RARE, _KNOWN_TO_BE_RARE = 0.005, 0.02

BASES = (TRAINING, HELD_OUT, CALIBRATION, LABELLED, BY_HAND)


@dataclass(frozen=True)
class ExpectedFalseAlarms:
    """How many good parts would be rejected, by good parts the model was not fitted on.

    Parameters
    ----------
    rate : best guess, 0 to 1
    low, high : 95 % interval (Clopper-Pearson over parts)
    parts : how many parts this rests on
    images : how many images of them
    """

    rate: float
    low: float
    high: float
    parts: int
    images: int

    def __str__(self) -> str:
        """Say it in counts.

        >>> print(ExpectedFalseAlarms(0.01, 0.0003, 0.0254, 400, 400))
        about 1 of 100 good parts would be rejected, between 0 and 3
        >>> print(ExpectedFalseAlarms(0.004, 0.0, 0.103, 34, 34))
        fewer than 1 of 100 good parts would be rejected, between 0 and 11
        """
        low, high = int(np.floor(self.low * self.of)), int(np.ceil(self.high * self.of))
        return translate(
            "{guess} of {of:,} good parts would be rejected, between {low} and {high}",
            guess=self.guess,
            of=self.of,
            low=low,
            high=high,
        )

    @property
    def of(self) -> int:
        """Of how many it is said: a thousand only where so many parts were judged that it means something."""
        return 1000 if 0 < self.rate < _RARE and self.high < _KNOWN_TO_BE_RARE else 100

    @property
    def guess(self) -> str:
        """The best guess, of so many.

        >>> ExpectedFalseAlarms(0.002, 0.0001, 0.008, 900, 900).guess
        'about 2'
        """
        count = round(self.rate * self.of)
        if self.rate > 0 and not count:
            return translate("fewer than 1")
        return translate("about {count}", count=count)


@dataclass(frozen=True)
class Threshold:
    """A threshold and everything that says what it is worth.

    Parameters
    ----------
    value : scores below it are anomalous
    rule : one of `RULES`
    basis : which scores it was chosen from, one of `BASES`
    asked_rate : false alarms that were asked for last, even if another rule set the threshold since
    promised_rate : of the rule false-alarm-rate: what the number of parts allows
    sigmas : of the rule sigma
    expected : what to expect of it, None where no good part was left to judge it by
    unsure : half the width of the band around `value` in which the verdict is "not sure"; 0 for none
    warnings : sentences the user should read, in English, which models keep; shown by `translate_kept`
    """

    value: float
    rule: str
    basis: str
    asked_rate: float | None = None
    promised_rate: float | None = None
    sigmas: float | None = None
    expected: ExpectedFalseAlarms | None = None
    unsure: float = 0.0
    warnings: tuple[str, ...] = field(default=())

    @classmethod
    def from_values(cls, described: Mapping[str, Any]) -> Threshold:
        """Return the threshold that `dataclasses.asdict` described."""
        expected = described["expected"]
        return cls(
            **{
                **described,
                "expected": None if expected is None else ExpectedFalseAlarms(**expected),
                "warnings": tuple(described["warnings"]),
            }
        )

    def verdict(self, score: float) -> Verdict:
        """Return what is said of an image with a score.

        >>> print(Threshold(-5.0, "manual", "set by hand", unsure=1.0).verdict(-4.5))
        not sure
        """
        return VERDICTS[int(self.verdicts(np.array([score]))[0])]

    def verdicts(self, scores: FloatArray) -> IntArray:
        """Return the index in `VERDICTS` of each score's verdict, (images,); see `find_verdicts`."""
        return find_verdicts(scores, self.value, self.unsure)

    @property
    def origin(self) -> str:
        """Which scores it was chosen from, as it is shown."""
        return translate(self.basis)

    @property
    def unsure_band(self) -> tuple[float, float]:
        """The lowest and the highest score judged "not sure", where there is such a band."""
        return self.value - self.unsure, self.value + self.unsure

    def moved_to(self, value: float) -> Threshold:
        """Return a threshold set by hand to `value`; what to expect of it is no longer known.

        Raises
        ------
        ParameterError : it is no number that scores can be compared with
        """
        check_threshold(value)
        return Threshold(value, MANUAL, BY_HAND, self.asked_rate, unsure=self.unsure)


def check_threshold(value: float | None) -> None:
    """Raise ParameterError for what is no number that scores can be compared with; None is none at all.

    >>> check_threshold(-450.5)
    """
    if value is not None and not math.isfinite(value):
        raise ParameterError(
            translate("The threshold cannot be {value}: give a number, such as a score.", value=value)
        )


@dataclass(frozen=True, eq=False)
class GoodScores:
    """Scores of good parts that a threshold can be chosen from.

    Parameters
    ----------
    scores : (images,) higher is more normal
    groups : which of them show one part
    basis : what they are, one of `BASES`
    left_out : parts beside them, left out as unlike the others, that may be good: they count as rejected
    """

    scores: FloatArray
    groups: Groups
    basis: str
    left_out: int = 0

    @property
    def parts(self) -> int:
        """How many parts there are, those left out among them."""
        return self.groups.count + self.left_out


def by_false_alarm_rate(good: GoodScores, rate: float) -> Threshold:
    """Return the highest threshold that rejects a new good part with a chance of at most `rate`.

    With K parts the chance that a new one scores below the k-th lowest is at most k / (K + 1) (conformal
    prediction; with several images a part, Dunn, Wasserman and Ramdas, "Distribution-free prediction sets for
    two-layer hierarchical models", 2023). Where `rate` lies between two ranks, so does the threshold between
    their scores: the chance is at most `rate` then, too, as long as good scores get rarer towards the lowest.
    Fewer than 1 / rate - 1 parts cannot promise the rate: the lowest score is taken, and a warning says what
    can be promised.
    """
    if not 0 < rate < 1:
        raise ParameterError(
            translate("The false alarm rate {rate:g} is not between 0 and 1 (0.01 is 1 %).", rate=rate)
        )
    parts = good.groups.count
    least = 1 / (parts + 1)
    possible = rate >= least
    return Threshold(
        value=_find_score_at(rate * (parts + 1), good),
        rule=FALSE_ALARM_RATE,
        basis=good.basis,
        asked_rate=rate,
        promised_rate=_with_left_out(max(rate, least), good),
        warnings=() if possible else (_too_few(parts, rate, least),),
    )


def _find_score_at(rank: float, good: GoodScores) -> float:
    """Return the score that so many parts are not above, between two scores by linear interpolation."""
    order = np.argsort(good.scores, kind="stable")
    scores, up_to = good.scores[order], np.cumsum(good.groups.weights[order])
    above = int(np.searchsorted(up_to, rank + _ROUNDING, side="right"))
    if above == 0 or above == len(scores):
        return float(scores[max(above - 1, 0)])
    share = max(0.0, rank - up_to[above - 1]) / (up_to[above] - up_to[above - 1])
    low, high = float(scores[above - 1]), float(scores[above])
    return min(low + float(share) * (high - low), high) if share > _ROUNDING else low


def _with_left_out(rate: float, good: GoodScores) -> float:
    """Return the rate that can be promised if the parts left out are good ones, and come again."""
    if not good.left_out:
        return rate
    return (rate * (good.groups.count + 1) + good.left_out) / (good.parts + 1)


def _too_few(parts: int, rate: float, least: float) -> str:
    wanted = int(np.ceil(1 / rate - 1e-9)) - 1
    return keep(
        "{parts} good parts are too few to promise {rate:g} %: {least:.1f} % is the fewest false alarms they "
        "can promise; add good images, to {wanted} parts at least.",
        parts=parts,
        rate=100 * rate,
        least=100 * least,
        wanted=wanted,
    )


def by_sigma(scores: FloatArray, sigmas: float, basis: str) -> Threshold:
    """Return mean minus `sigmas` standard deviations of (images,) scores: the textbook rule.

    Chosen from training scores it promises nothing, and says so.
    """
    warning = keep(
        "Mean minus sigmas of the training scores promises nothing: with few images it rejects most good "
        "parts. See the expected false alarms, or take the rule false-alarm-rate."
    )
    return Threshold(
        value=float(np.mean(scores) - sigmas * np.std(scores)),
        rule=SIGMA,
        basis=basis,
        sigmas=sigmas,
        warnings=(warning,) if basis == TRAINING else (),
    )


def with_expectation(threshold: Threshold, good: GoodScores) -> Threshold:
    """Return the threshold with the false alarms that `good` makes one expect."""
    parts = good.parts
    below = good.left_out + float(good.groups.weights[good.scores <= threshold.value].sum())
    low, high = clopper_pearson(min(round(below), parts), parts)
    expected = ExpectedFalseAlarms(below / parts, low, high, parts, len(good.scores) + good.left_out)
    return replace(threshold, expected=expected)
