"""What is said of an image. The one place that compares scores with thresholds."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, overload

import numpy as np

from anomaly_gui.language import mark, translate

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, IntArray


class Verdict(str, Enum):
    """What is said of an image; its value is the word in files and on the command line."""

    GOOD = "good"
    DEFECT = "defect"
    NOT_SURE = "not sure"
    CANNOT_JUDGE = "cannot judge"

    def __str__(self) -> str:
        """Return the word."""
        return self.value

    @property
    def told(self) -> str:
        """The word as people read it."""
        return translate(_TOLD[self])

    __hash__ = str.__hash__  # as equal to its word as it is: both find the same in a dictionary


VERDICTS = tuple(Verdict)
_TOLD = {
    Verdict.GOOD: mark("good"),
    Verdict.DEFECT: mark("defect"),
    Verdict.NOT_SURE: mark("not sure"),
    Verdict.CANNOT_JUDGE: mark("cannot judge"),
}


@overload
def is_anomalous(score: float, threshold: float) -> bool: ...
@overload
def is_anomalous(score: FloatArray, threshold: float) -> BoolArray: ...
def is_anomalous(score: float | FloatArray, threshold: float) -> bool | BoolArray:
    """Tell whether a score, or each of an array, is that of an anomalous image: below the threshold.

    >>> is_anomalous(-5.0, -5.0), is_anomalous(-5.1, -5.0)
    (False, True)
    """
    return score < threshold


def find_verdicts(scores: FloatArray, threshold: float, unsure: float = 0.0) -> IntArray:
    """Return the index in `VERDICTS` of each score's verdict, (images,) int8; without a score: cannot judge.

    Parameters
    ----------
    scores : (images,), NaN where there is none
    unsure : half the width of the band around the threshold in which the verdict is "not sure"; 0 for none

    >>> [str(VERDICTS[one]) for one in find_verdicts(np.array([-6.0, -4.5, np.nan]), -5.0, unsure=0.5)]
    ['defect', 'not sure', 'cannot judge']
    """
    codes = np.full(len(scores), VERDICTS.index(Verdict.CANNOT_JUDGE), np.int8)
    codes[is_anomalous(scores, threshold)] = VERDICTS.index(Verdict.DEFECT)
    codes[scores >= threshold] = VERDICTS.index(Verdict.GOOD)
    if unsure > 0:
        low, high = threshold - unsure, threshold + unsure
        codes[(scores >= low) & (scores <= high)] = VERDICTS.index(Verdict.NOT_SURE)
    return codes
