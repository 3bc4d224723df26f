"""What goes the whole way: images of each kind, a model of them, and where its results go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from anomaly_gui.detection.benchmarking.made_images import KINDS, write_images
from anomaly_gui.detection.benchmarking.network_speed import start_runtime
from anomaly_gui.detection.benchmarking.part_speed import time_judging, time_reading
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.images.loading import load_image
from anomaly_gui.detection.settings.choices import INDEPENDENT, KEEP
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.language import translate
from anomaly_gui.progress import SilentProgress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from anomaly_gui.detection.benchmarking.bottleneck import PartSpeed
    from anomaly_gui.detection.benchmarking.request import BenchRequest
    from anomaly_gui.detection.model.image_result import ImageResult
    from anomaly_gui.detection.model.model import Model
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.detection.scoring_run import More, ScoringRun
    from anomaly_gui.detection.settings.backbones import Backbone
    from anomaly_gui.progress import Progress

_READ = 8  # files whose reading is timed
_FEW, _FEWER, _FEWEST = 4, 8, 8  # shares of the files; files


class ResultWriter(Protocol):
    """Writes results as the command line does, of which the library knows nothing."""

    def open_maps(self, folder: Path | None, model: Model) -> Callable[[int, ImageResult], More]:
        """Return what describes an image's map, and writes it into a folder if there is one."""

    def write_table(self, path: Path, run: ScoringRun) -> None:
        """Write the results of a run as a table."""

    def list_score_words(self, model: Path, images: Sequence[Path], maps: Path) -> Sequence[str]:
        """Return the command that scores images with maps in a process of its own."""


@dataclass(frozen=True)
class Stack:
    """Files of one kind in a folder of their own."""

    kind: str
    files: Sequence[Path]


@dataclass(frozen=True, eq=False)
class Course:
    """What files go through.

    Parameters
    ----------
    stack : the files
    model, runtime : what judges, and what runs its network
    reading : what is done to a file before the network, each part alone
    judging : what is done from the network's input to a score, each part alone
    writer : writes the results
    work : a folder for them
    """

    stack: Stack
    model: Model
    runtime: Runtime
    reading: tuple[PartSpeed, ...]
    judging: tuple[PartSpeed, ...]
    writer: ResultWriter
    work: Path

    @property
    def files(self) -> Sequence[Path]:
        """Those that are judged: a part of them is enough for a backbone that takes its time."""
        return self.stack.files if self.backbone.is_light else self._take_part(_FEW)

    @property
    def few_files(self) -> Sequence[Path]:
        """Enough of them where pictures of maps are written, which takes its time, too."""
        return self._take_part(_FEWER)

    @property
    def backbone(self) -> Backbone:
        """What the model's features come from."""
        return self.model.detector.settings.declared_backbone

    def _take_part(self, share: int) -> Sequence[Path]:
        return self.stack.files[: max(_FEWEST, len(self.stack.files) // share)]


def make_stacks(request: BenchRequest, folder: Path, progress: Progress) -> tuple[Stack, ...]:
    """Write files of each kind into a folder."""
    progress.stage(translate("Making images"), len(KINDS))
    stacks = []
    for kind in KINDS:
        files = write_images(folder / kind, kind, request.images, request.megapixels)
        stacks.append(Stack(kind, files))
        progress.advance()
    return tuple(stacks)


def prepare_courses(
    backbone: Backbone, detector: str, stacks: Sequence[Stack], writer: ResultWriter, work: Path, rounds: int
) -> list[Course]:
    """Return what each stack goes through, with one model for all."""
    runtime, files = start_runtime(backbone), stacks[0].files
    model = _train_model(backbone, detector, files, runtime)
    options = model.detector.plan.reading_options(model.pixel_limit)
    batch = files[: model.detector.settings.batch_size]
    pixels = np.stack([load_image(path, options).pixels for path in batch])
    judging = time_judging(model.detector, pixels, runtime, rounds)
    return [
        Course(
            stack, model, runtime, time_reading(stack.files[:_READ], options, rounds), judging, writer, work
        )
        for stack in stacks
    ]


def _train_model(backbone: Backbone, detector: str, files: Sequence[Path], runtime: Runtime) -> Model:
    """Return a model of made-up images: how long it judges does not depend on what it learned."""
    settings = TrainSettings(backbone=backbone.name, detector=detector, group_by=INDEPENDENT, suspects=KEEP)
    return train(TrainRequest(tuple(files), settings=settings), SilentProgress(), runtime).model
