"""Training: from folders of good images to a model with an honest threshold."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.candidates.known_defects import DefectFindings, look_at_defects, measure_defects
from anomaly_gui.detection.candidates.recommending import Advice
from anomaly_gui.detection.datasets.image_sets import copies_of_excluded
from anomaly_gui.detection.datasets.left_out_folders import not_learned_from
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.datasets.training_remarks import (
    check_promise_by_calibration,
    describe_approach,
    list_alleged_copies,
    remark_on_parts,
    remark_on_single_image,
)
from anomaly_gui.detection.datasets.training_sets import (
    GoodImages,
    TrainingSets,
    group_defects,
    read_sets,
)
from anomaly_gui.detection.datasets.training_steps import OwnSteps, TrainingSteps
from anomaly_gui.detection.detectors.fitting import judge_all, learn_features
from anomaly_gui.detection.detectors.placement.placement import Placement
from anomaly_gui.detection.images.decoding.kinds import describe_passed_over
from anomaly_gui.detection.images.folders import LeftOut
from anomaly_gui.detection.judging.promise import Promise
from anomaly_gui.detection.learning.network_training import TrainingImages
from anomaly_gui.detection.model.image_judging import judge_images
from anomaly_gui.detection.model.image_result import ImageResult
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.settings.choices import BEST_F1
from anomaly_gui.detection.settings.detector_kinds import LEARNED
from anomaly_gui.errors import TrainingError
from anomaly_gui.language import mark, translate, translate_kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from anomaly_gui.detection.datasets.judging_rate import JudgingRate
    from anomaly_gui.detection.datasets.screening import Kind
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.judging.suspects import SuspectImage
    from anomaly_gui.detection.learning.split import Split
    from anomaly_gui.detection.model.model import Model
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.detection.settings.train_settings import TrainSettings
    from anomaly_gui.errors import ImageRefusedError
    from anomaly_gui.progress import Progress

_SAME_DAY = mark(
    "The threshold rests on images of the same day; calibrate with good parts of another day "
    "to trust it on other days."
)


@dataclass(frozen=True, eq=False)
class TrainFindings:
    """What a training met on its way to the model; it goes through a pipe.

    Parameters
    ----------
    unreadable : files of any of the folders that could not be used, each with the reason
    duplicates : files with the same bytes as an earlier one, and that one; they were used once
    notes : remarks on single files that were used
    passed_over, hidden : how many files of other kinds, and hidden ones, were not looked at
    warnings : sentences the user should read
    placement : how the parts lie, as far as good images tell
    advice : a sentence that recommends another detector, or None; it is among the warnings
    seconds : how long the training took
    reused : how many images' features were known from before
    left_out : folders that are not learned from, by their names, and recycle bins
    suspects : good images unlike the others, each with the reason
    suspects_left_out : whether they were left out
    kinds : of parts, where the good images show several
    alleged_copies : a few pairs of images that were taken to show one part, or cannot be told from such
    in_doubt : whether only who knows the parts can say if images show one part or several
    calibration : whether the threshold of the training images holds for the calibration images; None
        without such
    seen_before : how many names and links were given more than once; they were used once
    approach : what the automatic detector did with the images, in a sentence; None of others
    of_defects : what known defects say of the model and its detector
    rate : how fast the model judges on this machine, where a rate was asked for
    """

    unreadable: tuple[ImageRefusedError, ...]
    duplicates: tuple[tuple[Path, Path], ...]
    notes: tuple[tuple[Path, str], ...]
    passed_over: int
    hidden: int
    warnings: tuple[str, ...]
    placement: Placement
    advice: str | None
    seconds: float
    reused: int = 0
    left_out: tuple[LeftOut, ...] = ()
    suspects: tuple[SuspectImage, ...] = ()
    suspects_left_out: bool = False
    kinds: tuple[Kind, ...] = ()
    alleged_copies: tuple[tuple[Path, Path], ...] = ()
    in_doubt: bool = False
    calibration: Promise | None = None
    seen_before: int = 0
    approach: str | None = None
    of_defects: DefectFindings = field(default_factory=lambda: DefectFindings(Advice(None, None)))
    rate: JudgingRate | None = None


@dataclass(frozen=True, eq=False)
class TrainResult:
    """What became of a training.

    Parameters
    ----------
    model : ready to judge
    defects : the known defects, if any were given, with their scores but without maps
    findings : what it met on its way
    """

    model: Model
    defects: tuple[ImageResult, ...]
    findings: TrainFindings


def train(
    request: TrainRequest,
    progress: Progress,
    runtime: Runtime | None = None,
    cache: FeatureCache | None = None,
    steps: TrainingSteps | None = None,
) -> TrainResult:
    """Learn what good parts look like.

    With a cache, images whose features are known from before need no network, and a training that was cut
    off goes on where it was. What takes long is done by `steps`, or by this process where none are given.

    Raises
    ------
    TrainingError : too few usable images, or all the same
    CancelledError : from `progress`
    """
    began = time.monotonic()
    runtime = runtime or default_runtime()
    steps = steps or OwnSteps(runtime, progress, cache)
    _check_rule(request)
    request, placement, plan, sets, rate = read_sets(request, runtime, progress, cache, steps.read)
    settings = request.settings
    normal, calibration = (steps.screen(one, request, plan) for one in (sets.normal, sets.calibration))
    sets = replace(sets, normal=normal.images, calibration=calibration.images)
    split = None
    if settings.detector in LEARNED:
        plan, sets, split = _learn_features(settings, plan, sets, normal, progress, cache)
        normal = replace(normal, images=sets.normal)
        calibration = replace(calibration, images=sets.calibration)
    progress.stage(translate("Fitting"))
    defects = group_defects(sets.anomalous.images, request, plan, runtime, cache)
    model, weighing = steps.assemble(settings, plan, normal.screened, calibration.screened, defects, split)
    judged = _judge_defects(model, sets)
    auroc = measure_defects(model, np.array([one.score for one in judged]), defects)
    judge = _judge_with_maps(model, progress, runtime, cache)
    of_defects = look_at_defects(request, model, sets, placement, weighing, auroc, judge, cache)
    found = _Found(model, sets, placement, normal, calibration, of_defects, rate)
    return TrainResult(model, judged, found.summarize(progress, began))


def _check_rule(request: TrainRequest) -> None:
    if request.settings.rule == BEST_F1 and not request.anomalous:
        raise TrainingError(translate("The rule best-f1 needs known defects: give their folder."))


def _judge_with_maps(
    model: Model, progress: Progress, runtime: Runtime, cache: FeatureCache | None
) -> Callable[[Sequence[Path]], Iterator[ImageResult]]:
    """Return what judges some of the known defects again, with their maps."""

    def judge_some(files: Sequence[Path]) -> Iterator[ImageResult]:
        progress.stage(translate("Looking at where defects are"), len(files))
        return judge_images(model, files, progress, runtime=runtime, cache=cache)

    return judge_some


def _learn_features(
    settings: TrainSettings,
    plan: Plan,
    sets: TrainingSets,
    normal: GoodImages,
    progress: Progress,
    cache: FeatureCache | None,
) -> tuple[Plan, TrainingSets, Split | None]:
    images = TrainingImages(plan, sets.normal.images, sets.calibration.images, sets.anomalous.images)
    learned = learn_features(settings, images, normal.groups, progress, cache)
    return (
        learned.plan,
        TrainingSets(
            replace(sets.normal, images=learned.normal),
            replace(sets.calibration, images=learned.calibration),
            replace(sets.anomalous, images=learned.anomalous),
        ),
        learned.split,
    )


def _judge_defects(model: Model, sets: TrainingSets) -> tuple[ImageResult, ...]:
    images = sets.anomalous.images
    scores = judge_all(model.detector, images)[0].tolist()
    return tuple(
        ImageResult(record.path, score, model.threshold.verdict(score), sha256=record.sha256)
        for record, score in zip(images.records, scores, strict=True)
    )


@dataclass(frozen=True, eq=False)
class _Found:
    """The model, and all that its images said on the way."""

    model: Model
    sets: TrainingSets
    placement: Placement
    normal: GoodImages
    calibration: GoodImages
    of_defects: DefectFindings
    rate: JudgingRate | None

    def list_warnings(self) -> tuple[str, ...]:
        others = (describe_passed_over(each.listing.others) for each in self.sets.all)
        advice, outside = self.of_defects.advice.says, self.of_defects.outside
        return (
            *map(translate_kept, self.model.threshold.warnings),
            *remark_on_single_image(self.model),
            *filter(None, others),
            *not_learned_from(self.sets.left_out),
            *copies_of_excluded(self.sets.all),
            *self.normal.screening.warnings,
            *self.calibration.screening.warnings,
            *remark_on_parts(self.normal.groups),
            *(() if self.sets.calibration.images.records else (translate(_SAME_DAY),)),
            *([str(outside)] if outside else ()),
            *([advice] if advice else []),
        )

    def summarize(self, progress: Progress, began: float) -> TrainFindings:
        sets, placement, warnings = self.sets, self.placement, self.list_warnings()
        for warning in warnings:
            progress.warn(warning)
        normal, calibration = self.normal.screening, self.calibration.screening
        return TrainFindings(
            unreadable=tuple(error for each in sets.all for error in each.unreadable),
            duplicates=tuple(pair for each in sets.all for pair in each.images.duplicates),
            notes=tuple(
                (record.path, translate_kept(note))
                for each in sets.all
                for record in each.images.records
                for note in record.notes
            ),
            passed_over=sum(each.listing.passed_over for each in sets.all),
            hidden=sum(each.listing.hidden for each in sets.all),
            warnings=warnings,
            placement=placement,
            advice=self.of_defects.advice.says,
            seconds=time.monotonic() - began,
            reused=max(0, sum(each.images.reused for each in sets.all) - placement.computed),
            left_out=sets.left_out,
            suspects=tuple(one.translate() for one in (*normal.suspects, *calibration.suspects)),
            suspects_left_out=normal.are_left_out or calibration.are_left_out,
            kinds=normal.kinds,
            alleged_copies=list_alleged_copies(self.normal),
            in_doubt=self.normal.groups.in_doubt,
            calibration=check_promise_by_calibration(self.model, self.normal, self.calibration),
            seen_before=sum(each.listing.seen_before for each in sets.all),
            of_defects=self.of_defects,
            approach=describe_approach(self.model.detector.plan, self.model.detector.kind, placement),
            rate=self.rate,
        )
