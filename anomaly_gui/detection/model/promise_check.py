"""Whether good images that a model was not made of keep what its threshold promises."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from anomaly_gui.detection.grouping.groups import Groups, group_images
from anomaly_gui.detection.images.look import NUMBERS
from anomaly_gui.detection.images.path_list import ChosenPaths
from anomaly_gui.detection.judging.promise import describe_difference, examine_promise
from anomaly_gui.detection.judging.verdicts import is_anomalous
from anomaly_gui.detection.model.judged_columns import pack_digests
from anomaly_gui.detection.settings.choices import AUTOMATIC

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import IntArray
    from anomaly_gui.detection.judging.promise import Promise
    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.detection.model.judged_columns import JudgedColumns
    from anomaly_gui.detection.model.model import TrainingRecord


NumberParts: TypeAlias = Callable[["JudgedColumns", "IntArray"], "IntArray"]
"""Returns a number for each of some images, ascending; those of one number show one part."""


def check_promise(
    threshold: Threshold, training: TrainingRecord, good: JudgedColumns, number_parts: NumberParts
) -> Promise | None:
    """Tell whether a threshold keeps its promise on good images.

    Images that the model was made of say nothing, nor do those without a score. Shots of one part count as
    one where the results hold what tells them (see `ScoreRequest`).

    Parameters
    ----------
    number_parts : what tells which images show one part, as the function of this name

    Returns
    -------
    None where nothing was promised, or no image is left
    """
    known = pack_digests(record.sha256 for record in (*training.images, *training.calibration))
    unseen = np.flatnonzero(good.has_score & ~good.are_among(known))
    rejected = is_anomalous(good.scores[unseen], threshold.value)
    looks = good.looks[unseen]
    seen = looks[~np.isnan(looks).any(axis=1)]
    learned = np.empty((0, NUMBERS), np.float32) if training.looks is None else training.looks
    weights = Groups(number_parts(good, unseen), "").weights if len(unseen) else np.ones(0)
    return examine_promise(threshold, rejected, weights, describe_difference(learned, seen))


def number_parts(images: JudgedColumns, which: IntArray) -> IntArray:
    """Return a number for each of some images, (which,): those of one number show one part.

    Each is a part of its own where the results do not hold what tells them (see `ScoreRequest`).

    Parameters
    ----------
    which : indices of the images, ascending
    """
    rows = images.find_rows(which)
    if images.vectors is None or rows is None:
        return np.arange(len(which))
    fingerprints = images.fingerprints.select_images(rows)
    paths, vectors = ChosenPaths(images.files, which), images.vectors.choose(rows)
    return group_images(AUTOMATIC, paths, vectors, fingerprints.rows, fingerprints.has_fingerprint).numbers
