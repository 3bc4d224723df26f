"""Training: from folders of good images to a model with an honest threshold."""

from __future__ import annotations

import platform
import time
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

import anomaly_gui
from anomaly_gui.detection.datasets.image_sets import copies_of_excluded
from anomaly_gui.detection.datasets.left_out_folders import not_learned_from
from anomaly_gui.detection.datasets.training_remarks import (
    alleged_copies,
    promise_on_another_day,
    remarks_on_parts,
    remarks_on_single_image,
)
from anomaly_gui.detection.datasets.training_sets import (
    GoodImages,
    TrainingSets,
    TrainRequest,
    read_sets,
    screened,
)
from anomaly_gui.detection.detectors.fitting import fit_detector, judge_all, learn_features
from anomaly_gui.detection.detectors.placement.placement import Placement
from anomaly_gui.detection.grouping.groups import Groups
from anomaly_gui.detection.images.decoding.kinds import name_passed_over
from anomaly_gui.detection.images.folders import LeftOut
from anomaly_gui.detection.judging.metrics import best_f1_threshold
from anomaly_gui.detection.judging.promise import Promise
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
from anomaly_gui.detection.learning.network_training import TrainingImages
from anomaly_gui.detection.model.model import Admission, Model, Reference, TrainingRecord
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.runtimes.vgg16 import WEIGHTS_SHA256
from anomaly_gui.detection.settings.choices import BEST_F1, MANUAL, SIGMA
from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.errors import TrainingError

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import FloatArray, Rows
    from anomaly_gui.detection.datasets.screening import Kind
    from anomaly_gui.detection.detectors.protocol import Fitted
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.images.records import ImageRecord
    from anomaly_gui.detection.judging.suspects import SuspectImage
    from anomaly_gui.detection.learning.split import Split
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.errors import ImageRefusedError
    from anomaly_gui.progress import Progress

_AT_ONCE = 4096  # images
_REFERENCES = 4

_SAME_DAY = (
    "The threshold rests on images of the same day; calibrate with good parts of another day "
    "to trust it on other days."
)


@dataclass(frozen=True, eq=False)
class TrainResult:
    """What became of a training.

    Parameters
    ----------
    model : ready to judge
    defects : the known defects, if any were given, with their scores
    unreadable : files of any of the folders that could not be used, each with the reason
    duplicates : files with the same bytes as an earlier one, and that one; they were used once
    notes : remarks on single files that were used
    passed_over, hidden : how many files of other kinds, and hidden ones, were not looked at
    warnings : sentences the user should read
    lying : how the parts lie, as far as good images tell
    advice : a sentence that recommends another detector, or None
    seconds : how long it took
    reused : how many images' features were known from before
    left_out : folders that are not learned from, by their names, and recycle bins
    suspects : good images unlike the others, each with the reason
    suspects_left_out : whether they were left out
    kinds : of parts, where the good images show several
    alleged_copies : a few pairs of images that were taken to show one part, or cannot be told from such
    in_doubt : whether only who knows the parts can say if images show one part or several
    other_day : whether the threshold of the training images' day holds on another day; None without such
    seen_before : how many names and links were given more than once; they were used once
    """

    model: Model
    defects: tuple[tuple[ImageRecord, float], ...]
    unreadable: tuple[ImageRefusedError, ...]
    duplicates: tuple[tuple[Path, Path], ...]
    notes: tuple[tuple[Path, str], ...]
    passed_over: int
    hidden: int
    warnings: tuple[str, ...]
    lying: Placement
    advice: str | None
    seconds: float
    reused: int = 0
    left_out: tuple[LeftOut, ...] = ()
    suspects: tuple[SuspectImage, ...] = ()
    suspects_left_out: bool = False
    kinds: tuple[Kind, ...] = ()
    alleged_copies: tuple[tuple[Path, Path], ...] = ()
    in_doubt: bool = False
    other_day: Promise | None = None
    seen_before: int = 0


