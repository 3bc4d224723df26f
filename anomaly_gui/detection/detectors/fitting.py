"""From features of good images to a detector, with the scores and maps that were held out by groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.arrays.products import products_on_one_core
from anomaly_gui.detection.densities.registry import make_density
from anomaly_gui.detection.detectors.local_maps import find_peaks
from anomaly_gui.detection.detectors.registry import load_detector
from anomaly_gui.detection.features.network_outputs import ImageFeatures
from anomaly_gui.detection.learning.network_training import train_on_images
from anomaly_gui.errors import TrainingError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray, Rows
    from anomaly_gui.detection.densities.registry import Density
    from anomaly_gui.detection.detectors.protocol import Detector, Fitted
    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.detection.learning.network_training import TrainingImages
    from anomaly_gui.detection.learning.split import Split
    from anomaly_gui.detection.settings.train_settings import TrainSettings
    from anomaly_gui.progress import Progress

_AT_ONCE = 4096  # images


def learn_features(
    settings: TrainSettings,
    images: TrainingImages,
    groups: Groups,
    progress: Progress,
    cache: FeatureCache | None,
) -> TrainingImages:
    """Train the network of the detector asked for, and return the images as it sees them.

    See `train_on_images`.
    """
    trainer = load_detector(settings.detector).network_trainer()
    return train_on_images(trainer, settings, images, groups, progress, cache)


@products_on_one_core()
def fit_detector(
    settings: TrainSettings, plan: Plan, images: Collection, groups: Groups, split: Split | None = None
) -> Fitted:
    """Fit the detector asked for.

    Parameters
    ----------
    split : what a network was trained on, where features were learned

    Raises
    ------
    TrainingError : one image, or nothing to learn from them
    """
    check_enough(groups)
    detector = load_detector(settings.detector)
    try:
        return detector.fit(settings, plan, images, groups, split)
    except ValueError as error:
        raise not_learnable(len(images.vectors if split is None else split.fitted), error) from error


def check_enough(groups: Groups) -> None:
    """Raise TrainingError unless there are two images at least."""
    if len(groups.numbers) < 2:
        raise TrainingError(
            translate("One good image is not enough to learn from: give at least 20, better 100 or more.")
        )


def not_learnable(count: int, error: ValueError) -> TrainingError:
    """Return that so many images cannot be learned from, and why."""
    return TrainingError(
        translate("The {count} good images cannot be learned from: {error}", count=count, error=error)
    )


@products_on_one_core()
def fit_density(settings: TrainSettings, vectors: Rows, groups: Groups) -> tuple[Density, FloatArray]:
    """Fit the density asked for to (images, features), and return it with its held-out scores, (images,).

    Raises
    ------
    TrainingError : one image, or nothing to learn from them
    """
    check_enough(groups)
    density = make_chosen_density(settings)
    try:
        together = groups.held_out_together
        density.fit(vectors, groups=together)
        return density, density.held_out_scores(vectors, together)
    except ValueError as error:
        raise not_learnable(len(vectors), error) from error


def make_chosen_density(settings: TrainSettings) -> Density:
    """Return the density asked for, unfitted."""
    return make_density(settings.density, components=settings.components, covariance_type=settings.covariance)


def fit_on_split(density: Density, vectors: FloatArray, groups: Groups, split: Split) -> None:
    """Fit a density to the (images, features) that a network was trained on."""
    density.fit(vectors[split.fitted], groups=groups.select_images(split.fitted).numbers)


@products_on_one_core()
def judge_all(detector: Detector, images: Collection) -> tuple[FloatArray, FloatArray | None]:
    """Return the scores of collected images, and the highest values of their maps or None, (images,) each.

    Whole maps of thousands of images would not fit into memory.
    """
    count = len(images.vectors)
    scores, peaks = np.empty(count), np.empty(count)
    if images.cells is None:
        for first in range(0, count, _AT_ONCE):
            block = slice(first, first + _AT_ONCE)
            scores[block] = detector.judge(ImageFeatures(images.vectors[block])).scores
        return scores, None
    for numbers, cells in images.cells.read_batches():
        judged = detector.judge(ImageFeatures(images.vectors[numbers], cells))
        scores[numbers] = judged.scores
        peaks[numbers] = 0 if judged.maps is None else find_peaks(judged.maps)
    return scores, peaks
