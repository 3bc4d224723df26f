"""Adding good images to a model, and taking out others, without reading again those that stay."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.arrays.products import products_on_one_core
from anomaly_gui.detection.datasets.image_sets import copies_of_excluded
from anomaly_gui.detection.datasets.left_out_folders import not_learned_from
from anomaly_gui.detection.datasets.training_remarks import remark_on_parts, remark_on_single_image
from anomaly_gui.detection.datasets.updates.joined_images import lacks_fingerprints
from anomaly_gui.detection.datasets.updates.renewals import list_at_hand, make_renewal
from anomaly_gui.detection.datasets.updates.update_sets import UpdateReader, UpdateSets
from anomaly_gui.detection.detectors.fitting import judge_all
from anomaly_gui.detection.detectors.placement.placement import FREE, TURNED
from anomaly_gui.detection.detectors.placement.placement_finder import find_placement
from anomaly_gui.detection.detectors.protocol import score_pixels
from anomaly_gui.detection.detectors.renewal.renewal import MOST_FINGERPRINTS
from anomaly_gui.detection.images.decoding.kinds import describe_passed_over
from anomaly_gui.detection.judging.verdicts import is_anomalous
from anomaly_gui.detection.model.assembly import OwnScores, ScreenedImages, complete_model
from anomaly_gui.detection.model.model import Reference
from anomaly_gui.detection.model.updatable import require_kept, restore_settings
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.settings.choices import MANUAL, POSITIONAL
from anomaly_gui.errors import ParameterError, TrainingError
from anomaly_gui.language import translate, translate_count, translate_kept
from anomaly_gui.wording import count_good_images

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.detection.datasets.updates.update_request import UpdateRequest
    from anomaly_gui.detection.detectors.protocol import Fitted
    from anomaly_gui.detection.detectors.renewal.renewal import Renewal
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.judging.suspects import SuspectImage
    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.detection.model.model import Model
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.detection.settings.train_settings import TrainSettings
    from anomaly_gui.errors import ImageRefusedError
    from anomaly_gui.progress import Progress

_MOST_REJECTED = 0.1
"""Share of new good images, and three of them, that the model may take for defects before that is said."""


@dataclass(frozen=True, eq=False)
class UpdateFindings:
    """What an update met; it goes through a pipe.

    Parameters
    ----------
    added, removed : files that were added, and taken out
    joined : how many of those added show a part that was learned before
    rejected : how many of those added the model before took for defects
    before : the threshold before
    unreadable : files that could not be used, each with the reason
    copies : files with the bytes of one that was learned or given before, and that one; they were left out
    suspects : new images unlike all others, each with the reason
    suspects_left_out : whether they were left out
    warnings : sentences the user should read
    seconds : how long it took
    """

    added: tuple[Path, ...]
    removed: tuple[Path, ...]
    joined: int
    rejected: int
    before: Threshold
    unreadable: tuple[ImageRefusedError, ...]
    copies: tuple[tuple[Path, Path], ...]
    suspects: tuple[SuspectImage, ...]
    suspects_left_out: bool
    warnings: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, eq=False)
class UpdateResult:
    """The model after an update, and what it met."""

    model: Model
    findings: UpdateFindings


def update_model(
    model: Model,
    request: UpdateRequest,
    progress: Progress,
    runtime: Runtime | None = None,
    cache: FeatureCache | None = None,
) -> UpdateResult:
    """Return a model that learned from further good images as well, and from some no more.

    Means and covariances are those of a training on the images there are afterwards; the files of those that
    stay need not exist. Their held-out scores are kept and brought onto the new scale, those of new images
    are held out by groups, and the threshold is set anew from all of them by the same rule.

    Raises
    ------
    TrainingError : the model lacks what this takes, or no image can be used
    ParameterError : nothing is asked for, or an image is to be taken out that was not learned from
    CancelledError : from `progress`
    """
    began, runtime = time.monotonic(), runtime or default_runtime()
    if not request.added and not request.without:
        raise ParameterError(translate("Nothing is to be added or taken out: name good images."))
    kept = require_kept(model)
    settings = restore_settings(model.detector, model.threshold, kept, model.pixel_limit, request.suspects)
    sets = UpdateReader(model, kept, settings, runtime, progress, cache).read(request)
    progress.stage(translate("Fitting"))
    rejected = _count_rejected(model, sets)
    renewal = make_renewal(model.training, kept, sets)
    fitted = _renew_detector(model, renewal)
    own = _judge_own(model, fitted, renewal, sets, runtime)
    updated = _complete(model, settings, fitted, own, sets, runtime)
    warnings = (
        *_list_warnings(updated, sets),
        *_remark_on_placement(model, sets, runtime, progress, cache),
        *_remark_on_rejected(rejected, sets),
    )
    for warning in warnings:
        progress.warn(warning)
    return UpdateResult(updated, _summarize(model, sets, rejected, warnings, began))


@products_on_one_core()
def _renew_detector(model: Model, renewal: Renewal) -> Fitted:
    try:
        return model.detector.renew(renewal)
    except ValueError as error:
        count = count_good_images(len(renewal.groups.numbers))
        raise TrainingError(
            translate("The {count} there would be cannot be learned from: {error}", count=count, error=error)
        ) from error


def _judge_own(
    model: Model, fitted: Fitted, renewal: Renewal, sets: UpdateSets, runtime: Runtime
) -> OwnScores:
    """Return the scores of all images under the fit that includes them.

    Those of images that stay are as far above their held-out scores as before, where cells would be needed.
    """
    detector, record, stay = fitted.detector, model.training, sets.stay
    pixels = model.reference.pixels
    reference = Reference(pixels, score_pixels(detector, pixels, runtime))
    if renewal.kept is None:
        return OwnScores(judge_all(detector, sets.images)[0], reference, ())
    scores = fitted.held_out[: len(stay)] + (record.scores - record.held_out)[stay]
    if sets.new is not None and sets.new.cells is not None:
        scores = np.concatenate([scores, judge_all(detector, sets.new)[0]])
    return OwnScores(scores, reference, list_at_hand(renewal))


def _complete(
    model: Model,
    settings: TrainSettings,
    fitted: Fitted,
    own: OwnScores,
    sets: UpdateSets,
    runtime: Runtime,
) -> Model:
    found, record = sets.screening, model.training
    perhaps_good = 0 if record.calibration else record.left_out + (found.perhaps_good if found else 0)
    left_out = (*record.suspects, *(found.left_out if found else ()))
    normal = ScreenedImages(sets.images, sets.groups, perhaps_good, left_out)
    none = sets.images.select_images(np.empty(0, np.int64))
    updated = complete_model(settings, fitted, own, normal, sets.calibration, none, runtime)
    if settings.rule != MANUAL:
        return updated
    threshold = replace(updated.threshold, asked_rate=model.threshold.asked_rate)
    return replace(updated, threshold=threshold, moves=model.moves)


def _count_rejected(model: Model, sets: UpdateSets) -> int:
    """Return how many of the new images the model before took for defects."""
    if sets.new is None:
        return 0
    scores: FloatArray = judge_all(model.detector, sets.new)[0]
    return int(is_anomalous(scores, model.threshold.value).sum())


def _list_warnings(updated: Model, sets: UpdateSets) -> tuple[str, ...]:
    by_hand = (
        translate(
            "The threshold was set by hand and stays where it was: scores may lie otherwise now; look at it."
        )
        if updated.threshold.rule == MANUAL
        else None
    )
    read = () if sets.added is None else (sets.added,)
    return (
        *filter(None, [by_hand]),
        *map(translate_kept, updated.threshold.warnings),
        *remark_on_single_image(updated),
        *filter(None, (describe_passed_over(each.listing.others) for each in read)),
        *not_learned_from(tuple(one for each in read for one in each.listing.left_out)),
        *copies_of_excluded(read),
        *(sets.screening.warnings if sets.screening else ()),
        *remark_on_parts(sets.groups),
        *_remark_on_fingerprints(sets),
    )


def _remark_on_fingerprints(sets: UpdateSets) -> tuple[str, ...]:
    before = len(sets.stay) + len(sets.gone)
    if before <= MOST_FINGERPRINTS or not lacks_fingerprints(sets.images, len(sets.stay)):
        return ()
    return (
        translate(
            "Of more than {most:,} images a model keeps no fingerprints: whether new images show parts "
            "that were learned before was not looked for.",
            most=MOST_FINGERPRINTS,
        ),
    )


def _remark_on_placement(
    model: Model, sets: UpdateSets, runtime: Runtime, progress: Progress, cache: FeatureCache | None
) -> tuple[str, ...]:
    """Say where the new parts lie otherwise than the model takes parts to lie."""
    plan = model.detector.plan
    if sets.new is None or not plan.has_cells or plan.alignment or plan.locator:
        return ()
    files = [record.path for record in sets.new.records]
    features, limit = plan.features, model.pixel_limit
    kind = find_placement(files, features, plan.interest, limit, runtime, progress, cache).kind
    if kind == TURNED or (kind == FREE and model.detector.kind == POSITIONAL):
        how = translate("in any direction") if kind == TURNED else translate("in no fixed place")
        return (
            translate(
                "The new parts lie {how}, which this model is not made for: train a model anew with all "
                "images.",
                how=how,
            ),
        )
    return ()


def _remark_on_rejected(rejected: int, sets: UpdateSets) -> tuple[str, ...]:
    count = 0 if sets.new is None else len(sets.new.records)
    if rejected < 3 or rejected <= _MOST_REJECTED * count:
        return ()
    return (
        translate(
            "The model before took {rejected:,} of the {images} for defects: if these are good parts, "
            "they differ from those it knew, and the like is good from now on; look at them.",
            rejected=rejected,
            images=translate_count("{count:,} new image", "{count:,} new images", count),
        ),
    )


def _summarize(
    model: Model, sets: UpdateSets, rejected: int, warnings: tuple[str, ...], began: float
) -> UpdateFindings:
    new, found, stay = sets.new, sets.screening, len(sets.stay)
    joined = np.isin(sets.groups.numbers[stay:], sets.groups.numbers[:stay]).sum()
    return UpdateFindings(
        added=() if new is None else tuple(record.path for record in new.records),
        removed=tuple(model.training.images[index].path for index in sets.gone),
        joined=int(joined),
        rejected=rejected,
        before=model.threshold,
        unreadable=() if sets.added is None else sets.added.unreadable,
        copies=() if sets.added is None else sets.added.images.duplicates,
        suspects=tuple(one.translate() for one in found.suspects) if found else (),
        suspects_left_out=found.are_left_out if found else False,
        warnings=warnings,
        seconds=time.monotonic() - began,
    )