def train(
    request: TrainRequest,
    progress: Progress,
    runtime: Runtime | None = None,
    cache: FeatureCache | None = None,
) -> TrainResult:
    """Learn what good parts look like.

    With a cache, images whose features are known from before need no network, and a training that was cut
    off goes on where it was.

    Raises
    ------
    TrainingError : too few usable images, or all the same
    CancelledError : from `progress`
    """
    began = time.monotonic()
    settings, runtime = request.settings, runtime or default_runtime()
    if settings.rule == BEST_F1 and not request.anomalous:
        raise TrainingError("The rule best-f1 needs known defects: give their folder.")
    request, lying, plan, sets = read_sets(request, runtime, progress, cache)
    settings = request.settings
    good, other_day = (
        screened(one, request, plan, runtime, progress, cache) for one in (sets.normal, sets.calibration)
    )
    sets = replace(sets, normal=good.images, calibration=other_day.images)
    shares = None
    if DETECTORS[settings.detector].is_learned:
        plan, sets, shares = _learned(settings, plan, sets, good.groups, progress, cache)
    progress.stage("Fitting")
    model = _model(settings, plan, sets, (good, other_day), shares, runtime)
    found = _Found(sets, lying, (good, other_day))
    on_threshold = (*model.threshold.warnings, *remarks_on_single_image(model))
    warnings = (*on_threshold, *found.warnings(), *found.advice(settings.detector))
    for warning in warnings:
        progress.warn(warning)
    return _result(model, found, warnings, time.monotonic() - began)


@dataclass(frozen=True, eq=False)
class _Found:
    """What a training met on its way to the model."""

    sets: TrainingSets
    lying: Placement
    good: tuple[GoodImages, GoodImages]

    def advice(self, detector: str) -> tuple[str, ...]:
        advice = self.lying.advice(detector)
        return (advice,) if advice else ()

    def warnings(self) -> tuple[str, ...]:
        others = (name_passed_over(each.listing.others) for each in self.sets.all)
        return (
            *filter(None, others),
            *not_learned_from(self.sets.left_out),
            *copies_of_excluded(self.sets.all),
            *(warning for one in self.good for warning in one.screening.warnings),
            *remarks_on_parts(self.good[0].groups),
            *(() if self.sets.calibration.images.records else (_SAME_DAY,)),
        )


def _result(model: Model, found: _Found, warnings: tuple[str, ...], seconds: float) -> TrainResult:
    sets, lying, (good, other_day) = found.sets, found.lying, found.good
    return TrainResult(
        model=model,
        defects=_defects(model, sets),
        unreadable=tuple(error for each in sets.all for error in each.unreadable),
        duplicates=tuple(pair for each in sets.all for pair in each.images.duplicates),
        notes=tuple(
            (record.path, note)
            for each in sets.all
            for record in each.images.records
            for note in record.notes
        ),
        passed_over=sum(each.listing.passed_over for each in sets.all),
        hidden=sum(each.listing.hidden for each in sets.all),
        warnings=warnings,
        lying=lying,
        advice=lying.advice(model.detector.kind),
        seconds=seconds,
        reused=max(0, sum(each.images.reused for each in sets.all) - lying.computed),
        left_out=sets.left_out,
        suspects=(*good.screening.suspects, *other_day.screening.suspects),
        suspects_left_out=good.screening.are_left_out or other_day.screening.are_left_out,
        kinds=good.screening.kinds,
        alleged_copies=alleged_copies(good),
        in_doubt=good.groups.in_doubt,
        other_day=promise_on_another_day(model, good, other_day),
        seen_before=sum(each.listing.seen_before for each in sets.all),
    )


def _learned(
    settings: TrainSettings,
    plan: Plan,
    sets: TrainingSets,
    groups: Groups,
    progress: Progress,
    cache: FeatureCache | None,
) -> tuple[Plan, TrainingSets, Split | None]:
    images = TrainingImages(plan, sets.normal.images, sets.calibration.images, sets.anomalous.images)
    seen = learn_features(settings, images, groups, progress, cache)
    return (
        seen.plan,
        TrainingSets(
            replace(sets.normal, images=seen.normal),
            replace(sets.calibration, images=seen.calibration),
            replace(sets.anomalous, images=seen.anomalous),
        ),
        seen.split,
    )


