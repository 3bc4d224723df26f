"""What a model keeps so that images can be added and taken out, whether they can, and how it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.detectors.renewal.items import Items
from anomaly_gui.detection.detectors.renewal.renewal import MOST_FINGERPRINTS, choose_kept, read_all_cells
from anomaly_gui.detection.model.model import Kept
from anomaly_gui.detection.settings.choices import AUTO_DEPTH, BEST_F1, FALSE_ALARM_RATE, MANUAL
from anomaly_gui.detection.settings.detector_kinds import LEARNED
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.errors import TrainingError
from anomaly_gui.language import mark, translate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray
    from anomaly_gui.detection.detectors.protocol import Detector, Fitted
    from anomaly_gui.detection.detectors.renewal.renewal import CellsAtHand
    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.features.variants import Variants
    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.detection.model.model import Model

_ANEW = mark("train a model anew with all images.")


def require_kept(model: Model) -> Kept:
    """Return what a model kept so that images can be added and taken out.

    Raises
    ------
    TrainingError : why they cannot be
    """
    kept = model.training.kept
    if model.detector.kind in LEARNED or model.detector.plan.pieces > 1:
        raise TrainingError(_explain_kind(model))
    if model.training.learned_from is not None:
        raise TrainingError(
            translate(
                "This model was made of {count:,} images, of which it keeps only some: {advice}",
                count=model.training.learned_from,
                advice=translate(_ANEW),
            )
        )
    if kept is None or not model.detector.can_renew:
        raise TrainingError(
            translate(
                "This model was made by an earlier version, which did not keep the sums, the features in "
                "full and the fingerprints that adding and taking out images needs: {advice}",
                advice=translate(_ANEW),
            )
        )
    if model.threshold.rule == BEST_F1:
        raise TrainingError(
            translate(
                "The threshold of this model rests on known defects, which it does not hold: {advice}",
                advice=translate(_ANEW),
            )
        )
    return kept


def _explain_kind(model: Model) -> str:
    """Say why no model of this kind keeps it."""
    if model.detector.kind in LEARNED:
        return translate(
            "The network of the detector {detector} was trained on its images, which cannot be undone or "
            "added to: {advice}",
            detector=model.detector.kind,
            advice=translate(_ANEW),
        )
    return translate(
        "This model judges {pieces} parts in each image; images cannot be added to such models or taken "
        "out: {advice}",
        pieces=model.detector.plan.pieces,
        advice=translate(_ANEW),
    )


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


def keep_sums(
    settings: TrainSettings, fitted: Fitted, at_hand: Sequence[CellsAtHand], images: Collection
) -> Kept:
    """Return what adding and taking out images needs.

    Parameters
    ----------
    at_hand : cells of some of the images and of their variants, or of all
    images : those that are learned from
    """
    fingerprints, variants, cells, which = images.fingerprints.rows, images.variants, None, None
    if at_hand and fitted.traces is not None:
        which = _choose_items(fitted.held_out, at_hand, variants)
        cells = read_all_cells(at_hand, which).astype(np.float16)
    known = np.asarray(fingerprints[: len(fingerprints) if len(fingerprints) <= MOST_FINGERPRINTS else 0])
    return Kept(
        settings.group_by,
        settings.suspects,
        settings.sigma_scores,
        settings.false_alarm_rate,
        fitted.traces,
        None if fitted.traces is None else fitted.peaks,
        known if len(known) else np.empty((len(fingerprints), 0), np.uint8),
        cells,
        which,
        settings.used_variants,
        None if variants is None else variants.without_cells(),
        None if variants is None else images.lights.astype(np.float32),
    )


def _choose_items(held_out: FloatArray, cells: Sequence[CellsAtHand], variants: Variants | None) -> IntArray:
    """Return which images' cells are kept, and those of their variants, ascending."""
    at_hand, count = np.concatenate([one.which for one in cells]), len(held_out)
    sources = np.empty(0, np.int64) if variants is None else variants.sources
    most = int(np.bincount(sources).max()) if len(sources) else 0
    images = choose_kept(held_out, at_hand[at_hand < count], most)
    return Items.list_all(count, sources).of_images(images)
