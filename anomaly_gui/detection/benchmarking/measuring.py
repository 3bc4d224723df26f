"""The benchmark: every network, and the whole way of an image with each."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from anomaly_gui.detection.benchmarking.course import make_stacks, prepare_courses
from anomaly_gui.detection.benchmarking.network_speed import NetworkSpeed, measure_networks
from anomaly_gui.detection.benchmarking.uses import UseSpeed, measure_use
from anomaly_gui.detection.benchmarking.whole_way import WaySpeed, measure_ways
from anomaly_gui.detection.runtimes.machine import count_cores, measure_peak
from anomaly_gui.detection.settings.choices import POOLED, POSITIONAL
from anomaly_gui.language import translate
from anomaly_gui.wording import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.benchmarking.course import ResultWriter
    from anomaly_gui.detection.benchmarking.request import BenchRequest
    from anomaly_gui.progress import Progress

_DETECTORS = (POOLED, POSITIONAL)
_MUCH = 0.1  # of the cores


@dataclass(frozen=True)
class BenchResult:
    """What was measured.

    Parameters
    ----------
    cores : that the network runs on
    peak : float32 operations a second of a matrix product on all of them
    network, ways, uses : see there
    skipped : what is not installed, in words
    """

    cores: int
    peak: float
    network: tuple[NetworkSpeed, ...]
    ways: tuple[WaySpeed, ...]
    uses: tuple[UseSpeed, ...]
    skipped: tuple[str, ...]


def bench(request: BenchRequest, progress: Progress, writer: ResultWriter) -> BenchResult:
    """Measure this machine; CancelledError comes from `progress`.

    Parameters
    ----------
    writer : writes results as the command line does
    """
    progress.stage(translate("Matrix product"))
    peak = measure_peak()
    with TemporaryDirectory(prefix="anomaly-gui-") as folder:
        ways, uses = _measure_ways(request, Path(folder), progress, writer)
    network, skipped = measure_networks(request, peak, progress)  # last: Keras brings TensorFlow's threads
    if remark := _remark_on_others(ways):
        progress.warn(remark)
    return BenchResult(count_cores(), peak, network, tuple(ways), tuple(uses), skipped)


def _remark_on_others(ways: Sequence[WaySpeed]) -> str | None:
    """Say that other programs were busy, if they were."""
    share = statistics.fmean(way.other_programs for way in ways)
    if share < _MUCH:
        return None
    return translate(
        "Other programs took {share} of the processor meanwhile: close them, and measure again.",
        share=percent(share),
    )


def _measure_ways(
    request: BenchRequest, folder: Path, progress: Progress, writer: ResultWriter
) -> tuple[list[WaySpeed], list[UseSpeed]]:
    stacks, work = make_stacks(request, folder, progress), folder / "results"
    work.mkdir()
    ways, uses = [], []
    for backbone in request.declared_backbones:
        for detector in _DETECTORS:
            name = translate(
                "The way of an image, {backbone}, {detector}", backbone=backbone.title, detector=detector
            )
            progress.stage(name, len(stacks) + 1)
            courses = prepare_courses(backbone, detector, stacks, writer, work, request.rounds)
            for course in courses:
                ways += measure_ways(course, request.rounds)
                progress.advance()
            uses.append(measure_use(courses[0], request.rounds, progress))
            progress.advance()
    return ways, uses
