"""What is compared: detectors with their layers and sizes, and how each does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.detectors.costs import estimate_megabytes
from anomaly_gui.detection.judging.metrics import Rate, average_precision, image_auroc
from anomaly_gui.detection.judging.thresholds import (
    HELD_OUT,
    GoodScores,
    by_false_alarm_rate,
    with_expectation,
)
from anomaly_gui.detection.settings.backbones import VGG16
from anomaly_gui.detection.settings.choices import AUTOMATIC
from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from anomaly_gui.language import translate
from anomaly_gui.wording import join_list, percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.detection.detectors.protocol import Fitted
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.detection.images.records import ImageRecord
    from anomaly_gui.detection.judging.metrics import Label
    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.detection.settings.train_settings import TrainSettings


@dataclass(frozen=True, eq=False)
class CandidateScores:
    """The scores of images, by their files: of good ones under fits without them, and of known defects."""

    good: Mapping[Path, float]
    defects: Mapping[Path, float]


@dataclass(frozen=True)
class Candidate:
    """A detector with its layers and size, and what it makes of the images.

    Parameters
    ----------
    layers : of the pooled features
    auroc, average_precision, found : held-out scores of the good images against scores of the defects, and
        defects found at the threshold; None without defects
    threshold : by the promised false-alarm rate, with what to expect of it
    images_per_second : through the whole program on this machine, about
    megabytes : of the model file, about
    training_seconds : what learning the features took; None where there is nothing to learn
    backbone : whose features are used; empty where they are learned
    """

    detector: str
    layers: tuple[str, ...]
    size: int
    auroc: float | None
    average_precision: float | None
    found: Rate | None
    threshold: Threshold
    images_per_second: float
    megabytes: float
    training_seconds: float | None = None
    backbone: str = VGG16.name

    @property
    def choice(self) -> dict[str, str | int | None]:
        """The settings that make a training take this candidate."""
        if DETECTORS[self.detector].is_learned:
            return {"detector": self.detector, "learned_size": str(self.size)}
        if DETECTORS[self.detector].keeps_proportions:  # it takes backbone, layers, size and shape by itself
            return {"detector": self.detector, "backbone": AUTOMATIC, "layer": AUTOMATIC, "size": None}
        layers = ",".join(self.layers)
        return {"detector": self.detector, "backbone": self.backbone, "layer": layers, "size": self.size}

    @property
    def higher_rate(self) -> str:
        """The false-alarm rate it found defects at, where that is higher than asked: too few good images."""
        promised, asked = self.threshold.promised_rate, self.threshold.asked_rate
        return (
            translate("at {rate}", rate=percent(promised, 1))
            if promised and asked and promised > asked
            else ""
        )

    def __str__(self) -> str:
        """Name it."""
        layers = [self.backbone, ",".join(self.layers)] if self.layers else []
        return join_list([self.detector, *layers, f"{self.size} px"])


def candidate_of(
    settings: TrainSettings, fitted: Fitted, groups: Groups, defects: FloatArray, images_per_second: float
) -> Candidate:
    """Return what a fitted detector makes of good images it did not know and of defects, (images,) scores."""
    good, _, of_groups = fitted.judged(groups)
    known = GoodScores(good, of_groups, HELD_OUT)
    threshold = with_expectation(by_false_alarm_rate(known, settings.false_alarm_rate), known)
    scores = np.concatenate([good, defects])
    labels: list[Label] = [
        *(["normal"] * len(good)),  # type: ignore[list-item]
        *(["anomalous"] * len(defects)),  # type: ignore[list-item]
    ]
    found = int(np.sum(defects < threshold.value))
    return Candidate(
        settings.detector,
        settings.features.layers,
        settings.used_size,
        image_auroc(scores, labels),
        average_precision(scores, labels),
        Rate.of(found, len(defects)) if len(defects) else None,
        threshold,
        images_per_second,
        estimate_megabytes(fitted.detector, len(fitted.held_out)),
        backbone=settings.declared_backbone.name,
    )


def scores_of(
    fitted: Fitted, good: Sequence[ImageRecord], bad: Sequence[ImageRecord], defects: FloatArray
) -> CandidateScores:
    """Return the scores of good images that a fitted detector did not know, and of defects, by file."""
    judged = range(len(good)) if fitted.unseen is None or not len(fitted.unseen) else fitted.unseen.tolist()
    of_good = {good[number].path: float(fitted.held_out[number]) for number in judged}
    return CandidateScores(of_good, {one.path: float(score) for one, score in zip(bad, defects, strict=True)})
