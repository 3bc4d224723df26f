"""Scoring: what a model says of new images."""

from __future__ import annotations

import math
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anomaly_gui.detection.anomaly_maps import AnomalyMap
from anomaly_gui.detection.folders import list_images
from anomaly_gui.detection.runtimes import default_runtime
from anomaly_gui.detection.stream import Outcome, describe
from anomaly_gui.errors import ImageRefusedError, UserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays import FloatArray
    from anomaly_gui.detection.images import LoadedImage
    from anomaly_gui.detection.model import Model
    from anomaly_gui.detection.observing import Plan
    from anomaly_gui.detection.runtimes import Runtime
    from anomaly_gui.detection.thresholds import Threshold
    from anomaly_gui.progress import Progress

CANNOT_JUDGE = "cannot judge"
_NO_SCORE = "is so unlike the training images that it has no score"


@dataclass(frozen=True)
class ImageResult:
    """What a model says of an image.

    Parameters
    ----------
    path : the file
    score : log-likelihood, higher is more normal; None where the verdict is "cannot judge"
    verdict : "good", "defect", "not sure" or "cannot judge"
    reason : why it cannot be judged, or a remark on how it was read; else empty
    readable : whether the file could be decoded
    sha256 : of the file's bytes; empty where it could not be read
    nearest : which training images are most like it, nearest first
    map : where it is unlike good images; None where the model has no map
    """

    path: Path
    score: float | None
    verdict: str
    reason: str = ""
    readable: bool = True
    sha256: str = ""
    nearest: tuple[int, ...] = ()
    map: AnomalyMap | None = None


@dataclass(frozen=True)
class ScoreRequest:
    """What to score.

    Parameters
    ----------
    model : what judges
    paths : folders and files
    threshold : in place of the model's own, or None
    stage : what the job is called while it goes on
    """

    model: Model
    paths: tuple[Path, ...]
    threshold: float | None = None
    stage: str = "Scoring"


@dataclass(frozen=True)
class ScoreResult:
    """One result for every file, in the order of the files.

    Parameters
    ----------
    threshold : what the verdicts rest on
    images : what the model says of each
    passed_over, hidden : how many files of other kinds, and hidden ones, were not looked at
    """

    threshold: Threshold
    images: tuple[ImageResult, ...]
    passed_over: int
    hidden: int

    @property
    def unreadable(self) -> tuple[ImageResult, ...]:
        """The files that could not be decoded."""
        return tuple(image for image in self.images if not image.readable)

    @property
    def not_judged(self) -> tuple[ImageResult, ...]:
        """The images without a verdict: unreadable, or unlike anything the model may judge."""
        return tuple(image for image in self.images if image.verdict == CANNOT_JUDGE)


def score(request: ScoreRequest, progress: Progress, runtime: Runtime | None = None) -> ScoreResult:
    """Judge every image in the request's folders and files.

    Raises
    ------
    UserError : there is no image at all
    CancelledError : from `progress`
    """
    listing = list_images(request.paths)
    if not listing.files and not listing.refused:
        where = ", ".join(map(str, request.paths))
        raise UserError(f"There is no image in {where}: choose a folder with images.")
    threshold = request.model.threshold
    if request.threshold is not None:
        threshold = threshold.moved_to(request.threshold)
    progress.stage(request.stage, len(listing.files))
    images = tuple(judge(request.model, listing.files, progress, threshold=threshold, runtime=runtime))
    missing = tuple(refused(error) for error in listing.refused)
    return ScoreResult(threshold, images + missing, listing.passed_over, listing.hidden)


def judge(
    model: Model,
    files: Sequence[Path],
    progress: Progress,
    *,
    threshold: Threshold | None = None,
    runtime: Runtime | None = None,
) -> Iterator[ImageResult]:
    """Yield the result of each file, in order, as soon as it is known."""
    plan = model.detector.plan
    runtime = runtime or default_runtime()
    with closing(describe(files, plan, plan.reading(model.pixel_limit), runtime, progress)) as outcomes:
        for outcome in outcomes:
            yield _result(model, outcome, threshold or model.threshold)


def _result(model: Model, outcome: Outcome, threshold: Threshold) -> ImageResult:
    if isinstance(outcome, ImageRefusedError):
        return refused(outcome)
    image = outcome.image
    objection = model.admission.objection(image.width, image.height)
    if objection:
        return ImageResult(image.path, None, CANNOT_JUDGE, objection, sha256=image.sha256)
    judged = model.detector.judge(outcome.observed)
    value = float(judged.scores[0])
    if not math.isfinite(value):
        return ImageResult(image.path, None, CANNOT_JUDGE, _NO_SCORE, sha256=image.sha256)
    return ImageResult(
        path=image.path,
        score=value,
        verdict=threshold.verdict(value),
        reason="; ".join(image.notes),
        sha256=image.sha256,
        nearest=model.nearest(outcome.vector),
        map=None if judged.maps is None else _map(model.detector.plan, image, judged.maps[0]),
    )


def _map(plan: Plan, image: LoadedImage, values: FloatArray) -> AnomalyMap:
    """Return the map over the image as the file holds it."""
    if plan.alignment is not None and image.pose is not None:
        values = plan.alignment.restore(values, image.pose, 2 * len(values))
        values = values * plan.interest.mask(len(values), len(values))
    return AnomalyMap.of(values, image.width, image.height)


def refused(error: ImageRefusedError) -> ImageResult:
    """Return the result of a file that cannot be used."""
    return ImageResult(error.path, None, CANNOT_JUDGE, error.reason, readable=False)
