"""Whether good images that a model was not made of keep what its threshold promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.grouping.groups import Groups, group_images
from anomaly_gui.detection.images.look import NUMBERS, stack_looks
from anomaly_gui.detection.judging.promise import describe_difference, examine_promise
from anomaly_gui.detection.judging.verdicts import is_anomalous
from anomaly_gui.detection.settings.choices import AUTOMATIC

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray
    from anomaly_gui.detection.judging.promise import Promise
    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.detection.model.image_result import ImageResult
    from anomaly_gui.detection.model.model import TrainingRecord


def check_promise(
    threshold: Threshold, training: TrainingRecord, good: Sequence[ImageResult]
) -> Promise | None:
    """Tell whether a threshold keeps its promise on good images.

    Images that the model was made of say nothing, nor do those without a score. Shots of one part count as
    one where the results hold what tells them (see `ScoreRequest`).

    Returns
    -------
    None where nothing was promised, or no image is left
    """
    known = {record.sha256 for record in (*training.images, *training.calibration)}
    unseen = [image for image in good if image.score is not None and image.sha256 not in known]
    rejected = np.array([is_anomalous(image.score or 0.0, threshold.value) for image in unseen], np.bool_)
    looks = stack_looks([image.look for image in unseen if image.look is not None])
    learned = np.empty((0, NUMBERS), np.float32) if training.looks is None else training.looks
    return examine_promise(threshold, rejected, _weigh_images(unseen), describe_difference(learned, looks))


def _weigh_images(images: Sequence[ImageResult]) -> FloatArray:
    return Groups(number_parts(images), "").weights if images else np.ones(0)


def number_parts(images: Sequence[ImageResult]) -> IntArray:
    """Return a number for each image, (images,): those of one number show one part.

    Each is a part of its own where the results do not hold what tells them (see `ScoreRequest`).
    """
    vectors = [image.vector for image in images if image.vector is not None]
    if not vectors or len(vectors) < len(images):
        return np.arange(len(images))
    paths, fingerprints = [image.path for image in images], [image.fingerprint for image in images]
    return group_images(AUTOMATIC, paths, np.stack(vectors), fingerprints).numbers
