"""How many images are judged wrong at a threshold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from anomaly_gui.detection.judging.metrics import Rate
from anomaly_gui.detection.judging.verdicts import VERDICTS
from anomaly_gui.gui.state.image_table import ImageLabel, Origin

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray
    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.detection.judging.verdicts import Verdict
    from anomaly_gui.gui.state.image_table import ImageTable


@dataclass(frozen=True)
class ImageCounts:
    """What a threshold does to the images that are shown.

    Parameters
    ----------
    false_alarms : good images judged defect
    misses : defects judged good
    unsure_good, unsure_defects : good images and defects judged "not sure": neither right nor wrong
    not_sure, not_judged, rejected, total : of all images, labelled or not
    """

    false_alarms: Rate
    misses: Rate
    unsure_good: int
    unsure_defects: int
    not_sure: int
    not_judged: int
    rejected: int
    total: int


class ImageCounter:
    """Counts at any threshold, without looking at the images again: fast enough for every step of a drag."""

    def __init__(self, table: ImageTable, rows: IntArray) -> None:
        scores, labels = table.scores[rows], table.labels[rows]
        judged = ~np.isnan(scores)
        self._all = np.sort(scores[judged])
        self._good = np.sort(scores[judged & (labels == ImageLabel.GOOD)])
        self._defects = np.sort(scores[judged & (labels == ImageLabel.DEFECT)])
        self._not_judged = len(scores) - len(self._all)

    def count_at(self, threshold: float, unsure: float) -> ImageCounts:
        """Return the counts at a threshold with a band of so much on either side."""
        good, defects, every = (
            _count_verdicts(scores, threshold, unsure) for scores in (self._good, self._defects, self._all)
        )
        return ImageCounts(
            false_alarms=Rate.of(good.defect, len(self._good)),
            misses=Rate.of(defects.good, len(self._defects)),
            unsure_good=good.not_sure,
            unsure_defects=defects.not_sure,
            not_sure=every.not_sure,
            not_judged=self._not_judged,
            rejected=every.defect,
            total=len(self._all) + self._not_judged,
        )


class _Verdicts(NamedTuple):
    """How many images got a verdict."""

    defect: int
    not_sure: int
    good: int


def _count_verdicts(ascending: FloatArray, threshold: float, unsure: float) -> _Verdicts:
    """Count the verdicts of (images,) sorted scores, as `find_verdicts` gives them."""
    if unsure <= 0:
        defect = int(np.searchsorted(ascending, threshold))
        return _Verdicts(defect, 0, len(ascending) - defect)
    defect = int(np.searchsorted(ascending, threshold - unsure))
    good = len(ascending) - int(np.searchsorted(ascending, threshold + unsure, "right"))
    return _Verdicts(defect, len(ascending) - defect - good, good)


def count_dropped_verdicts(table: ImageTable, threshold: Threshold | None) -> dict[Verdict, int]:
    """Return how many of the dropped images got each verdict."""
    rows = np.flatnonzero(table.origins == Origin.DROPPED)
    counts = np.bincount(table.find_verdict_codes(rows, threshold), minlength=len(VERDICTS))
    return dict(zip(VERDICTS, counts.tolist(), strict=True))
