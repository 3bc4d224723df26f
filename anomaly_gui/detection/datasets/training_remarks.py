"""What a training says of its images and its threshold beside the model: what to look at, what to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.detectors.placement.placement import UNKNOWN
from anomaly_gui.detection.grouping.groups import Groups, split_by_group
from anomaly_gui.detection.judging.promise import Promise, describe_difference, examine_promise
from anomaly_gui.detection.judging.suspects import measure_deviations
from anomaly_gui.detection.judging.thresholds import (
    CALIBRATION,
    HELD_OUT,
    GoodScores,
    by_false_alarm_rate,
    with_expectation,
)
from anomaly_gui.detection.judging.verdicts import is_anomalous
from anomaly_gui.detection.settings.choices import AUTO, FALSE_ALARM_RATE
from anomaly_gui.language import translate
from anomaly_gui.wording import join_sentences

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.datasets.training_sets import GoodImages
    from anomaly_gui.detection.detectors.placement.placement import Placement
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.model.model import Model

_FEW_IMAGES = 50
_PAIRS_SHOWN = 6
_HANGS_BY = 1.0  # robust standard deviations between the lowest score and the next


def check_promise_by_calibration(model: Model, normal: GoodImages, calibration: GoodImages) -> Promise | None:
    """Tell whether the training images alone set a threshold that holds for the calibration images."""
    record, asked = model.training, model.threshold.asked_rate
    if not len(record.calibration_scores) or asked is None or not len(record.judged):
        return None
    left_out = normal.screening.perhaps_good
    groups = Groups(record.groups, record.grouped_by).select_images(record.judged)
    held_out = GoodScores(record.held_out[record.judged], groups, HELD_OUT, left_out)
    threshold = with_expectation(by_false_alarm_rate(held_out, asked), held_out)
    rejected = is_anomalous(record.calibration_scores, threshold.value)
    difference = describe_difference(normal.images.images.looks, calibration.images.images.looks)
    return examine_promise(threshold, rejected, calibration.groups.weights, difference)


def list_alleged_copies(good: GoodImages) -> tuple[tuple[Path, Path], ...]:
    """Return a few pairs of images that were taken to show one part, or may."""
    records, groups = good.images.images.records, good.groups
    together = [rows for rows in split_by_group(groups.numbers) if len(rows) > 1]
    pairs = [(rows[0], rows[-1]) for rows in together]
    if not pairs and groups.in_doubt:
        pairs = [(0, len(records) - 1)]
    return tuple((records[first].path, records[last].path) for first, last in pairs[:_PAIRS_SHOWN])


def remark_on_single_image(model: Model) -> tuple[str, ...]:
    """Say so where one image alone decides how low the threshold is."""
    record, threshold = model.training, model.threshold
    if threshold.rule != FALSE_ALARM_RATE:
        return ()
    if threshold.basis == CALIBRATION:
        scores, records = record.calibration_scores, record.calibration
    else:
        scores = record.held_out[record.judged]
        records = tuple(record.images[place] for place in record.judged)
    lowest = np.argsort(scores)[:2]
    if len(lowest) < 2 or threshold.value > scores[lowest[0]]:
        return ()
    apart = measure_deviations(scores)[lowest]
    if apart[1] - apart[0] <= _HANGS_BY:
        return ()
    return (
        translate(
            "The threshold hangs on one image, {image}, the least usual of {count:,}: look at it, and "
            "leave it out if it is no good part.",
            image=records[lowest[0]].path.name,
            count=len(scores),
        ),
    )


def describe_approach(plan: Plan, detector: str, placement: Placement) -> str | None:
    """Return in a sentence what the automatic detector did with the images; None for others: they were asked.

    Parameters
    ----------
    plan : what is taken of an image
    detector : its name
    placement : how the parts lie
    """
    if detector != AUTO:
        return None
    height, width = plan.features.shape
    if plan.locator is not None:
        return _describe_located(plan)
    known = None if placement.kind == UNKNOWN else placement.description
    left = (
        None
        if placement.located_gain is None
        else translate(
            "Turned and cropped to on their plain ground they are no more alike, so they are left."
        )
    )
    judged = (
        translate(
            "The parts are judged place by place and as a whole, at {width} x {height} px.",
            width=width,
            height=height,
        )
        if plan.alignment is None
        else translate(
            "The parts are aligned, and judged place by place and as a whole, at {width} x {height} px.",
            width=width,
            height=height,
        )
    )
    return join_sentences(known, left, judged)


def _describe_located(plan: Plan) -> str:
    height, width = plan.piece_shape
    if plan.pieces == 1:
        return translate(
            "The parts lie on a plain ground: each is found, turned and cropped, and judged place by "
            "place and as a whole, at {width} x {height} px.",
            width=width,
            height=height,
        )
    return translate(
        "{pieces} parts lie in each image on a plain ground: each is found, turned and cropped, and "
        "judged by itself, place by place and as a whole, at {width} x {height} px each; the worst counts.",
        pieces=plan.pieces,
        width=width,
        height=height,
    )


def remark_on_parts(groups: Groups) -> tuple[str, ...]:
    """Say what is not known of other parts where there are few, or only one."""
    count = len(groups.numbers)
    if groups.count == 1:
        return (
            translate(
                "All {count:,} good images seem to show one part: how parts differ is not known, and nothing "
                "can be promised of others. If they are different parts, say so.",
                count=count,
            ),
        )
    if groups.count < _FEW_IMAGES:
        return (
            translate(
                "Only {parts} good parts: the model is a first guess; give 100 or more to rely on it.",
                parts=groups.count,
            ),
        )
    return ()
