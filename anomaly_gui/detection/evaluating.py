"""Judging a model: good images and known defects are scored, and the verdicts compared with the labels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from anomaly_gui.detection.datasets.labelled_pixels import PixelResult, judge_pixels
from anomaly_gui.detection.datasets.left_out_folders import not_counted
from anomaly_gui.detection.datasets.outside_part import OutsidePart, find_outside_part
from anomaly_gui.detection.images.folders import Purpose, list_images
from anomaly_gui.detection.images.masks import MaskFolder
from anomaly_gui.detection.images.mvtec import read_mvtec
from anomaly_gui.detection.judging.evaluation import Evaluation, LabelledScore, evaluate_scores
from anomaly_gui.detection.judging.metrics import Rate
from anomaly_gui.detection.judging.promise import BROKEN, Promise
from anomaly_gui.detection.model.image_result import ImageResult
from anomaly_gui.detection.model.promise_check import check_promise
from anomaly_gui.detection.scoring import ScoreRequest, ScoreResult, score
from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from anomaly_gui.errors import UserError
from anomaly_gui.language import mark, translate, translate_count

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.judging.metrics import Label
    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.detection.model.model import Model
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.errors import ImageRefusedError
    from anomaly_gui.progress import Progress

_SAID_OF_GOOD = (
    mark(
        "{count:,} of the good images were used in training: what is said here of them does not hold for new "
        "parts; give images the model has not seen."
    ),
    mark("{count:,} of the good images have the bytes of another: each counts; give every image once."),
)
_SAID_OF_DEFECTS = (
    mark(
        "{count:,} of the known defects were used in training: what is said here of them does not hold for "
        "new parts; give images the model has not seen."
    ),
    mark("{count:,} of the known defects have the bytes of another: each counts; give every image once."),
)


@dataclass(frozen=True)
class EvaluateRequest:
    """What to judge a model by.

    Parameters
    ----------
    model : to be judged
    normal, anomalous : folders and files of good images and of known defects
    threshold : in place of the model's own, or None
    masks : folder with masks of the defects (see `masks.MaskFolder`), or None
    """

    model: Model
    normal: tuple[Path, ...]
    anomalous: tuple[Path, ...]
    threshold: float | None = None
    masks: Path | None = None

    @classmethod
    def of_mvtec(cls, model: Model, category: Path, threshold: float | None = None) -> EvaluateRequest:
        """Return a request for the test images of a category of MVTec AD, with masks if the model has maps.

        Raises
        ------
        UserError : the folder is not laid out like one
        """
        found = read_mvtec(category)
        masks = found.masks if DETECTORS[model.detector.kind].has_map else None
        return cls(model, (found.test_good,), tuple(found.defects.values()), threshold, masks)


@dataclass(frozen=True, eq=False)
class EvaluateResult:
    """How well a model does.

    Parameters
    ----------
    evaluation : rates, curves and lists
    threshold : what the verdicts rest on
    misses_by_folder : the misses among the judged defects of each folder
    normal, anomalous : what became of every file
    warnings : sentences the user should read
    pixels : how well the maps do, where there are masks
    promise : whether the good images keep what the threshold promises; None where it promises nothing
    outside : that most defects are told by what lies beside the part; None where they are not
    """

    evaluation: Evaluation
    threshold: Threshold
    misses_by_folder: Mapping[str, Rate]
    normal: ScoreResult
    anomalous: ScoreResult
    warnings: tuple[str, ...]
    pixels: PixelResult | None = None
    promise: Promise | None = None
    outside: OutsidePart | None = None

    @property
    def unreadable(self) -> tuple[ImageResult, ...]:
        """The files that could not be decoded."""
        return self.normal.unreadable + self.anomalous.unreadable

    @property
    def not_judged(self) -> tuple[ImageResult, ...]:
        """The images without a verdict."""
        return self.normal.not_judged + self.anomalous.not_judged

    @property
    def unusable_masks(self) -> tuple[ImageRefusedError, ...]:
        """The masks that could not be used, each with the reason."""
        return self.pixels.refused if self.pixels else ()

    @property
    def left_out_sentences(self) -> tuple[str, ...]:
        """What is to be said of folders that were not looked into."""
        good = not_counted(self.normal.left_out, Purpose.GOOD)
        return good + not_counted(self.anomalous.left_out, Purpose.DEFECT)


def evaluate(
    request: EvaluateRequest,
    progress: Progress,
    runtime: Runtime | None = None,
    cache: FeatureCache | None = None,
    score_elsewhere: Callable[[ScoreRequest], ScoreResult] | None = None,
) -> EvaluateResult:
    """Score good images and known defects, and compare the verdicts with the labels.

    Parameters
    ----------
    score_elsewhere : what scores in place of this process, such as a cluster

    Raises
    ------
    UserError : a folder without images, or a file given as both good and defect
    CancelledError : from `progress`
    """
    _check_apart(request)
    model, masks = request.model, MaskFolder(request.masks) if request.masks is not None else None
    score_one = score_elsewhere or partial(score, progress=progress, runtime=runtime, cache=cache)
    normal, anomalous = (score_one(one) for one in _list_requests(request))
    labelled = [*_label_scores(normal, "normal"), *_label_scores(anomalous, "anomalous")]
    pixels = _judge_pixels(request, masks, normal, anomalous, progress)
    promise = check_promise(normal.threshold, model.training, normal.images)
    outside = _find_outside_part(model, normal, anomalous)
    warnings = _join_warnings(promise, _list_warnings(model, normal, anomalous), pixels, outside)
    for warning in warnings:
        progress.warn(warning)
    return EvaluateResult(
        evaluation=evaluate_scores(labelled, normal.threshold.value),
        threshold=normal.threshold,
        misses_by_folder=_misses_by_folder(anomalous),
        normal=normal,
        anomalous=anomalous,
        warnings=warnings,
        pixels=pixels,
        promise=promise,
        outside=outside,
    )


def _judge_pixels(
    request: EvaluateRequest,
    masks: MaskFolder | None,
    normal: ScoreResult,
    anomalous: ScoreResult,
    progress: Progress,
) -> PixelResult | None:
    if masks is None:
        return None
    return judge_pixels(normal.images, anomalous.images, masks, request.model.pixel_limit, progress)


def _join_warnings(
    promise: Promise | None,
    warnings: tuple[str, ...],
    pixels: PixelResult | None,
    outside: OutsidePart | None,
) -> tuple[str, ...]:
    broken = [str(promise)] if promise is not None and promise.outcome == BROKEN else []
    remarks = [*(pixels.warnings if pixels else ()), *([str(outside)] if outside else ())]
    return (*broken, *warnings, *remarks)


def _list_requests(request: EvaluateRequest) -> tuple[ScoreRequest, ScoreRequest]:
    model, at = request.model, request.threshold
    return (
        ScoreRequest(
            model, request.normal, at, translate("Good images"), Purpose.GOOD, with_fingerprint=True
        ),
        ScoreRequest(model, request.anomalous, at, translate("Known defects"), Purpose.DEFECT),
    )


def _find_outside_part(model: Model, normal: ScoreResult, anomalous: ScoreResult) -> OutsidePart | None:
    good, defects = (
        [image.path for image in result.images if image.score is not None] for result in (normal, anomalous)
    )
    judged = {image.path: image for image in anomalous.images}
    plan, limit = model.detector.plan, model.pixel_limit
    return find_outside_part(good, defects, lambda files: [judged[file] for file in files], plan, limit)


def _check_apart(request: EvaluateRequest) -> None:
    def files(paths: tuple[Path, ...], purpose: Purpose) -> set[Path]:
        return {path.resolve() for path in list_images(paths, purpose).files}

    both = files(request.normal, Purpose.GOOD) & files(request.anomalous, Purpose.DEFECT)
    if both:
        raise UserError(
            translate_count(
                "{count:,} image is given both as good and as a defect, {example}: give folders that do not "
                "lie in each other.",
                "{count:,} images are given both as good and as defects, such as {example}: give folders "
                "that do not lie in each other.",
                len(both),
                example=min(both),
            )
        )


def _label_scores(result: ScoreResult, label: Label) -> list[LabelledScore]:
    return [LabelledScore(image.path, label, image.score, image.verdict) for image in result.images]


def _misses_by_folder(anomalous: ScoreResult) -> dict[str, Rate]:
    scores: dict[str, list[float]] = {}
    for image in anomalous.images:
        if image.score is not None:
            scores.setdefault(str(image.path.parent), []).append(image.score)
    threshold = anomalous.threshold.value
    return {
        folder: Rate.of(sum(score >= threshold for score in those), len(those))
        for folder, those in scores.items()
    }


def _list_warnings(model: Model, normal: ScoreResult, anomalous: ScoreResult) -> tuple[str, ...]:
    warnings = []
    known = {record.sha256 for record in (*model.training.images, *model.training.calibration)}
    for (of_training, of_copies), result in ((_SAID_OF_GOOD, normal), (_SAID_OF_DEFECTS, anomalous)):
        again = sum(image.sha256 in known for image in result.images)
        if again:
            warnings.append(translate(of_training, count=again))
        different = len({image.sha256 for image in result.images if image.sha256})
        copies = sum(bool(image.sha256) for image in result.images) - different
        if copies:
            warnings.append(translate(of_copies, count=copies))
    twice = {image.sha256 for image in normal.images if image.sha256}
    shared = sum(image.sha256 in twice for image in anomalous.images)
    if shared:
        warnings.append(
            translate(
                "{count:,} of the known defects have the bytes of a good image: sort them anew.", count=shared
            )
        )
    return tuple(warnings)
