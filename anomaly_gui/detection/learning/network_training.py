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
    input_size,
    learn_autoencoder,
    learn_deep_svdd,
)
from anomaly_gui.detection.learning.plan_networks import RawPixels
from anomaly_gui.detection.learning.split import Split, split
from anomaly_gui.detection.settings.choices import DEEP_SVDD
from anomaly_gui.detection.settings.feature_settings import FeatureSettings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
    from anomaly_gui.detection.learning.plan_networks import LearnedNetwork
    from anomaly_gui.detection.settings.train_settings import TrainSettings
    from anomaly_gui.progress import Progress

CHECKPOINTS = "checkpoints"
"""The folder of unfinished trainings, beside the feature cache."""

_LOOKED_AT = 12  # images whose size tells the network's
_PLAIN = "none"


@dataclass(frozen=True, eq=False)
class Learned:
    """A trained network's plan, the same images as it sees them, and what it was trained on."""

    plan: Plan
    normal: Collection
    calibration: Collection
    anomalous: Collection
    shares: Split


def pixel_plan(settings: TrainSettings, interest: RegionOfInterest, files: Sequence[Path]) -> Plan:
    """Return the plan that reads the pixels a network learns from; TrainingError without TensorFlow."""
    check_tensorflow()
    every = max(1, len(files) // _LOOKED_AT)
    with closing(read_images(files[::every], ReadingOptions(32, settings.pixel_limit))) as images:
        shapes = [(one.record.width, one.record.height) for one in images if isinstance(one, LoadedImage)]
    size = input_size(settings.learned_size, shapes)
    features = FeatureSettings(size=size, normalization=_PLAIN, depth=settings.used_depth)
    return Plan(features, interest=interest, network=RawPixels(size))


def learn(
    settings: TrainSettings,
    plan: Plan,
    sets: tuple[Collection, Collection, Collection],
    groups: Groups,
    progress: Progress,
    cache: FeatureCache | None,
) -> Learned:
    """Train a network on a share of the good images, and let it see all of them.

    Parameters
    ----------
    plan : from `pixel_plan`
    sets : good images, those of another day, and known defects, read by that plan
    groups : which good images show one part
    cache : beside it the training's state is kept, so that one that was killed goes on

    Raises
    ------
    TrainingError : too few parts, a training that failed, or TensorFlow is not installed
    CancelledError : from `progress`
    """
    normal, calibration, _ = sets
    if normal.cells is None:
        raise ValueError("a network learns from pixels")
    shares = split(groups, settings.seed, keep_unseen=not calibration.records)
    learning = _settings(settings)
    size = plan.features.size
    split_by = (settings.group_by, bool(calibration.records), size, plan.interest.to_values())
    key = checkpoint_key(settings.detector, learning, normal.records, *split_by)
    folder = cache.path.parent / CHECKPOINTS if cache else None
    room = NetworkTrainingSet(normal.cells, size, shares, folder, key)
    train = learn_deep_svdd if settings.detector == DEEP_SVDD else learn_autoencoder
    network = train(learning, room, progress)
    seeing = replace(plan, network=network)
    seen = [_seen(one, seeing, network) for one in sets]
    return Learned(seeing, seen[0], seen[1], seen[2], shares)


def _settings(settings: TrainSettings) -> LearnSettings:
    return LearnSettings(
        latent_size=settings.latent_size,
        steps=settings.steps,
        weight_decay=settings.weight_decay,
        objective=settings.objective,
        nu=settings.nu,
        pretrain=settings.pretrain == "yes",
        seed=settings.seed,
    )


def _seen(images: Collection, plan: Plan, network: LearnedNetwork) -> Collection:
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
            for place, vector in enumerate(observed.vectors):
                vectors.append(vector)
                if cells is not None and taken.cells is not None:
                    cells.append(taken.cells[place, kept])
    return replace(images, vectors=vectors, cells=cells)
