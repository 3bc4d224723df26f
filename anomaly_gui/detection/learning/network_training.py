"""Training where features are learned: read pixels, train a network on a share of them, and look again."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.arrays.cell_store import CellStore
from anomaly_gui.detection.arrays.row_store import RowStore
from anomaly_gui.detection.features.extraction import derive_features
from anomaly_gui.detection.features.plan import Plan
from anomaly_gui.detection.images.loading import LoadedImage, ReadingOptions
from anomaly_gui.detection.images.reading import read_images
from anomaly_gui.detection.learning.learned_features import (
    LearnSettings,
    NetworkTrainingSet,
    check_tensorflow,
    checkpoint_key,
    choose_input_size,
)
from anomaly_gui.detection.learning.plan_networks import RawPixels
from anomaly_gui.detection.learning.split import Split, split_parts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
    from anomaly_gui.detection.learning.learned_features import NetworkTrainer
    from anomaly_gui.detection.learning.plan_networks import LearnedNetwork
    from anomaly_gui.detection.settings.train_settings import TrainSettings
    from anomaly_gui.progress import Progress

CHECKPOINTS = "checkpoints"
"""The folder of unfinished trainings, beside the feature cache."""

_LOOKED_AT = 12  # images whose size tells the network's
_PLAIN = "none"


@dataclass(frozen=True, eq=False)
class TrainingImages:
    """The images of a training, as a plan takes them.

    Parameters
    ----------
    plan : what is taken of an image
    normal, calibration, anomalous : good images, calibration images, and known defects
    split : which good images a network was trained on; None before that, and where none is
    """

    plan: Plan
    normal: Collection
    calibration: Collection
    anomalous: Collection
    split: Split | None = None


def pixel_plan(settings: TrainSettings, interest: RegionOfInterest, files: Sequence[Path]) -> Plan:
    """Return the plan that reads the pixels a network learns from; TrainingError without TensorFlow."""
    check_tensorflow()
    every = max(1, len(files) // _LOOKED_AT)
    with closing(read_images(files[::every], ReadingOptions((32, 32), settings.pixel_limit))) as images:
        shapes = [(one.record.width, one.record.height) for one in images if isinstance(one, LoadedImage)]
    size = choose_input_size(settings.learned_size, shapes)
    features = replace(settings.features, size=size, normalization=_PLAIN, proportions=1.0)
    return Plan(features, interest=interest, network=RawPixels(size))


def train_on_images(
    train_network: NetworkTrainer,
    settings: TrainSettings,
    images: TrainingImages,
    groups: Groups,
    progress: Progress,
    cache: FeatureCache | None,
) -> TrainingImages:
    """Train a network on a share of the good images, and return all images as it sees them.

    Parameters
    ----------
    images : taken by `pixel_plan`
    groups : which good images show one part
    cache : beside it the training's state is kept, so that one that was killed goes on

    Raises
    ------
    TrainingError : too few parts, a training that failed, or TensorFlow is not installed
    CancelledError : from `progress`
    """
    if images.normal.cells is None:
        raise ValueError("a network learns from pixels")
    split = split_parts(groups, settings.seed, keep_unseen=not images.calibration.records)
    size, key = images.plan.features.size, _make_key(settings, images)
    folder = cache.path.parent / CHECKPOINTS if cache else None
    training_set = NetworkTrainingSet(images.normal.cells, size, split, folder, key)
    network = train_network(_pick_settings(settings), training_set, progress)
    plan = replace(images.plan, network=network)
    return TrainingImages(
        plan,
        _see_images(images.normal, plan, network),
        _see_images(images.calibration, plan, network),
        _see_images(images.anomalous, plan, network),
        split,
    )


def _make_key(settings: TrainSettings, images: TrainingImages) -> str:
    """Return what tells this training from others."""
    is_calibrated, plan = bool(images.calibration.records), images.plan
    split_by = (settings.group_by, is_calibrated, plan.features.size, plan.interest.to_values())
    return checkpoint_key(settings.detector, _pick_settings(settings), images.normal.records, *split_by)


def _pick_settings(settings: TrainSettings) -> LearnSettings:
    return LearnSettings(
        latent_size=settings.latent_size,
        steps=settings.steps,
        weight_decay=settings.weight_decay,
        objective=settings.objective,
        nu=settings.nu,
        pretrain=settings.pretrain == "yes",
        seed=settings.seed,
    )


def _see_images(images: Collection, plan: Plan, network: LearnedNetwork) -> Collection:
    """Return images read as pixels as a network sees them."""
    if images.cells is None:
        raise ValueError("a network sees pixels")
    size, kept = plan.features.size, plan.used_cells
    vectors = RowStore(network.length, np.float32)
    cells = CellStore(int(kept.sum()), network.channels) if network.side else None
    at_once = plan.features.batch_size
    for numbers, pixels in images.cells.read_batches():
        for first in range(0, len(numbers), at_once):
            batch = pixels[first : first + at_once].astype(np.uint8).reshape(-1, size, size, 3)
            taken = network.take(batch)
            observed = derive_features(taken, plan)
            for index, vector in enumerate(observed.vectors):
                vectors.append(vector)
                if cells is not None and taken.cells is not None:
                    cells.append(taken.cells[index, kept])
    return replace(images, vectors=vectors, cells=cells)