def _model(
    settings: TrainSettings,
    plan: Plan,
    sets: TrainingSets,
    read: tuple[GoodImages, GoodImages],
    shares: Split | None,
    runtime: Runtime,
) -> Model:
    normal, other_day = sets.normal.images, sets.calibration.images
    groups, others = (one.groups for one in read)
    left_out = read[0].screening.perhaps_good
    fitted = fit_detector(settings, plan, normal, groups, shares)
    scores, peaks, of_groups = fitted.judged(groups)
    basis = HELD_OUT
    other_scores, other_peaks = judge_all(fitted.detector, other_day)
    if len(other_scores):
        scores, peaks, of_groups, basis = other_scores, other_peaks, others, CALIBRATION
        left_out = read[1].screening.perhaps_good
    good = GoodScores(scores, of_groups, basis, left_out)
    detector = fitted.detector
    if peaks is not None:
        lowest = by_false_alarm_rate(GoodScores(-peaks, of_groups, basis), settings.false_alarm_rate)
        detector = detector.with_level(-lowest.value)
    record = _record(sets, fitted, (groups, others), other_scores, left_out)
    record = replace(record, suspects=tuple(one for each in read for one in each.screening.left_out))
    threshold = _threshold(settings, record.scores, good, judge_all(detector, sets.anomalous.images)[0])
    return Model(
        detector=detector,
        threshold=with_expectation(threshold, good),
        admission=_admission(sets),
        training=record,
        reference=Reference(normal.samples[:_REFERENCES], record.scores[: len(normal.samples[:_REFERENCES])]),
        pixel_limit=settings.pixel_limit,
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        weights_sha256=WEIGHTS_SHA256,
        versions=_versions(plan, runtime),
    )


def _record(
    sets: TrainingSets,
    fitted: Fitted,
    both_groups: tuple[Groups, Groups],
    other_scores: FloatArray,
    left_out: int,
) -> TrainingRecord:
    normal, (groups, others) = sets.normal.images, both_groups
    return TrainingRecord(
        images=normal.records,
        scores=judge_all(fitted.detector, normal)[0],
        held_out=fitted.held_out,
        vectors=_halved(normal.vectors),
        groups=groups.numbers,
        grouped_by=groups.method,
        calibration=sets.calibration.images.records,
        calibration_scores=other_scores,
        calibration_groups=others.numbers,
        unseen=fitted.is_unseen,
        looks=normal.looks,
        left_out=left_out,
    )


def _halved(rows: Rows) -> FloatArray:
    """Return (images, features) as float16, block by block."""
    halved, most = np.empty(rows.shape, np.float16), np.finfo(np.float16).max
    for first in range(0, len(rows), _AT_ONCE):
        block = slice(first, first + _AT_ONCE)
        halved[block] = np.minimum(rows[block], most)
    return halved


def _threshold(
    settings: TrainSettings, training: FloatArray, good: GoodScores, anomalous: FloatArray
) -> Threshold:
    if settings.rule == SIGMA and settings.sigma_scores == "training":
        chosen = by_sigma(training, settings.sigmas, TRAINING)
    elif settings.rule == SIGMA:
        chosen = by_sigma(good.scores, settings.sigmas, good.basis)
    elif settings.rule == BEST_F1:
        chosen = _by_best_f1(good.scores, anomalous)
    elif settings.rule == MANUAL and settings.threshold is not None:
        chosen = Threshold(settings.threshold, MANUAL, BY_HAND)
    else:
        chosen = by_false_alarm_rate(good, settings.false_alarm_rate)
    return replace(chosen, unsure=settings.unsure)


def _by_best_f1(good: FloatArray, anomalous: FloatArray) -> Threshold:
    labels = ["normal"] * len(good) + ["anomalous"] * len(anomalous)
    value = best_f1_threshold(np.concatenate([good, anomalous]), labels)  # type: ignore[arg-type]
    if value is None:
        raise TrainingError("The rule best-f1 needs good images and known defects.")
    return Threshold(value, BEST_F1, LABELLED)


def _defects(model: Model, sets: TrainingSets) -> tuple[tuple[ImageRecord, float], ...]:
    images = sets.anomalous.images
    scores = judge_all(model.detector, images)[0].tolist()
    return tuple(zip(images.records, scores, strict=True))


def _admission(sets: TrainingSets) -> Admission:
    records = [*sets.normal.images.records, *sets.calibration.images.records]
    aspects = [record.width / record.height for record in records]
    longest = [max(record.width, record.height) for record in records]
    return Admission((min(aspects), max(aspects)), (min(longest), max(longest)))


def _versions(plan: Plan, runtime: Runtime) -> dict[str, str]:
    return {
        "anomaly-gui": anomaly_gui.__version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scikit-learn": version("scikit-learn"),  # it takes a second to import
        "runtime": plan.runs_on(runtime),
    }
