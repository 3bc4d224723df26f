"""The whole way of images, as the command that scores a folder goes it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anomaly_gui.detection.benchmarking.bottleneck import (
    MAP_FILES,
    RESULTS,
    Bottleneck,
    PartSpeed,
    find_bottleneck,
    share_out,
)
from anomaly_gui.detection.benchmarking.part_speed import list_parts
from anomaly_gui.detection.benchmarking.stopwatch import time_job, time_jobs
from anomaly_gui.detection.image_judging import judge_images
from anomaly_gui.detection.runtimes.machine import count_cores
from anomaly_gui.detection.scoring import ScoreRequest
from anomaly_gui.detection.scoring_run import ScoringRun, score_into
from anomaly_gui.progress import SilentProgress

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from anomaly_gui.detection.benchmarking.course import Course
    from anomaly_gui.detection.model.image_result import ImageResult

_MAPS = 4  # whose files are written alone: each takes its time


@dataclass(frozen=True)
class WaySpeed:
    """What an image takes the whole way.

    Parameters
    ----------
    backbone, runtime, detector : names
    kind : the files' format
    writes_maps : whether a file of the map is written of each image
    parts : each alone, and what is left of the cores
    milliseconds : an image, on the wall's clock, while the parts overlap
    other_programs : share of the cores that they took meanwhile
    bottleneck : where the time goes
    """

    backbone: str
    runtime: str
    detector: str
    kind: str
    writes_maps: bool
    parts: tuple[PartSpeed, ...]
    milliseconds: float
    other_programs: float
    bottleneck: Bottleneck


def measure_ways(course: Course, rounds: int) -> list[WaySpeed]:
    """Return the whole way of the files, and where there are maps the way with files of them, too."""
    results, files_of_maps = _time_writing(course, rounds)
    ways = [_measure_way(course, course.files, results, rounds)]
    if files_of_maps:
        ways.append(_measure_way(course, course.few_files, (*results, *files_of_maps), rounds, course.work))
    return ways


def _time_writing(course: Course, rounds: int) -> tuple[tuple[PartSpeed, ...], tuple[PartSpeed, ...]]:
    """Return what writing results takes, and writing the files of maps, if there are any."""
    images = list(judge_images(course.model, course.files, SilentProgress(), runtime=course.runtime))
    times = time_jobs({RESULTS: lambda: _write_results(course, images)}, rounds)
    results = list_parts(times, len(images))
    if images[0].map is None:
        return results, ()
    describe, some = course.writer.open_maps(course.work, course.model), images[:_MAPS]
    times = time_jobs({MAP_FILES: lambda: [describe(*one) for one in enumerate(some)]}, rounds)
    return results, list_parts(times, len(some))


def _write_results(course: Course, images: Sequence[ImageResult]) -> None:
    describe = course.writer.open_maps(None, course.model)
    with _passing_run(course) as run:
        for number, image in enumerate(images):
            run.add_result(image, number, None, describe(number, image))
        run.finish()


def _score_files(course: Course, files: Sequence[Path], maps: Path | None) -> None:
    """Score files as the command does; with files of the maps if a folder for them is given."""
    request, describe = ScoreRequest(course.model, tuple(files)), course.writer.open_maps(maps, course.model)
    with _passing_run(course) as run:
        score_into(run, request, SilentProgress(), course.runtime, more_of=describe)


@contextmanager
def _passing_run(course: Course) -> Iterator[ScoringRun]:
    """Open a run that holds nothing; in the end write its table."""
    run = ScoringRun(course.work / "run", "")
    try:
        yield run
        course.writer.write_table(course.work / "table", run)
    finally:
        run.close(delete=True)


def _measure_way(
    course: Course,
    files: Sequence[Path],
    written: Sequence[PartSpeed],
    rounds: int,
    maps: Path | None = None,
) -> WaySpeed:
    duration = time_job(lambda: _score_files(course, files, maps), rounds, warm_up=False)
    milliseconds, others = (1000 * each / len(files) for each in (duration.seconds, duration.other_seconds))
    parts = (*course.reading, *course.judging, *written)
    shared = share_out(parts, milliseconds, count_cores(), others)
    return WaySpeed(
        course.backbone.name,
        course.runtime.name,
        course.model.detector.kind,
        course.stack.kind,
        maps is not None,
        shared,
        milliseconds,
        others / (count_cores() * milliseconds),
        find_bottleneck(shared, milliseconds, is_light=course.backbone.is_light),
    )
