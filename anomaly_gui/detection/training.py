"""Training: from folders of good images to a model with an honest threshold."""

from __future__ import annotations

import platform
import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import numpy as np

import anomaly_gui
from anomaly_gui.detection.densities import make_density
from anomaly_gui.detection.features import WEIGHTS_SHA256
from anomaly_gui.detection.groups import FOLDER, INDEPENDENT, Groups, group_images
from anomaly_gui.detection.image_sets import ImageSet, SetReader
from anomaly_gui.detection.metrics import best_f1_threshold
from anomaly_gui.detection.model import Admission, Model, PooledDetector, Reference, TrainingRecord
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

    from anomaly_gui.detection.arrays import FloatArray
    from anomaly_gui.detection.densities import Density
    from anomaly_gui.detection.runtimes import Runtime
    from anomaly_gui.detection.stream import Collection, ImageRecord
    from anomaly_gui.errors import ImageRefusedError
    from anomaly_gui.progress import Progress

_FEW_IMAGES = 50


@dataclass(frozen=True)
class TrainRequest:
    """What to train from.

    Parameters
    ----------
    normal : folders and files of good images
    calibration : good images of another day; the threshold then rests on these
    anomalous : known defects, only for the rule best-f1
    settings : how
    excluded : files in any of these folders that are not to be used
    """

    normal: tuple[Path, ...]
    calibration: tuple[Path, ...] = ()
    anomalous: tuple[Path, ...] = ()
    settings: TrainSettings = field(default_factory=TrainSettings)
    excluded: tuple[Path, ...] = ()


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
    seconds : how long it took
    """

    model: Model
    defects: tuple[tuple[ImageRecord, float], ...]
    unreadable: tuple[ImageRefusedError, ...]
    duplicates: tuple[tuple[Path, Path], ...]
    notes: tuple[tuple[Path, str], ...]
    passed_over: int
    hidden: int
    warnings: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, eq=False)
class _Sets:
    normal: ImageSet
    calibration: ImageSet
    anomalous: ImageSet

    @property
    def all(self) -> tuple[ImageSet, ...]:
        return (self.normal, self.calibration, self.anomalous)


def train(request: TrainRequest, progress: Progress, runtime: Runtime | None = None) -> TrainResult:
    """Learn what good parts look like.

    Raises
    ------
    TrainingError : too few usable images, all of one part, or all the same
    CancelledError : from `progress`
    """
    began = time.monotonic()
    settings, runtime = request.settings, runtime or default_runtime()
    if settings.rule == BEST_F1 and not request.anomalous:
        raise TrainingError("The rule best-f1 needs known defects: give their folder with --anomalous.")
    sets = _read_sets(request, runtime, progress)
    progress.stage("Fitting")
    model, groups = _model(settings, sets, runtime)
    warnings = (*model.threshold.warnings, *_warnings(groups, sets))
    for warning in warnings:
        progress.warn(warning)
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
        seconds=time.monotonic() - began,
    )


def _model(settings: TrainSettings, sets: _Sets, runtime: Runtime) -> tuple[Model, Groups]:
    normal, other_day = sets.normal.images, sets.calibration.images
    groups = _grouped(settings.group_by, normal)
    density, held_out = fit_density(settings, normal.vectors, groups)
    detector = PooledDetector(settings.features, settings.density, density)
    others = _grouped(settings.group_by, other_day)
    calibration = GoodScores(_scores(detector, other_day), others, CALIBRATION)
    record = TrainingRecord(
        images=normal.records,
        scores=detector.score(normal.vectors),
        held_out=held_out,
        vectors=np.clip(normal.vectors, None, np.finfo(np.float16).max).astype(np.float16),
        groups=groups.numbers,
        grouped_by=groups.method,
        calibration=other_day.records,
        calibration_scores=calibration.scores,
        calibration_groups=others.numbers,
    )
    good = calibration if len(calibration.scores) else GoodScores(held_out, groups, HELD_OUT)
    threshold = _threshold(settings, record.scores, good, _scores(detector, sets.anomalous.images))
    model = Model(
        detector=detector,
        threshold=with_expectation(threshold, good),
        admission=_admission(sets),
        training=record,
        reference=Reference(normal.samples, detector.score_pixels(normal.samples, runtime)),
        pixel_limit=settings.pixel_limit,
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        weights_sha256=WEIGHTS_SHA256,
        versions=_versions(runtime),
    )
    return model, groups


def _read_sets(request: TrainRequest, runtime: Runtime, progress: Progress) -> _Sets:
    settings = request.settings
    excluded = frozenset(path.absolute() for path in request.excluded)
    reader = SetReader(
        settings.features, settings.pixel_limit, settings.group_by != INDEPENDENT, runtime, progress, excluded
    )
    return _Sets(
        reader.read("Good images", request.normal),
        reader.read("Good images of another day", request.calibration),
        reader.read("Known defects", request.anomalous),
    )


def _grouped(rule: str, images: Collection) -> Groups:
    paths = [record.path for record in images.records]
    return group_images(rule, paths, images.vectors, images.grains)


def fit_density(settings: TrainSettings, vectors: FloatArray, groups: Groups) -> tuple[Density, FloatArray]:
    """Fit the density asked for to (images, features), and return it with its held-out scores, (images,).

    Raises
    ------
    TrainingError : too few images, all of one part, or nothing to learn from them
    """
    count = len(vectors)
    if count < 2:
        raise TrainingError(
            "One good image is not enough to learn from: give at least 20, better 100 or more."
        )
    if groups.count < 2:
        hint = "give parts in several folders, or" if settings.group_by == FOLDER else "add other parts, or"
        raise TrainingError(f"All {count} good images seem to show one part: {hint} use --group-by none.")
    density = make_density(
        settings.density, components=settings.components, covariance_type=settings.covariance
    )
    try:
        density.fit(vectors, groups=groups.numbers)
        return density, density.held_out_scores(vectors, groups.numbers)
    except ValueError as error:
        raise TrainingError(f"The {count} good images cannot be learned from: {error}") from error


def _scores(detector: PooledDetector, images: Collection) -> FloatArray:
    return detector.score(images.vectors) if len(images.vectors) else np.empty(0)


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
    scores = _scores(model.detector, images).tolist()
    return tuple(zip(images.records, scores, strict=True))


def _admission(sets: _Sets) -> Admission:
    records = [*sets.normal.images.records, *sets.calibration.images.records]
    aspects = [record.width / record.height for record in records]
    longest = [max(record.width, record.height) for record in records]
    return Admission((min(aspects), max(aspects)), (min(longest), max(longest)))


def _warnings(groups: Groups, sets: _Sets) -> tuple[str, ...]:
    warnings = []
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


def _versions(runtime: Runtime) -> dict[str, str]:
    import sklearn

    return {
        "anomaly-gui": anomaly_gui.__version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scikit-learn": sklearn.__version__,
        "runtime": runtime.name,
    }
