"""Training: from folders of good images to a model with an honest threshold."""

from __future__ import annotations

import platform
import time
from dataclasses import dataclass, fields, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import numpy as np

import anomaly_gui
from anomaly_gui.detection.densities import make_density
from anomaly_gui.detection.features import WEIGHTS_SHA256, FeatureSettings, parse_layers
from anomaly_gui.detection.folders import list_images
from anomaly_gui.detection.groups import FOLDER, Groups, check_rule, group_images
from anomaly_gui.detection.metrics import best_f1_threshold
from anomaly_gui.detection.model import Admission, Model, PooledDetector, Reference, TrainingRecord
from anomaly_gui.detection.parameters import PARAMETERS
from anomaly_gui.detection.runtimes import default_runtime
from anomaly_gui.detection.stream import Collection, collect
from anomaly_gui.detection.thresholds import (
    BEST_F1,
    BY_HAND,
    CALIBRATION,
    FALSE_ALARM_RATE,
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
from anomaly_gui.errors import ImageRefusedError, ParameterError, TrainingError

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.arrays import FloatArray
    from anomaly_gui.detection.runtimes import Runtime
    from anomaly_gui.progress import Progress

_FEW_IMAGES = 50


@dataclass(frozen=True)
class TrainSettings:
    """How to train. Each field is described, with its range, in `parameters.PARAMETERS`.

    Raises
    ------
    ParameterError : a value out of range, an unknown name, or the rule manual without a threshold
    """

    detector: str = "pooled"
    layer: str = "block4_conv3"
    size: int = 224
    normalization: str = "hellinger"
    density: str = "shrunk"
    components: int = 1
    covariance: str = "full"
    rule: str = FALSE_ALARM_RATE
    false_alarm_rate: float = 0.01
    sigmas: float = 3.0
    sigma_scores: str = "training"
    threshold: float | None = None
    unsure: float = 0.0
    group_by: str = "auto"
    pixel_limit: int = 200_000_000

    def __post_init__(self) -> None:
        for each in fields(self):
            _check(each.name, getattr(self, each.name))
        check_rule(self.group_by)
        if (self.rule == MANUAL) != (self.threshold is not None):
            raise ParameterError("A threshold and the rule manual go together: give both or neither.")
        _ = self.features

    @property
    def features(self) -> FeatureSettings:
        """How an image becomes a feature vector."""
        return FeatureSettings(parse_layers(self.layer), self.size, self.normalization)


def _check(name: str, value: Any) -> None:
    parameter = PARAMETERS[name]
    if parameter.choices and value not in parameter.choices:
        known = ", ".join(parameter.choices)
        raise ParameterError(f"--{parameter.option} {value!r} is not known: take one of {known}.")
    if value is None or parameter.kind is str:
        return
    low = -np.inf if parameter.low is None else parameter.low
    high = np.inf if parameter.high is None else parameter.high
    if not (low <= value <= high and np.isfinite(value)):
        raise ParameterError(f"--{parameter.option} {value} is out of range: take from {low:g} to {high:g}.")


@dataclass(frozen=True)
class TrainRequest:
    """What to train from.

    Parameters
    ----------
    normal : folders and files of good images
    calibration : good images of another day; the threshold then rests on these
    anomalous : known defects, only for the rule best-f1
    settings : how
    """

    normal: tuple[Path, ...]
    calibration: tuple[Path, ...] = ()
    anomalous: tuple[Path, ...] = ()
    settings: TrainSettings = TrainSettings()


@dataclass(frozen=True, eq=False)
class TrainResult:
    """What became of a training.

    Parameters
    ----------
    model : ready to judge
    unreadable : files of any of the folders that could not be used, each with the reason
    duplicates : files with the same bytes as an earlier one, and that one; they were used once
    notes : remarks on single files that were used
    warnings : sentences the user should read
    seconds : how long it took
    """

    model: Model
    unreadable: tuple[ImageRefusedError, ...]
    duplicates: tuple[tuple[Path, Path], ...]
    notes: tuple[tuple[Path, str], ...]
    warnings: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, eq=False)
class _Sets:
    normal: Collection
    calibration: Collection
    anomalous: Collection
    unlisted: tuple[ImageRefusedError, ...]

    @property
    def all(self) -> tuple[Collection, ...]:
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
        unreadable=(*sets.unlisted, *(error for each in sets.all for error in each.refused)),
        duplicates=tuple(pair for each in sets.all for pair in each.duplicates),
        notes=tuple(
            (record.path, note) for each in sets.all for record in each.records for note in record.notes
        ),
        warnings=warnings,
        seconds=time.monotonic() - began,
    )


