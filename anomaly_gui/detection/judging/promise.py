"""Was a promised rate of false alarms kept? Told wherever there are good images the model was not made of.

A threshold at the k-th lowest score of K good parts rejects a share of new ones that is Beta(k, K + 1 - k)
distributed, whatever the scores' distribution (conformal prediction: Vovk, "Conditional validity of inductive
conformal predictors", 2012); between two scores k is no whole number. So among n other parts of the same kind
the false alarms are beta-binomial. More of them than come by chance mean that these parts are not of that
kind: another day, another light.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.language import mark, translate, translate_count
from anomaly_gui.wording import in_counts, join_list, percent

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray
    from anomaly_gui.detection.judging.thresholds import Threshold

KEPT, BROKEN, TOO_FEW = mark("kept"), "broken", mark("too few to tell")

_BY_CHANCE = 0.01
"""Chance of calling a kept promise broken."""

_FEWEST_ALARMS = 2  # one part tells nothing of parts

_TIMES_MORE = 3
"""A promise counts as kept where so many times its rate can be excluded (with 95 % certainty)."""

_VISIBLE = 3.0  # robust standard deviations between the median looks

_MOVED = (
    (mark("brighter by {share}"), mark("darker by {share}")),
    (mark("richer in contrast by {share}"), mark("poorer in contrast by {share}")),
    (mark("sharper by {share}"), mark("less sharp by {share}")),
)


@dataclass(frozen=True)
class Promise:
    """What became of a promise.

    Parameters
    ----------
    outcome : KEPT, BROKEN or TOO_FEW
    rate : false alarms that were promised, 0 to 1
    parts : good parts that were judged
    false_alarms : of them, in parts: a part shot several times counts by its share of rejected shots
    images, rejected : the same in images
    chance : of so many false alarms or more, were the parts of the learned kind
    difference : how a broken promise's images look beside the learned ones: "brighter by 22 %"; may be empty
    """

    outcome: str
    rate: float
    parts: int
    false_alarms: float
    images: int
    rejected: int
    chance: float
    difference: str = ""

    def __str__(self) -> str:
        """Say it in a sentence.

        >>> print(Promise(BROKEN, 0.01, 18, 18.0, 18, 18, 1e-9, "darker by 9 %"))
        18 of 18 good parts rejected; promised 1 of 100: these images differ from those learned
        (darker by 9 %).
        """
        seen = translate_count(
            "{rejected:,} of {count:,} good part rejected; promised {rate}",
            "{rejected:,} of {count:,} good parts rejected; promised {rate}",
            self.parts,
            rejected=round(self.false_alarms),
            rate=in_counts(self.rate),
        )
        if self.outcome != BROKEN:
            return translate("{seen}: {outcome}.", seen=seen, outcome=translate(self.outcome))
        if not self.difference:
            return translate("{seen}: these images differ from those learned.", seen=seen)
        return translate(
            "{seen}: these images differ from those learned ({how}).", seen=seen, how=self.difference
        )


def examine_promise(
    threshold: Threshold, rejected: BoolArray, weights: FloatArray, difference: str = ""
) -> Promise | None:
    """Tell whether a threshold keeps its promise on good images.

    Parameters
    ----------
    rejected : (images,) which were judged anomalous
    weights : (images,) each image's share of its part: those of a part add up to 1
    difference : see `Promise`

    Returns
    -------
    None where the threshold promises nothing, or there are no images
    """
    from scipy.special import betaincinv

    expected = threshold.expected
    if expected is None or not len(rejected):
        return None
    rank: float = max(1, round(expected.rate * expected.parts))
    rate = threshold.promised_rate if threshold.promised_rate is not None else rank / (expected.parts + 1)
    if threshold.promised_rate is not None:
        rank = max(rank, rate * (expected.parts + 1))
    parts = round(float(weights.sum()))
    alarms = float(weights[rejected].sum())
    whole = min(round(alarms), parts)
    chance = _chance_of_more(whole, parts, rank, max(expected.parts + 1 - rank, 1))
    highest = float(betaincinv(whole + 1, parts - whole, 0.95)) if whole < parts else 1.0
    is_broken = chance < _BY_CHANCE and whole >= _FEWEST_ALARMS
    outcome = BROKEN if is_broken else KEPT if highest <= _TIMES_MORE * rate else TOO_FEW
    seen = difference if outcome == BROKEN else ""
    return Promise(outcome, rate, parts, alarms, len(rejected), int(rejected.sum()), chance, seen)


def _chance_of_more(alarms: int, parts: int, a: float, b: float) -> float:
    """Return the chance of `alarms` or more among `parts`, beta-binomial with the parameters a and b.

    >>> round(_chance_of_more(1, 1, 1, 99), 6)
    0.01
    """
    from scipy.special import betaln, gammaln

    counts = np.arange(alarms, parts + 1)
    ways = gammaln(parts + 1) - gammaln(counts + 1) - gammaln(parts - counts + 1)
    return min(1.0, float(np.exp(ways + betaln(counts + a, parts - counts + b) - betaln(a, b)).sum()))


def describe_difference(learned: FloatArray, seen: FloatArray) -> str:
    """Say how images look beside the learned ones, by (images, 4) looks; nothing where none is seen."""
    if not len(learned) or not len(seen):
        return ""
    before, now = (np.log(np.maximum(looks[:, :3], 1e-6)) for looks in (learned, seen))
    middle = np.median(before, axis=0)
    spread = 1.4826 * np.median(np.abs(before - middle), axis=0)
    moved = np.median(now, axis=0) - middle
    return join_list(
        translate(_MOVED[index][int(moved[index] < 0)], share=percent(abs(float(np.expm1(moved[index])))))
        for index in range(3)
        if abs(moved[index]) > max(_VISIBLE * float(spread[index]), 0.02)
    )
