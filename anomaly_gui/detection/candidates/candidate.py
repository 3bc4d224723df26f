"""What is compared: detectors with their layers and sizes, how each does, and which to take."""

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
from anomaly_gui.detection.settings.choices import AUTO, AUTOMATIC
from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from anomaly_gui.wording import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.detection.detectors.placement.placement import Placement
    from anomaly_gui.detection.detectors.protocol import Fitted
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.detection.judging.metrics import Label
    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.detection.settings.train_settings import TrainSettings

_AS_GOOD = 0.005  # AUROC: candidates this near to the best are ranked by what they find


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
        return f"at {percent(promised, 1)}" if promised and asked and promised > asked else ""

    def __str__(self) -> str:
        """Name it."""
        layers = [self.backbone, ",".join(self.layers)] if self.layers else []
        return ", ".join([self.detector, *layers, f"{self.size} px"])


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


def recommend_candidate(
    candidates: Sequence[Candidate], placement: Placement, settings: TrainSettings
) -> tuple[Candidate, str]:
    """Return the candidate to take, and why in words.

    Of candidates whose AUROC is nearly the highest, those that can promise the lowest false-alarm rate, for
    learned features leave fewer good images to promise by; and of these that which finds most. Without
    defects nothing is ranked by accuracy: the detector is the one that a training recommends.
    """
    ranked = [one for one in candidates if one.auroc is not None]
    if ranked:
        highest = max(one.auroc or 0.0 for one in ranked)
        as_good = [one for one in ranked if one.auroc is not None and one.auroc >= highest - _AS_GOOD]
        best = max(
            as_good,
            key=lambda one: (
                -(one.threshold.promised_rate or 0.0),
                one.found.count if one.found else 0,
                one.images_per_second,
            ),
        )
        return best, _ranked_words(best)
    wanted = placement.recommended or AUTO
    chosen = min(
        (one for one in candidates if one.detector == wanted),
        key=lambda one: (
            one.backbone != settings.declared_backbone.name,
            abs(one.size - settings.used_size),
            one.layers != settings.features.layers,
        ),
        default=candidates[0],
    )
    return chosen, _unranked_words(chosen, placement)


def _ranked_words(best: Candidate) -> str:
    if best.found is None or best.auroc is None:
        raise ValueError("only what was measured is ranked")
    rate = best.threshold.promised_rate or 0.0
    return (
        f"Take {best}: at {percent(rate, 1)} promised false alarms it found {best.found.count:,} of "
        f"{best.found.total:,} defects (AUROC {best.auroc:.3f}). Judge it on images that had no part in "
        "this choice."
    )


def _unranked_words(chosen: Candidate, placement: Placement) -> str:
    how = placement.description
    return (
        "Without known defects nothing can be ranked by accuracy: good images tell how often a model would "
        f"raise a false alarm, not which defects it would miss. {how} Take {chosen}, and give known defects "
        "as soon as there are some."
    )