def _model(settings: TrainSettings, sets: _Sets, runtime: Runtime) -> tuple[Model, Groups]:
    groups = _grouped(settings.group_by, sets.normal)
    detector, held_out = _fit(settings, sets.normal, groups)
    others = _grouped(settings.group_by, sets.calibration)
    calibration = GoodScores(_scores(detector, sets.calibration), others, CALIBRATION)
    record = TrainingRecord(
        images=sets.normal.records,
        scores=detector.score(sets.normal.vectors),
        held_out=held_out,
        groups=groups.numbers,
        grouped_by=groups.method,
        calibration=sets.calibration.records,
        calibration_scores=calibration.scores,
        calibration_groups=others.numbers,
    )
    good = calibration if len(calibration.scores) else GoodScores(held_out, groups, HELD_OUT)
    threshold = _threshold(settings, record.scores, good, _scores(detector, sets.anomalous))
    model = Model(
        detector=detector,
        threshold=with_expectation(threshold, good),
        admission=_admission(sets),
        training=record,
        reference=Reference(sets.normal.samples, detector.score_pixels(sets.normal.samples, runtime)),
        pixel_limit=settings.pixel_limit,
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        weights_sha256=WEIGHTS_SHA256,
        versions=_versions(runtime),
    )
    return model, groups


def _read_sets(request: TrainRequest, runtime: Runtime, progress: Progress) -> _Sets:
    seen: dict[str, Path] = {}
    read: list[Collection] = []
    unlisted: list[ImageRefusedError] = []
    stages = (
        ("Good images", request.normal),
        ("Good images of another day", request.calibration),
        ("Known defects", request.anomalous),
    )
    for name, paths in stages:
        listing = list_images(paths)
        unlisted += listing.refused
        if listing.files:
            progress.stage(name, len(listing.files))
        read.append(
            collect(
                listing.files,
                request.settings.features,
                request.settings.pixel_limit,
                runtime,
                progress,
                with_grains=request.settings.group_by != "none",
                seen=seen,
            )
        )
        if not read[0].records:
            raise _none_usable(request.normal, [*unlisted, *read[0].refused])
    sets = _Sets(read[0], read[1], read[2], tuple(unlisted))
    if request.anomalous and not sets.anomalous.records:
        raise _none_usable(request.anomalous, [*unlisted, *sets.anomalous.refused])
    if request.calibration and not sets.calibration.records:
        raise _none_usable(request.calibration, [*unlisted, *sets.calibration.refused])
    return sets


def _none_usable(paths: tuple[Path, ...], refused: list[ImageRefusedError]) -> TrainingError:
    where = ", ".join(map(str, paths))
    why = f"; the first problem: {refused[0]}" if refused else ""
    return TrainingError(f"There is no usable image that was not used already in {where}{why}.")


def _grouped(rule: str, images: Collection) -> Groups:
    paths = [record.path for record in images.records]
    return group_images(rule, paths, images.vectors, images.grains)


def _fit(settings: TrainSettings, images: Collection, groups: Groups) -> tuple[PooledDetector, FloatArray]:
    count = len(images.records)
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
        density.fit(images.vectors, groups=groups.numbers)
        held_out = density.held_out_scores(images.vectors, groups.numbers)
    except ValueError as error:
        raise TrainingError(f"The {count} good images cannot be learned from: {error}") from error
    return PooledDetector(settings.features, settings.density, density), held_out


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


def _admission(sets: _Sets) -> Admission:
    records = [*sets.normal.records, *sets.calibration.records]
    aspects = [record.width / record.height for record in records]
    longest = [max(record.width, record.height) for record in records]
    return Admission((min(aspects), max(aspects)), (min(longest), max(longest)))


def _warnings(groups: Groups, sets: _Sets) -> tuple[str, ...]:
    warnings = []
    if groups.count < _FEW_IMAGES:
        warnings.append(
            f"Only {groups.count} good parts: the model is a first guess; give 100 or more to rely on it."
        )
    if not sets.calibration.records:
        warnings.append(
            "The threshold rests on images of the same day; give good parts of another day (--calibration) "
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
