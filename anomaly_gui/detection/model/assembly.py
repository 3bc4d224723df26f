"""From a fitted detector and the images it rests on to a model: its threshold, level and record."""

from __future__ import annotations

import platform
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

import anomaly_gui
from anomaly_gui.detection.detectors.fitting import fit_detector, judge_all
from anomaly_gui.detection.detectors.renewal.renewal import CellsAtHand
from anomaly_gui.detection.features.record_columns import list_sizes
from anomaly_gui.detection.images.variants.variation import IN_PLACE
from anomaly_gui.detection.judging.light_range import LightRange, fit_light_range
from anomaly_gui.detection.judging.metrics import best_f1_threshold
from anomaly_gui.detection.judging.thresholds import (
    BY_HAND,
    CALIBRATION,
    HELD_OUT,
    LABELLED,
    TRAINING,
    GoodScores,
    Threshold,
    by_false_alarm_rate,
    by_sigma,
    with_expectation,
)
from anomaly_gui.detection.judging.verdicts import is_anomalous
from anomaly_gui.detection.model.model import Admission, Model, Reference, TrainingRecord
from anomaly_gui.detection.model.updatable import keep_sums
from anomaly_gui.detection.model.weighing import Weighing, weigh_opinions
from anomaly_gui.detection.settings.choices import BEST_F1, MANUAL, OF_TRAINING, SIGMA
from anomaly_gui.errors import TrainingError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray, Rows
    from anomaly_gui.detection.detectors.protocol import Detector, Fitted
    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.detection.judging.suspects import SuspectImage
    from anomaly_gui.detection.learning.split import Split
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.detection.settings.train_settings import TrainSettings

_AT_ONCE = 4096  # images
_REFERENCES = 4


@dataclass(frozen=True, eq=False)
class ScreenedImages:
    """Good images that are learned from, or calibrated with.

    Parameters
    ----------
    images : without those left out
    groups : which of them show one part
    perhaps_good : parts left out that may be good; see `GoodScores`
    left_out : images that were left out as unlike the others
    """

    images: Collection
    groups: Groups
    perhaps_good: int = 0
    left_out: tuple[SuspectImage, ...] = ()


@dataclass(frozen=True, eq=False)
class OwnScores:
    """What a fitted detector says of the images it was fitted to, and what is at hand of them.

    Parameters
    ----------
    scores : (images,) under the fit that includes them
    reference : a few inputs, and what is said of them
    cells : of some of the images and of their variants, or of all
    """

    scores: FloatArray
    reference: Reference
    cells: tuple[CellsAtHand, ...]


@dataclass(frozen=True, eq=False)
class KnownDefects:
    """Known defects, and a number for each, (images,): those of one number show one part."""

    images: Collection
    parts: IntArray


def assemble_model(
    settings: TrainSettings,
    plan: Plan,
    normal: ScreenedImages,
    calibration: ScreenedImages,
    defects: KnownDefects,
    split: Split | None,
    runtime: Runtime,
) -> tuple[Model, Weighing | None]:
    """Fit the detector, choose its threshold, and return what defects say of the opinions it joins.

    Parameters
    ----------
    normal, calibration : good images; the threshold rests on the second where there are any
    defects : for the rule best-f1, and for what counts in the automatic detector
    split : what a network was trained on, where features were learned

    Raises
    ------
    TrainingError : one image, or nothing to learn from them
    """
    fitted = fit_detector(settings, plan, normal.images, normal.groups, split)
    fitted, weighing = weigh_opinions(fitted, normal.groups, defects.images, defects.parts)
    scores = judge_all(fitted.detector, normal.images)[0] if fitted.own is None else fitted.own
    samples = normal.images.samples[:_REFERENCES]
    cells = normal.images.all_cells
    at_hand = () if cells is None else (CellsAtHand(cells, np.arange(len(cells))),)
    own = OwnScores(scores, Reference(samples, scores[: len(samples)]), at_hand)
    return complete_model(settings, fitted, own, normal, calibration, defects.images, runtime), weighing


def complete_model(
    settings: TrainSettings,
    fitted: Fitted,
    own: OwnScores,
    normal: ScreenedImages,
    calibration: ScreenedImages,
    defects: Collection,
    runtime: Runtime,
    recorded: IntArray | None = None,
) -> Model:
    """Choose the threshold of a fitted detector; for the parameters see `assemble_model`.

    Parameters
    ----------
    recorded : the indices of the good images that the model names, where it has not room for all
    """
    plan = fitted.detector.plan
    judged = judge_all(fitted.detector, calibration.images)
    good, peaks = _gather_good_scores(fitted, normal, calibration, *judged)
    detector = _set_level(fitted.detector, peaks, good, settings.false_alarm_rate)
    record = _record_training(settings, fitted, own, normal, calibration, judged[0], good.left_out, recorded)
    threshold = _choose_threshold(settings, own.scores, good, judge_all(detector, defects)[0])
    light = _find_light_range(fitted, normal, calibration, good, settings.false_alarm_rate)
    return Model(
        detector=detector,
        threshold=with_expectation(threshold, good),
        admission=_admit_images_like(normal.images, calibration.images, light),
        training=record,
        reference=own.reference,
        pixel_limit=settings.pixel_limit,
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        weights_sha256=plan.features.declared_backbone.sha256,
        versions=_list_versions(plan, runtime),
    )


