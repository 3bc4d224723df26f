"""Training: from folders of good images to a model with an honest threshold."""

from __future__ import annotations

import platform
import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

import anomaly_gui
from anomaly_gui.detection.detectors import LEARNED
from anomaly_gui.detection.detectors.fitting import Fitted, fit_detector, judge_all
from anomaly_gui.detection.exclusions import files_excluded
from anomaly_gui.detection.features import WEIGHTS_SHA256
from anomaly_gui.detection.folders import LeftOut, Purpose, list_images
from anomaly_gui.detection.groups import INDEPENDENT, Groups, group_images
from anomaly_gui.detection.image_sets import ImageSet, SetReader, copies_of_excluded, list_for
from anomaly_gui.detection.interest import RegionOfInterest
from anomaly_gui.detection.kept_pairs import KeptPairs
from anomaly_gui.detection.learned_training import learn, pixel_plan
from anomaly_gui.detection.left_out import not_learned_from
from anomaly_gui.detection.lying import UNKNOWN, Lying, how_parts_lie, plan_for
from anomaly_gui.detection.metrics import best_f1_threshold
from anomaly_gui.detection.model import Admission, Model, Reference, TrainingRecord
from anomaly_gui.detection.runtimes import default_runtime
from anomaly_gui.detection.settings import TrainSettings
from anomaly_gui.detection.thresholds import (
    BEST_F1,
    BY_HAND,
    CALIBRATION,
    HELD_OUT,
    LABELLED,
    MANUAL,
    SIGMA,
    TRAINING,
    GoodScores,
    Threshold,
    by_false_alarm_rate,
    by_sigma,
    with_expectation,
)
from anomaly_gui.errors import TrainingError

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.arrays import FloatArray, Rows
    from anomaly_gui.detection.collection import Collection
    from anomaly_gui.detection.feature_cache import FeatureCache
    from anomaly_gui.detection.folders import ImageListing
    from anomaly_gui.detection.learning.shares import Shares
    from anomaly_gui.detection.observing import Plan
    from anomaly_gui.detection.runtimes import Runtime
    from anomaly_gui.detection.stream import ImageRecord
    from anomaly_gui.errors import ImageRefusedError
    from anomaly_gui.progress import Progress

_FEW_IMAGES = 50
_AT_ONCE = 4096  # images


@dataclass(frozen=True)
class TrainRequest:
    """What to train from.

    Parameters
    ----------
    normal : folders and files of good images
    calibration : good images of another day; the threshold then rests on these
    anomalous : known defects, only for the rule best-f1
    settings : how
    excluded : files, and folders of files, that are not to be used, however they are spelled
    interest : the places of an image that count; all of them where nothing is drawn
    """

    normal: tuple[Path, ...]
    calibration: tuple[Path, ...] = ()
    anomalous: tuple[Path, ...] = ()
    settings: TrainSettings = field(default_factory=TrainSettings)
    excluded: tuple[Path, ...] = ()
    interest: RegionOfInterest = field(default_factory=RegionOfInterest)

    def listings(self) -> tuple[ImageListing, ...]:
        """Return the images given, those excluded among them."""
        good, defects = (*self.normal, *self.calibration), self.anomalous
        return list_images(good, Purpose.GOOD), list_images(defects, Purpose.DEFECT)


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
    lying: Lying
    advice: str | None
    seconds: float
    reused: int = 0
    left_out: tuple[LeftOut, ...] = ()
    seen_before: int = 0


