"""Judging a model: good images and known defects are scored, and the verdicts compared with the labels."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.datasets.labelled_pixels import PixelResult, judge_pixels
from anomaly_gui.detection.datasets.left_out_folders import not_counted
from anomaly_gui.detection.datasets.outside_part import OutsidePart, find_outside_part, pick_sample
from anomaly_gui.detection.images.folders import Purpose, list_images
from anomaly_gui.detection.images.masks import MaskFolder
from anomaly_gui.detection.images.mvtec import read_mvtec
from anomaly_gui.detection.images.path_list import ChosenPaths, JoinedPaths, find_common
from anomaly_gui.detection.judging.evaluation import Evaluation, LabelledColumns, evaluate_scores
from anomaly_gui.detection.judging.metrics import LABELS, Rate
from anomaly_gui.detection.judging.promise import BROKEN, Promise
from anomaly_gui.detection.judging.verdicts import VERDICTS, Verdict
from anomaly_gui.detection.model.image_result import ImageResult
from anomaly_gui.detection.model.judged_columns import JudgedColumns, pack_digests
from anomaly_gui.detection.model.promise_check import check_promise
from anomaly_gui.detection.scoring import ScoreRequest, ScoreResult, score
from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from anomaly_gui.errors import UserError
from anomaly_gui.language import mark, translate, translate_count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from anomaly_gui.detection.features.feature_cache import FeatureCache
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
    misses_by_folder : the misses among the judged defects of each folder
    normal, anomalous : what became of every file
    not_judged : the images without a verdict, without their maps
    warnings : sentences the user should read
    pixels : how well the maps do, where there are masks
    promise : whether the good images keep what the threshold promises; None where it promises nothing
    outside : that most defects are told by what lies beside the part; None where they are not
    """

    evaluation: Evaluation
    misses_by_folder: Mapping[str, Rate]
    normal: ScoreResult
    anomalous: ScoreResult
    not_judged: tuple[ImageResult, ...]
    warnings: tuple[str, ...]
    pixels: PixelResult | None = None
    promise: Promise | None = None
    outside: OutsidePart | None = None

    @property
    def threshold(self) -> Threshold:
        """What the verdicts rest on."""
        return self.normal.threshold

    @property
    def unreadable(self) -> tuple[ImageResult, ...]:
        """The files that could not be decoded."""
        return tuple(image for image in self.not_judged if not image.readable)

    @property
    def images(self) -> Iterator[ImageResult]:
        """What became of every file, in the order of `evaluation.images`."""
        return chain(self.normal.images, self.anomalous.images)

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
    score_elsewhere : what scores in place of this process, such as a cluster; who lists there checks, too

    Raises
    ------
    UserError : a folder without images, or a file given as both good and defect
    CancelledError : from `progress`
    """
    score_one = score_elsewhere or _prepare_scoring(request, progress, runtime, cache)
    model, masks = request.model, MaskFolder(request.masks) if request.masks is not None else None
    normal, anomalous = (score_one(one) for one in _list_requests(request))
    good, defects = (JudgedColumns.of(result.images) for result in (normal, anomalous))
    pixels = _judge_pixels(request, masks, normal, anomalous, progress)
    promise = check_promise(normal.threshold, model.training, good, normal.number_parts)
    outside = _find_outside_part(model, good, defects, anomalous.images)
    warnings = _join_warnings(promise, _list_warnings(model, good, defects), pixels, outside)
    good, defects = good.keep_scores(), defects.keep_scores()
    for warning in warnings:
        progress.warn(warning)
    return EvaluateResult(
        evaluation=evaluate_scores(_label_scores(good, defects), normal.threshold.value),
        misses_by_folder=_misses_by_folder(defects, normal.threshold.value),
        normal=normal,
        anomalous=anomalous,
        not_judged=(*_list_not_judged(normal, good), *_list_not_judged(anomalous, defects)),
        warnings=warnings,
        pixels=pixels,
        promise=promise,
        outside=outside,
    )


def _prepare_scoring(
    request: EvaluateRequest, progress: Progress, runtime: Runtime | None, cache: FeatureCache | None
) -> Callable[[ScoreRequest], ScoreResult]:
    """Return what scores here, where no file is given both as good and as a defect."""
    check_apart(*(list_images(one.paths, one.purpose).files for one in _list_requests(request)))
    return partial(score, progress=progress, runtime=runtime, cache=cache)


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


def _find_outside_part(
    model: Model, good: JudgedColumns, defects: JudgedColumns, images: Sequence[ImageResult]
) -> OutsidePart | None:
    """Find it; `images` are what became of the defects."""
    scored, places = np.flatnonzero(good.has_score), np.flatnonzero(defects.has_score)
    files = ChosenPaths(defects.files, places)
    place_of = {files[index]: int(places[index]) for index in pick_sample(range(len(places)))}

    def judge(some: Sequence[Path]) -> list[ImageResult]:
        return [images[place_of[file]] for file in some]

    plan, limit = model.detector.plan, model.pixel_limit
    return find_outside_part(ChosenPaths(good.files, scored), files, judge, plan, limit)


def check_apart(good: Sequence[Path], defects: Sequence[Path]) -> None:
    """Raise UserError where a file is given both as good and as a defect."""
    both = find_common(good, defects)
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


def _label_scores(good: JudgedColumns, defects: JudgedColumns) -> LabelledColumns:
    each = (("normal", good), ("anomalous", defects))
    labels = [np.full(len(judged.scores), LABELS.index(label), np.int8) for label, judged in each]
    return LabelledColumns(
        JoinedPaths(good.files, defects.files),
        np.concatenate(labels),
        np.concatenate([good.scores, defects.scores]),
        np.concatenate([good.verdicts, defects.verdicts]),
    )


def _misses_by_folder(defects: JudgedColumns, threshold: float) -> dict[str, Rate]:
    missed, total = Counter[str](), Counter[str]()
    for place in np.flatnonzero(defects.has_score).tolist():
        folder = str(defects.files[place].parent)
        total[folder] += 1
        missed[folder] += int(defects.scores[place] >= threshold)
    return {folder: Rate.of(missed[folder], count) for folder, count in total.items()}


def _list_not_judged(result: ScoreResult, judged: JudgedColumns) -> Iterator[ImageResult]:
    for place in np.flatnonzero(judged.verdicts == VERDICTS.index(Verdict.CANNOT_JUDGE)).tolist():
        yield replace(result.images[place], map=None, vector=None, fingerprint=None)


def _list_warnings(model: Model, good: JudgedColumns, defects: JudgedColumns) -> tuple[str, ...]:
    warnings = []
    known = pack_digests(record.sha256 for record in (*model.training.images, *model.training.calibration))
    for (of_training, of_copies), judged in ((_SAID_OF_GOOD, good), (_SAID_OF_DEFECTS, defects)):
        again = int(judged.are_among(known).sum())
        if again:
            warnings.append(translate(of_training, count=again))
        digests = judged.list_known_digests()
        copies = len(digests) - len(np.unique(digests))
        if copies:
            warnings.append(translate(of_copies, count=copies))
    shared = int(defects.are_among(good.list_known_digests()).sum())
    if shared:
        warnings.append(
            translate(
                "{count:,} of the known defects have the bytes of a good image: sort them anew.", count=shared
            )
        )
    return tuple(warnings)