def _gather_good_scores(
    fitted: Fitted,
    normal: ScreenedImages,
    calibration: ScreenedImages,
    calibration_scores: FloatArray,
    calibration_peaks: FloatArray | None,
) -> tuple[GoodScores, FloatArray | None]:
    """Return the scores that the threshold rests on, and the highest values of the same images' maps."""
    if len(calibration_scores):
        basis = GoodScores(calibration_scores, calibration.groups, CALIBRATION, calibration.perhaps_good)
        return basis, calibration_peaks
    scores, peaks, groups = fitted.judged(normal.groups)
    return GoodScores(scores, groups, HELD_OUT, normal.perhaps_good), peaks


def _set_level(
    detector: Detector, peaks: FloatArray | None, good: GoodScores, false_alarm_rate: float
) -> Detector:
    """Return the detector with its maps on the level that only that share of good images exceeds."""
    if peaks is None:
        return detector
    lowest = by_false_alarm_rate(GoodScores(-peaks, good.groups, good.basis), false_alarm_rate)
    return detector.with_level(-lowest.value)


def _record_training(
    settings: TrainSettings,
    fitted: Fitted,
    own: OwnScores,
    normal: ScreenedImages,
    calibration: ScreenedImages,
    calibration_scores: FloatArray,
    left_out: int,
    recorded: IntArray | None,
) -> TrainingRecord:
    images, groups = normal.images, normal.groups
    if recorded is not None:
        images, groups = images.select_images(recorded), groups.select_images(recorded)
    which = slice(None) if recorded is None else recorded
    can_renew = fitted.detector.can_renew and recorded is None
    return TrainingRecord(
        images=tuple(images.records),
        scores=own.scores[which],
        held_out=fitted.held_out[which],
        vectors=np.asarray(images.vectors, np.float32) if can_renew else _round_to_half(images.vectors),
        groups=groups.numbers,
        grouped_by=groups.method,
        calibration=tuple(calibration.images.records),
        calibration_scores=calibration_scores,
        calibration_groups=calibration.groups.numbers,
        unseen=fitted.is_unseen,
        looks=images.looks,
        left_out=left_out,
        suspects=(*normal.left_out, *calibration.left_out),
        kept=keep_sums(settings, fitted, own.cells, images) if can_renew else None,
        learned_from=None if recorded is None else len(normal.images.records),
    )


def _round_to_half(rows: Rows) -> FloatArray:
    """Return (images, features) as float16, block by block."""
    halved, most = np.empty(rows.shape, np.float16), np.finfo(np.float16).max
    for first in range(0, len(rows), _AT_ONCE):
        block = slice(first, first + _AT_ONCE)
        halved[block] = np.minimum(rows[block], most)
    return halved


def _choose_threshold(
    settings: TrainSettings, training: FloatArray, good: GoodScores, anomalous: FloatArray
) -> Threshold:
    if settings.rule == SIGMA and settings.sigma_scores == OF_TRAINING:
        chosen = by_sigma(training, settings.sigmas, TRAINING)
    elif settings.rule == SIGMA:
        chosen = by_sigma(good.scores, settings.sigmas, good.basis)
    elif settings.rule == BEST_F1:
        chosen = _choose_by_best_f1(good.scores, anomalous)
    elif settings.rule == MANUAL and settings.threshold is not None:
        chosen = Threshold(settings.threshold, MANUAL, BY_HAND)
    else:
        chosen = by_false_alarm_rate(good, settings.false_alarm_rate)
    return replace(chosen, unsure=settings.unsure)


def _choose_by_best_f1(good: FloatArray, anomalous: FloatArray) -> Threshold:
    labels = ["normal"] * len(good) + ["anomalous"] * len(anomalous)
    value = best_f1_threshold(np.concatenate([good, anomalous]), labels)  # type: ignore[arg-type]
    if value is None:
        raise TrainingError(translate("The rule best-f1 needs good images and known defects."))
    return Threshold(value, BEST_F1, LABELLED)


def _admit_images_like(normal: Collection, calibration: Collection, light: LightRange | None) -> Admission:
    sizes = {size for images in (normal, calibration) for size in list_sizes(images.records)}
    aspects = [width / height for width, height in sizes]
    longest = [max(width, height) for width, height in sizes]
    return Admission((min(aspects), max(aspects)), (min(longest), max(longest)), light)


def _find_light_range(
    fitted: Fitted, normal: ScreenedImages, calibration: ScreenedImages, good: GoodScores, rate: float
) -> LightRange | None:
    """Return in which light good images are judged good; None where none was learned in other light."""
    variants = normal.images.variants
    if variants is None or fitted.of_variants is None:
        return None
    in_place = variants.numbers < IN_PLACE  # of the others it may be the place
    rejected = is_anomalous(fitted.of_variants, by_false_alarm_rate(good, rate).value)[in_place]
    lights = np.concatenate([normal.images.lights, calibration.images.lights])
    return fit_light_range(lights, variants.lights[in_place], rejected)


def _list_versions(plan: Plan, runtime: Runtime) -> dict[str, str]:
    return {
        "anomaly-gui": anomaly_gui.__version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scikit-learn": version("scikit-learn"),  # it takes a second to import
        "runtime": plan.runs_on(runtime),
    }
