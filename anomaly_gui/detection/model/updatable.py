"""Can images be added to a model, or taken out? And by which settings was it made?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from anomaly_gui.detection.settings.choices import AUTO_DEPTH, BEST_F1, FALSE_ALARM_RATE, MANUAL
from anomaly_gui.detection.settings.detector_kinds import LEARNED
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.errors import TrainingError

if TYPE_CHECKING:
    from anomaly_gui.detection.detectors.protocol import Detector
    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.detection.model.model import Kept, Model

_ANEW = "train a model anew with all images."


def require_kept(model: Model) -> Kept:
    """Return what a model kept so that images can be added and taken out.

    Raises
    ------
    TrainingError : why they cannot be
    """
    kept = model.training.kept
    if model.detector.kind in LEARNED:
        raise TrainingError(
            f"The network of the detector {model.detector.kind} was trained on its images, which cannot be "
            f"undone or added to: {_ANEW}"
        )
    if kept is None or not model.detector.can_renew:
        raise TrainingError(
            "This model was made by an earlier version, which did not keep the sums, the features in full "
            f"and the fingerprints that adding and taking out images needs: {_ANEW}"
        )
    if model.threshold.rule == BEST_F1:
        raise TrainingError(
            f"The threshold of this model rests on known defects, which it does not hold: {_ANEW}"
        )
    return kept


def restore_settings(
    detector: Detector, threshold: Threshold, kept: Kept, pixel_limit: int, suspects: str | None = None
) -> TrainSettings:
    """Return the settings of a training that a model tells of; `suspects` instead of its own, if any."""
    features, asked = detector.plan.features, threshold.asked_rate
    return TrainSettings(
        detector=detector.kind,
        backbone=features.backbone,
        layer=",".join(features.layers),
        size=features.size,
        proportions=features.proportions,
        normalization=features.normalization,
        rule=threshold.rule,
        threshold=threshold.value if threshold.rule == MANUAL else None,
        false_alarm_rate=asked if asked and threshold.rule == FALSE_ALARM_RATE else kept.false_alarm_rate,
        sigmas=3.0 if threshold.sigmas is None else threshold.sigmas,
        sigma_scores=kept.sigma_scores,
        unsure=threshold.unsure,
        group_by=kept.group_by,
        suspects=suspects or kept.suspects,
        variants=kept.asked_variants,
        depth=AUTO_DEPTH if features.depth is None else str(features.depth),
        pixel_limit=pixel_limit,
    )
