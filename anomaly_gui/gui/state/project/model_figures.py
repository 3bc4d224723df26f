"""What two models of a project make of the same labelled images, read from their journals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.judging.metrics import Rate, roc
from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.gui.state.journal_record import read_journal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import IntArray
    from anomaly_gui.detection.judging.metrics import Label
    from anomaly_gui.detection.judging.thresholds import Threshold


@dataclass(frozen=True)
class ModelFigures:
    """What a model makes of labelled images, at its own threshold.

    Parameters
    ----------
    images : how many were judged
    false_alarms, misses : among those labelled good, and defect
    auroc : None where there are not both
    threshold : the model's own; None where none is known
    """

    images: int
    false_alarms: Rate
    misses: Rate
    auroc: float | None
    threshold: Threshold | None


def compare_models(
    journals: tuple[Path, Path], labels: Mapping[Path, ImageLabel]
) -> tuple[ModelFigures, ModelFigures]:
    """Return the figures of two models on the labelled images that both have judged.

    OSError where a journal cannot be read.
    """
    records = [read_journal(journal) for journal in journals]
    first, second = ({row.path: row.score for row in record.rows} for record in records)
    both = [path for path, label in labels.items() if label and path in first and path in second]
    of = np.array([labels[path] for path in both], np.int8)
    return (
        _find_figures([first[path] for path in both], of, records[0].threshold),
        _find_figures([second[path] for path in both], of, records[1].threshold),
    )


def _find_figures(given: list[float | None], labels: IntArray, threshold: Threshold | None) -> ModelFigures:
    scores = np.array([np.nan if score is None else score for score in given])
    judged = ~np.isnan(scores)
    scores, labels = scores[judged], labels[judged]
    good = labels == ImageLabel.GOOD
    rejected = scores < (-np.inf if threshold is None else threshold.value)
    names: list[Label] = ["normal" if is_good else "anomalous" for is_good in good.tolist()]
    curve = roc(scores, names) if len(names) else None
    return ModelFigures(
        len(given),
        Rate.of(int((good & rejected).sum()), int(good.sum())),
        Rate.of(int((~good & ~rejected).sum()), int((~good).sum())),
        None if curve is None else curve.area,
        threshold,
    )
