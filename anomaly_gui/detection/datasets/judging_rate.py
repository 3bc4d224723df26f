"""How many images a second a detector judges on this machine: timed on real files, without the cache."""

from __future__ import annotations

import math
import time
from contextlib import closing
from dataclasses import dataclass
from itertools import cycle, islice
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.arrays.cell_store import CellStore
from anomaly_gui.detection.arrays.products import products_on_one_core
from anomaly_gui.detection.detectors.fitting import fit_detector
from anomaly_gui.detection.features.batches import read_batches
from anomaly_gui.detection.features.collection import Collection, Fingerprints
from anomaly_gui.detection.grouping.groups import Groups
from anomaly_gui.detection.images.reading import work_ahead
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anomaly_gui.detection.detectors.protocol import Detector
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.features.read_images import Batch
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.detection.settings.train_settings import TrainSettings
    from anomaly_gui.progress import Progress

_TIMED = 16  # images
_ROUNDS = 2  # of which the faster counts: other programs only ever slow one down
_FITTED = 8  # made-up images: how long judging takes does not depend on what was learned


@dataclass(frozen=True)
class JudgingRate:
    """What was measured.

    Parameters
    ----------
    images_per_second : from file to score, all cores at work
    height, width : of the network's input, in pixels
    backbone : name of the network
    """

    images_per_second: float
    height: int
    width: int
    backbone: str

    def __str__(self) -> str:
        """Return a sentence."""
        rate = round_rate(self.images_per_second)
        return translate(
            "Judges about {rate} images a second at {width} x {height} px on this machine.",
            rate=rate,
            width=self.width,
            height=self.height,
        )


def round_rate(rate: float) -> str:
    """Return a rate in two digits: more are not the same the next time.

    >>> round_rate(41.6), round_rate(128.3), round_rate(0.347)
    ('42', '130', '0.35')
    """
    digits = 1 - math.floor(math.log10(rate))
    return f"{round(rate, digits):,.{max(digits, 0)}f}"


def measure_rate(
    settings: TrainSettings, plan: Plan, files: Sequence[Path], runtime: Runtime, progress: Progress
) -> JudgingRate:
    """Judge some files as scoring does, over and over where there are few.

    Parameters
    ----------
    settings : of the detector that judges; it is fitted to made-up features
    plan : what is taken of an image
    files : one or more, of which the first few are judged
    """
    detector = _fit_made_up(settings, plan)
    some = tuple(islice(cycle(files[:_TIMED]), _TIMED))
    few = some[: plan.features.batch_size]
    _judge_files(detector, few, settings, runtime, progress)  # the first makes the network
    seconds = min(_time_judging(detector, some, settings, runtime, progress) for _ in range(_ROUNDS))
    height, width = plan.features.shape
    return JudgingRate(len(some) / seconds, height, width, plan.features.backbone)


def _time_judging(
    detector: Detector,
    files: Sequence[Path],
    settings: TrainSettings,
    runtime: Runtime,
    progress: Progress,
) -> float:
    began = time.monotonic()
    _judge_files(detector, files, settings, runtime, progress)
    return time.monotonic() - began


def _judge_files(
    detector: Detector,
    files: Sequence[Path],
    settings: TrainSettings,
    runtime: Runtime,
    progress: Progress,
) -> None:
    """Judge each batch in a thread while the network has the next one."""
    batches = read_batches(files, detector.plan, settings.pixel_limit, runtime, progress)

    def judge(batch: Batch) -> None:
        if batch.features is not None:
            with products_on_one_core():
                detector.judge(batch.features)

    with closing(batches), closing(work_ahead(batches, judge, workers=1, ahead=2)) as judged:
        for _ in judged:
            pass


def _fit_made_up(settings: TrainSettings, plan: Plan) -> Detector:
    rng = np.random.default_rng(0)
    cells = None
    if plan.has_cells:
        cells = CellStore(int(plan.used_cells.sum()), plan.channels)
        for _ in range(_FITTED):
            cells.append(rng.normal(size=(cells.cells, cells.channels)))
    images = Collection(
        records=(),
        vectors=rng.normal(size=(_FITTED, plan.length)).astype(np.float32),
        fingerprints=Fingerprints(np.empty((_FITTED, 0), np.uint8), np.zeros(_FITTED, np.bool_)),
        looks=np.zeros((_FITTED, 4), np.float32),
        lights=np.zeros((_FITTED, 6), np.float32),
        samples=np.empty((0, *plan.features.shape, 3), np.uint8),
        refused=(),
        duplicates=(),
        cells=cells,
    )
    return fit_detector(settings, plan, images, Groups(np.arange(_FITTED), "made up")).detector
