"""How fast a candidate judges: what reading and the network take, timed on this machine without the cache."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.features.batches import ImageReader
from anomaly_gui.detection.features.extraction import extract_outputs
from anomaly_gui.detection.images.reading import read_files
from anomaly_gui.detection.settings.detector_kinds import DETECTORS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.detection.settings.train_settings import TrainSettings

_TIMED = 16  # images


@dataclass(frozen=True)
class PlanSpeed:
    """Seconds an image takes, with all cores at work on it.

    Parameters
    ----------
    reading : until the network can have it
    network : until all layers of a plan have its features
    """

    reading: float
    network: float

    @classmethod
    def measure(cls, files: Sequence[Path], plan: Plan, pixel_limit: int, runtime: Runtime) -> PlanSpeed:
        """Read some files, and let the network see a batch, made up: its time hangs on the size alone."""
        return cls(_time_reading(files[:_TIMED], plan, pixel_limit), _time_network(plan, runtime))

    def estimate_rate(self, settings: TrainSettings) -> float:
        """Return the images a second of a candidate that needs some of the plan's layers only.

        Both take their turn on the same cores, so that their times add up.
        """
        return 1 / (self.reading + self.network * _share_operations(settings))

    @property
    def images_per_second(self) -> float:
        """With all layers of the plan."""
        return 1 / (self.reading + self.network)


def _time_reading(files: Sequence[Path], plan: Plan, pixel_limit: int) -> float:
    reader = ImageReader(plan, plan.reading_options(pixel_limit))
    began = time.monotonic()
    with closing(read_files(files, reader)) as outcomes:
        count = sum(1 for _ in outcomes)
    return (time.monotonic() - began) / max(count, 1)


def _time_network(plan: Plan, runtime: Runtime) -> float:
    count = plan.features.batch_size
    batch = np.random.default_rng(0).integers(0, 256, (count, *plan.features.shape, 3), np.uint8)
    extract_outputs(batch, plan, runtime)  # the first one makes the network
    began = time.monotonic()
    extract_outputs(batch, plan, runtime)
    return (time.monotonic() - began) / count


def _share_operations(settings: TrainSettings) -> float:
    """Return which share of the whole backbone's operations a candidate needs."""
    network, layers = settings.declared_backbone, settings.features.layers
    reached = (*layers, *network.grid_layers) if DETECTORS[settings.detector].has_map else layers
    return network.count_pixel_operations(reached) / network.count_pixel_operations(network.layer_names)
