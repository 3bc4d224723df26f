"""How many images are judged wrong at a threshold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.judging.metrics import Rate
from anomaly_gui.detection.judging.verdicts import VERDICTS
from anomaly_gui.gui.state.image_table import ImageLabel, Origin

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import IntArray
    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.detection.judging.verdicts import Verdict
    from anomaly_gui.gui.state.image_table import ImageTable


@dataclass(frozen=True)
class ImageCounts:
    """What a threshold does to the images that are shown.

    Parameters
    ----------
    false_alarms : among the images labelled good
    misses : among the images labelled defect
    not_sure, not_judged, rejected, total : of all images, labelled or not
    """

    false_alarms: Rate
    misses: Rate
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
        alarms = int(np.searchsorted(self._good, threshold))
        found = int(np.searchsorted(self._defects, threshold))
        sure = unsure <= 0
        low, high = threshold - unsure, threshold + unsure
        band = 0 if sure else int(np.searchsorted(self._all, high, "right") - np.searchsorted(self._all, low))
        return ImageCounts(
            false_alarms=Rate.of(alarms, len(self._good)),
            misses=Rate.of(len(self._defects) - found, len(self._defects)),
            not_sure=band,
            not_judged=self._not_judged,
            rejected=int(np.searchsorted(self._all, threshold)),
            total=len(self._all) + self._not_judged,
        )


def count_dropped_verdicts(table: ImageTable, threshold: Threshold | None) -> dict[Verdict, int]:
    """Return how many of the dropped images got each verdict."""
    rows = np.flatnonzero(table.origins == Origin.DROPPED)
    counts = np.bincount(table.find_verdict_codes(rows, threshold), minlength=len(VERDICTS))
    return dict(zip(VERDICTS, counts.tolist(), strict=True))
