"""How far judgements agree beyond what chance would let them: the kappas of Cohen and of Fleiss.

Intervals are found by drawing parts anew (bootstrap): answers on one part belong together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray

_DRAWS, _SEED = 2000, 1
_CERTAIN = 1e-12


@dataclass(frozen=True)
class Kappa:
    """A kappa with its 95 % interval; None where chance alone explains all answers."""

    value: float | None
    low: float | None = None
    high: float | None = None


def measure_cohen(first: BoolArray, second: BoolArray) -> Kappa:
    """Return Cohen's kappa (1960) of two judges' answers, each (parts, answers), matched one by one."""
    pairs = np.stack([(first == a) & (second == b) for a in (False, True) for b in (False, True)], -1)
    tables: FloatArray = pairs.sum(1).astype(np.float64)  # (parts, 4)
    return _measure(tables, _rate_tables)


def measure_fleiss(answers: BoolArray) -> Kappa:
    """Return Fleiss' kappa (1971) of all answers on parts, (parts, answers), of two or more each."""
    count = answers.shape[1]
    if count < 2:
        raise ValueError("a part needs two answers to agree")
    yes = answers.sum(1).astype(np.float64)
    agreeing = (yes * (yes - 1) + (count - yes) * (count - yes - 1)) / (count * (count - 1))
    sums: FloatArray = np.stack([agreeing, yes / count, np.ones_like(yes)], -1)  # (parts, 3)
    return _measure(sums, _rate_sums)


def _measure(of_parts: FloatArray, rate: Callable[[FloatArray], FloatArray]) -> Kappa:
    """Return a kappa of what parts add up to.

    Parameters
    ----------
    of_parts : (parts, numbers)
    rate : makes (draws,) kappas of (draws, numbers) sums, NaN where there is none
    """
    value = float(rate(of_parts.sum(0, keepdims=True))[0])
    if np.isnan(value):
        return Kappa(None)
    parts = len(of_parts)
    drawn = np.random.default_rng(_SEED).multinomial(parts, np.full(parts, 1 / parts), _DRAWS)
    kappas = rate(drawn @ of_parts)
    low, high = np.nanquantile(kappas, (0.025, 0.975))
    return Kappa(value, float(min(low, value)), float(max(high, value)))


def _rate_tables(sums: FloatArray) -> FloatArray:
    neither, second, first, both = sums.T / sums.sum(1)
    by_first, by_second = first + both, second + both
    by_chance = by_first * by_second + (1 - by_first) * (1 - by_second)
    return _beyond_chance(neither + both, by_chance)


def _rate_sums(sums: FloatArray) -> FloatArray:
    agreeing, yes, parts = sums.T
    share = yes / parts
    return _beyond_chance(agreeing / parts, share**2 + (1 - share) ** 2)


def _beyond_chance(observed: FloatArray, by_chance: FloatArray) -> FloatArray:
    left = 1 - by_chance
    kappas: FloatArray = np.divide(
        observed - by_chance, left, out=np.full_like(left, np.nan), where=left > _CERTAIN
    )
    return kappas