@dataclass(frozen=True, eq=False)
class _Sets:
    normal: ImageSet
    calibration: ImageSet
    anomalous: ImageSet

    @property
    def all(self) -> tuple[ImageSet, ...]:
        return (self.normal, self.calibration, self.anomalous)

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        return tuple(one for each in self.all for one in each.listing.left_out)


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
    TrainingError : too few usable images, all of one part, or all the same
    CancelledError : from `progress`
    """
    began = time.monotonic()
    settings, runtime = request.settings, runtime or default_runtime()
    if settings.rule == BEST_F1 and not request.anomalous:
        raise TrainingError("The rule best-f1 needs known defects: give their folder with --anomalous.")
    lying, plan = _planned(request, runtime, progress, cache)
    sets = _read_sets(request, plan, runtime, progress, cache)
    groups, others = (
        _grouped(settings.group_by, plan, one.images, runtime, cache)
        for one in (sets.normal, sets.calibration)
    )
    shares = None
    if settings.detector in LEARNED:
        plan, sets, shares = _learned(settings, plan, sets, groups, progress, cache)
    progress.stage("Fitting")
    model = _model(settings, plan, sets, groups, others, shares, runtime)
    advice = lying.advice(settings.detector)
    warnings = (*model.threshold.warnings, *_warnings(groups, sets), *([advice] if advice else []))
    for warning in warnings:
        progress.warn(warning)
    return _result(model, sets, warnings, lying, time.monotonic() - began)


def _result(
    model: Model, sets: _Sets, warnings: tuple[str, ...], lying: Lying, seconds: float
) -> TrainResult:
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
        seen_before=sum(each.listing.seen_before for each in sets.all),
    )


def _planned(
    request: TrainRequest, runtime: Runtime, progress: Progress, cache: FeatureCache | None
) -> tuple[Lying, Plan]:
    """Return how the parts lie, as far as the detector asks for it, and what is taken of each image."""
    settings, excluded = request.settings, _excluded(request)
    files = list_for(request.normal, excluded=excluded).files
    if settings.detector in LEARNED:
        return Lying(UNKNOWN), pixel_plan(settings, request.interest, files)
    limit = settings.pixel_limit
    lying = how_parts_lie(files, settings.features, request.interest, limit, runtime, progress, cache)
    return lying, plan_for(settings, request.interest, lying)


def _learned(
    settings: TrainSettings,
    plan: Plan,
    sets: _Sets,
    groups: Groups,
    progress: Progress,
    cache: FeatureCache | None,
) -> tuple[Plan, _Sets, Shares]:
    images = (sets.normal.images, sets.calibration.images, sets.anomalous.images)
    seen = learn(settings, plan, images, groups, progress, cache)
    return (
        seen.plan,
        _Sets(
            replace(sets.normal, images=seen.normal),
            replace(sets.calibration, images=seen.calibration),
            replace(sets.anomalous, images=seen.anomalous),
        ),
        seen.shares,
    )


def _model(
    settings: TrainSettings,
    plan: Plan,
    sets: _Sets,
    groups: Groups,
    others: Groups,
    shares: Shares | None,
    runtime: Runtime,
) -> Model:
    normal, other_day = sets.normal.images, sets.calibration.images
    fitted = fit_detector(settings, plan, normal, groups, shares)
    scores, peaks, of_groups = fitted.judged(groups)
    basis = HELD_OUT
    other_scores, other_peaks = judge_all(fitted.detector, other_day)
    if len(other_scores):
        scores, peaks, of_groups, basis = other_scores, other_peaks, others, CALIBRATION
    good = GoodScores(scores, of_groups, basis)
    detector = fitted.detector
    if peaks is not None:
        lowest = by_false_alarm_rate(GoodScores(-peaks, of_groups, basis), settings.false_alarm_rate)
        detector = detector.with_level(-lowest.value)
    record = _record(sets, fitted, groups, others, other_scores)
    threshold = _threshold(settings, record.scores, good, judge_all(detector, sets.anomalous.images)[0])
    return Model(
        detector=detector,
        threshold=with_expectation(threshold, good),
        admission=_admission(sets),
        training=record,
        reference=Reference(normal.samples, record.scores[: len(normal.samples)]),
        pixel_limit=settings.pixel_limit,
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        weights_sha256=WEIGHTS_SHA256,
        versions=_versions(plan, runtime),
    )


def _record(
    sets: _Sets, fitted: Fitted, groups: Groups, others: Groups, other_scores: FloatArray
) -> TrainingRecord:
    normal = sets.normal.images
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
    )


def _halved(rows: Rows) -> FloatArray:
    """Return (images, features) as float16, block by block."""
    halved, most = np.empty(rows.shape, np.float16), np.finfo(np.float16).max
    for first in range(0, len(rows), _AT_ONCE):
        block = slice(first, first + _AT_ONCE)
        halved[block] = np.minimum(rows[block], most)
    return halved


def _excluded(request: TrainRequest) -> frozenset[Path]:
    return files_excluded(request.excluded, request.listings()) if request.excluded else frozenset()


def _read_sets(
    request: TrainRequest, plan: Plan, runtime: Runtime, progress: Progress, cache: FeatureCache | None
) -> _Sets:
    settings = request.settings
    with_grains = settings.group_by != INDEPENDENT
    reader = SetReader(plan, settings.pixel_limit, with_grains, runtime, progress, _excluded(request), cache)
    return _Sets(
        reader.read("Good images", request.normal),
        reader.read("Good images of another day", request.calibration),
        reader.read("Known defects", request.anomalous, Purpose.DEFECT),
    )


def _grouped(
    rule: str, plan: Plan, images: Collection, runtime: Runtime, cache: FeatureCache | None
) -> Groups:
    paths, grains = [record.path for record in images.records], images.grains
    kept = None
    if cache and plan.network is None:
        kept = KeptPairs.of(cache, plan, runtime.name, images.records)
    return group_images(rule, paths, images.vectors, grains.rows, grains.known, kept)


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


def _defects(model: Model, sets: _Sets) -> tuple[tuple[ImageRecord, float], ...]:
    images = sets.anomalous.images
    scores = judge_all(model.detector, images)[0].tolist()
    return tuple(zip(images.records, scores, strict=True))


def _admission(sets: _Sets) -> Admission:
    records = [*sets.normal.images.records, *sets.calibration.images.records]
    aspects = [record.width / record.height for record in records]
    longest = [max(record.width, record.height) for record in records]
    return Admission((min(aspects), max(aspects)), (min(longest), max(longest)))


def _warnings(groups: Groups, sets: _Sets) -> tuple[str, ...]:
    warnings = [*not_learned_from(sets.left_out), *copies_of_excluded(sets.all)]
    if groups.count < _FEW_IMAGES:
        warnings.append(
            f"Only {groups.count} good parts: the model is a first guess; give 100 or more to rely on it."
        )
    if not sets.calibration.images.records:
        warnings.append(
            "The threshold rests on images of the same day; calibrate with good parts of another day "
            "to trust it on other days."
        )
    return tuple(warnings)


def _versions(plan: Plan, runtime: Runtime) -> dict[str, str]:
    return {
        "anomaly-gui": anomaly_gui.__version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scikit-learn": version("scikit-learn"),  # it takes a second to import
        "runtime": plan.runs_on(runtime),
    }
