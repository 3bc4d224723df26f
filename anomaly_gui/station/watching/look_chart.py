"""Whether one measure of the pictures, such as their brightness, is still what it was."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.station.watching.reference import (
    FIRST_PARTS,
    SETTLED_PARTS,
    WEIGHT,
    Reference,
    measure_reference,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from river.drift import PageHinkley

_SPREADS = 5.0
_RARE = math.log(1e7)  # a warning of the Page-Hinkley test without a change: one in so many parts
_REMEMBERED = 200  # parts among which a change is searched
_PARTS = 16  # as far from the centre as a part counts, one after the other, that the test waits for at least
_PRIMED = 2000  # parts at the centre that a test begins with
_PRESENT = 20  # parts that tell how much it changed: light that creeps is no longer as it began
_SMALLEST = 1e-3


@dataclass(frozen=True)
class Change:
    """What a measure has become.

    Parameters
    ----------
    share : by how much of what it was, such as -0.15
    since : moment of the first part that belongs to it
    """

    share: float
    since: str


class LookChart:
    """Watches one measure by an average that forgets (EWMA) and by the Page-Hinkley test, on its logarithm.

    Both warn of changes above `tolerance` only, and above what the first parts' own wandering explains. The
    average finds what creeps, against the first parts; the test what comes at once.

    Parameters
    ----------
    tolerance : change, as a difference of logarithms, that is none
    """

    def __init__(self, tolerance: float) -> None:
        self._tolerance = tolerance
        self._first: list[float] = []
        self.reference: Reference | None = None
        self._average = 0.0
        self._last: deque[tuple[str, float]] = deque(maxlen=_REMEMBERED)
        self._test: PageHinkley | None = None
        self.change: Change | None = None

    @property
    def limit(self) -> float:
        """How far the average may be from the first parts."""
        if self.reference is None:
            return math.inf
        return max(self._tolerance, _SPREADS * self.reference.spread_of_average)

    @property
    def share(self) -> float:
        """By how much of what it was the measure is above it now."""
        return math.expm1(self._average)

    @property
    def limit_share(self) -> float:
        """The limit of what is below, as a share of what it was: the nearer one."""
        return -math.expm1(-self.limit)

    @property
    def count_first(self) -> int:
        """How many of the first parts are known."""
        return len(self._first)

    def note(self, at: str, measure: float) -> None:
        """Take in the next part."""
        value = math.log(max(measure, _SMALLEST))
        self._learn(value)
        if self.reference is None:
            return
        apart = self.reference.bound(value)
        self._last.append((at, value))
        self._average += WEIGHT * (apart - self._average)
        if self.change is not None:
            if abs(self._average) < self.limit / 2:
                self.change = None
                self.restart_test()
        elif self._has_jumped(apart) or abs(self._average) > self.limit:
            self.change = self._find_change(self.reference.centre)

    def restart_test(self) -> None:
        """Let the Page-Hinkley test begin again from the first parts."""
        self._test = None if self.reference is None else self._make_test(self.reference)

    def _learn(self, value: float) -> None:
        """Take the first 200 parts for usual, and then the first 1,000: 200 tell little of a slow line."""
        if len(self._first) >= SETTLED_PARTS or self.change is not None:
            return
        self._first.append(value)
        if len(self._first) in (FIRST_PARTS, SETTLED_PARTS):
            before, self.reference = self.reference, measure_reference(np.array(self._first), self._tolerance)
            self._average += 0.0 if before is None else before.centre - self.reference.centre
            self.restart_test()

    def _make_test(self, reference: Reference) -> PageHinkley:
        """Return a test whose mean is that of the first parts, and stays near it for an epoch.

        A walk of steps of variance v that drifts back by d each step passes h with a chance of
        exp(-2 d h / v): h is where that is one in ten million.
        """
        from river.drift import PageHinkley  # half a second: what only shows records should not wait for it

        height = max(_PARTS * self._tolerance, _RARE * reference.lasting_variance / (2 * self._tolerance))
        test = PageHinkley(min_instances=1, delta=self._tolerance, threshold=height, alpha=1.0)
        for _ in range(_PRIMED):
            test.update(0.0)
        return test

    def _has_jumped(self, apart: float) -> bool:
        if self._test is None:
            return False
        self._test.update(apart)
        return bool(self._test.drift_detected)

    def _find_change(self, centre: float) -> Change:
        values = [value - centre for _, value in self._last]
        sign = 1.0 if self._average > 0 else -1.0
        began = find_beginning(values, sign, self._tolerance / 2)
        share = math.expm1(float(np.median(values[max(began, len(values) - _PRESENT) :])))
        return Change(share, self._last[began][0])


def find_beginning(values: Sequence[float], sign: float, least: float) -> int:
    """Return the index from which on values are best told from those before, by their sum above `least`.

    >>> find_beginning([0.01, -0.02, 0.0, -0.16, -0.14, -0.17], -1.0, 0.04)
    3
    """
    sums = np.cumsum((sign * np.asarray(values) - least)[::-1])[::-1]
    return int(sums.argmax())
