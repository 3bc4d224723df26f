"""Images among the good ones that are no good ones: foreign things, black frames, a lens out of focus.

Such an image makes a threshold that is low enough to let it pass, and with it every defect.
It is told from the scores of all images under fits without them, by their median and median absolute
deviation, neither of which it can move. The cut is far beyond what good images reach, on every kind of part
tried (see `tests/benchmarks/odd_images.py`): an odd but good part is to be learned from, and not to be
rejected tomorrow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.arrays import FloatArray, IntArray

LEAVE_OUT, KEEP = "leave-out", "keep"
CHOICES = (LEAVE_OUT, KEEP)

MOST = 0.1
"""Share of the images that may be suspects: more are no slips, but a second kind of part."""

FEWEST = 8
"""Images from which a median tells what is usual."""

_FAR = 12.0  # robust standard deviations below the median of the others
_FLAT = 1.0  # grey levels of contrast
_DARK, _BRIGHT = 10.0, 245.0
_BLURRED, _BLURRED_BY = 0.4, 8.0  # of the usual sharpness, and robust standard deviations of its logarithm


@dataclass(frozen=True)
class Suspect:
    """An image unlike the other good ones.

    Parameters
    ----------
    place : its number among the images
    reason : why, to stand behind its name: "is all black"
    """

    place: int
    reason: str


def find_by_look(looks: FloatArray) -> list[Suspect]:
    """Find frames that are black, white, of one grey or out of focus among (images, 3) looks."""
    flat = np.flatnonzero(looks[:, 1] < _FLAT)
    found = [Suspect(int(place), _flat_reason(looks[place, 0])) for place in flat]
    rich = np.flatnonzero(looks[:, 1] >= _FLAT)
    if len(rich) >= FEWEST:
        logs = np.log(np.maximum(looks[rich, 2], 1e-6))
        blurred = (deviations(logs) < -_BLURRED_BY) & (logs - np.median(logs) < np.log(_BLURRED))
        found += [Suspect(int(place), "is out of focus") for place in rich[blurred]]
    return sorted(found, key=lambda suspect: suspect.place)


def find_by_score(scores: FloatArray) -> list[Suspect]:
    """Find images whose held-out scores, (images,), lie far below those of the others."""
    if len(scores) < FEWEST:
        return []
    far = np.flatnonzero(deviations(scores) < -_FAR)
    reason = f"is unlike the other {len(scores) - len(far):,}"
    return [Suspect(int(place), reason) for place in far]


def deviations(values: FloatArray) -> FloatArray:
    """Return how many robust standard deviations (images,) values are from their median."""
    middle = np.median(values)
    apart = values - middle
    spread = 1.4826 * np.median(np.abs(apart))
    usual: FloatArray = apart / max(float(spread), 1e-9 * max(1.0, abs(float(middle))))
    return usual


def are_several_kinds(suspects: Sequence[Suspect], count: int) -> bool:
    """Tell whether so many of `count` images are suspects that they must be parts of another kind."""
    return len(suspects) > max(1, int(MOST * count))


def _flat_reason(brightness: float) -> str:
    if brightness <= _DARK:
        return "is all black"
    return "is all white" if brightness >= _BRIGHT else "is of one grey or colour, without a part"


def cluster(vectors: FloatArray, suspects: IntArray) -> list[IntArray]:
    """Return the images' places by kind: the largest kind first.

    Parameters
    ----------
    vectors : (images, features)
    suspects : those that are unlike the others; the others are of one kind
    """
    from sklearn.cluster import AgglomerativeClustering

    others = np.setdiff1d(np.arange(len(vectors)), suspects)
    odd = np.asarray(vectors)[suspects]
    apart = np.linalg.norm(np.asarray(vectors)[others] - np.asarray(vectors)[others].mean(axis=0), axis=1)
    if len(suspects) < 2:
        return [others, suspects]
    labels = AgglomerativeClustering(None, linkage="average", distance_threshold=2 * float(np.median(apart)))
    numbers = labels.fit_predict(odd)
    kinds = [others, *(suspects[numbers == number] for number in np.unique(numbers))]
    return sorted(kinds, key=len, reverse=True)
