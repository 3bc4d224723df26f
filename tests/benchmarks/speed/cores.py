"""What would more cores bring? A model fitted to 1 and 2 cores, and what it expects of 4, 8 and 16.

The command `score` judges JPEG files of 2 megapixels, pinned to 1 and to 2 cores, in turns; the difference
between many and a few images leaves the start out. Beside it are measured, pinned to 1 core, what the main
thread takes for itself while nothing takes it off it, what the network takes, and what judging takes, which
has a thread of its own. An image then takes as long as the slowest of four:

    all work           serial + parallel / cores             Amdahl's law, fitted to 1 and 2 cores
    one after another  main thread + network / cores         of the cores as many as the network can use
    judging            of one core
    memory             bytes that must be moved / bandwidth  this machine's

What is expected was not run. Needs Linux, where processes can be pinned.

    python -m tests.benchmarks.speed.cores
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np
from PIL import Image

from anomaly_gui.detection import image_judging
from anomaly_gui.detection.benchmarking.stopwatch import count_busy_seconds
from anomaly_gui.detection.image_judging import judge_images
from anomaly_gui.detection.model.model_file import open_model
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.settings.choices import POOLED, POSITIONAL
from anomaly_gui.progress import SilentProgress
from tests.benchmarks.common import command_to_restart, print_table, write_json
from tests.benchmarks.large_images import write_images
from tests.benchmarks.turns import measure_command, run_in_turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from anomaly_gui.detection.model.model import Model
    from anomaly_gui.detection.runtimes.protocol import Runtime

MEASURED, EXPECTED = (1, 2), (4, 8, 16)
TO_TRAIN, FEW = 24, 32
REPEATS = 5
ALL_WORK, IN_TURN, JUDGING, MEMORY = "all work", "one after another", "judging", "memory"
COPIED = 128 * 1024**2  # bytes


@dataclass(frozen=True)
class Costs:
    """What an image takes, in seconds.

    Parameters
    ----------
    one, two : the whole way on 1 and 2 cores
    main : of the main thread for itself, the network aside
    judging : of the thread that judges
    network : of one core
    most : cores that the network can use
    memory : to move the bytes that have to be moved
    """

    one: float
    two: float
    main: float
    judging: float
    network: float
    most: int
    memory: float

    @property
    def serial(self) -> float:
        """What does not get faster by a second core."""
        return min(max(0.0, 2 * self.two - self.one), self.one)

    def list_limits(self, cores: int) -> dict[str, float]:
        """Return what an image takes by each limit, on so many cores."""
        return {
            ALL_WORK: self.serial + (self.one - self.serial) / cores,
            IN_TURN: self.main + self.network / min(cores, self.most),
            JUDGING: self.judging,
            MEMORY: self.memory,
        }

    def expect_seconds(self, cores: int) -> tuple[float, str]:
        """Return what an image takes on so many cores, and by which limit."""
        limits = self.list_limits(cores)
        name = max(limits, key=lambda limit: limits[limit])
        return limits[name], name


class TimedRuntime:
    """A `Runtime` that tells how long the calling thread was busy in it, and can repeat its last batch."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self.thread_seconds = 0.0
        self.repeat: Callable[[], Any] | None = None
        self.images = 0

    def for_backbone(self, backbone: Any) -> TimedRuntime:
        """Return itself."""
        return self

    def pooled(self, *asked: Any) -> Any:
        """Return pooled outputs; see `Runtime`."""
        return self._run(lambda: self._runtime.pooled(*asked), len(asked[0]))

    def gridded(self, *asked: Any) -> Any:
        """Return pooled outputs, and outputs on a grid; see `Runtime`."""
        return self._run(lambda: self._runtime.gridded(*asked), len(asked[0]))

    def _run(self, job: Callable[[], Any], images: int) -> Any:
        self.repeat, self.images = job, images
        began = time.thread_time()
        outputs = job()
        self.thread_seconds += time.thread_time() - began
        return outputs


@contextmanager
def pin_to(cores: int) -> Iterator[None]:
    """Keep this process, and those that it starts meanwhile, on the first cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:cores])
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def run_program(*words: object) -> float:
    """Return how long a command of the product takes."""
    return measure_command(
        [sys.executable, "-m", "anomaly_gui", *words], {"ANOMALY_GUI_CACHE": "off"}
    ).seconds


def score_pinned(model: Path, few: Sequence[Path], many: Sequence[Path], cores: int) -> float:
    """Return the seconds that an image takes the whole way."""
    with pin_to(cores):
        table = model.with_suffix(".csv")
        short, long = (run_program("score", model, *files, "--csv", table) for files in (few, many))
    return (long - short) / (len(many) - len(few))


def measure_main_thread(path: Path, files: Sequence[Path]) -> dict[str, float]:
    """Return the main thread's own seconds an image, and the network's, on the cores there are."""
    model = open_model(path)
    timed = TimedRuntime(default_runtime().for_backbone(model.detector.settings.declared_backbone))
    judging: list[float] = []
    timed_judging = partial(time_judging, image_judging._judge_batch, judging)
    with patch.object(image_judging, "_judge_batch", timed_judging):
        for _ in ("to warm up", "to measure"):
            judging.clear()
            timed.thread_seconds, began = 0.0, time.thread_time()
            list(judge_images(model, files, SilentProgress(), runtime=timed))
            main = time.thread_time() - began - timed.thread_seconds
    durations = [time_call(timed.repeat) for _ in range(REPEATS)]
    return {
        "main": main / len(files),
        "judging": sum(judging) / len(files),
        "network": float(np.median(durations)) / timed.images,
    }


def time_judging(judge: Callable[..., Any], durations: list[float], *asked: Any, **options: Any) -> Any:
    """Judge a batch, and add what the thread was busy with it."""
    began = time.thread_time()
    results = judge(*asked, **options)
    durations.append(time.thread_time() - began)
    return results


def time_call(job: Callable[[], Any] | None) -> float:
    """Return how long a call takes."""
    began = time.perf_counter()
    if job is not None:
        job()
    return time.perf_counter() - began


def measure_bandwidth() -> float:
    """Return the bytes a second that two threads can read and write."""
    arrays = [np.ones((2, COPIED), np.uint8) for _ in MEASURED]

    def copy_all() -> None:
        threads = [threading.Thread(target=np.copyto, args=(one[0], one[1])) for one in arrays]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return 2 * len(arrays) * COPIED / min(time_call(copy_all) for _ in range(REPEATS))


def count_bytes(model: Model, file: Path) -> float:
    """Return the bytes that have to be moved for an image: those that stay in no core's cache, once."""
    settings = model.detector.settings
    learned = sum(np.asarray(each).nbytes for each in model.detector.state()[1].values())
    with Image.open(file) as picture:
        reduced = 3 * picture.width * picture.height / reduce_scale(picture.size, settings.size) ** 2
    return file.stat().st_size + 2 * reduced + 3 * math.prod(settings.shape) + learned / settings.batch_size


def reduce_scale(shape: tuple[int, int], side: int) -> int:
    """Return by how much a JPEG is reduced while it is decoded: it stays twice as large as needed."""
    return next(scale for scale in (8, 4, 2, 1) if min(shape) >= 2 * side * scale or scale == 1)


def train_models(work: Path, files: Sequence[Path], backbones: Sequence[str]) -> dict[str, Path]:
    """Train a model with each backbone and detector; return their files by their names."""
    models = {}
    for backbone, detector in product(backbones, (POOLED, POSITIONAL)):
        name = f"{backbone}, {detector}"
        models[name] = work / f"{backbone}-{detector}.anomaly"
        words = ("--backbone", backbone, "--detector", detector, "--group-by", "none", "--suspects", "keep")
        run_program("train", *files, "--out", models[name], *words)
    return models


def measure_rounds(
    models: dict[str, Path], files: Sequence[Path], count: int
) -> tuple[list[dict[str, float]], float]:
    """Return the seconds of each way in each round, and how many cores other programs kept busy meanwhile."""
    busy, own, began = count_busy_seconds(), sum(os.times()[:4]), time.perf_counter()
    ways = {
        name_way(name, cores): partial(score_pinned, model, files[:FEW], files, cores)
        for name, model in models.items()
        for cores in MEASURED
    }
    rounds = run_in_turns(ways, count)
    others = count_busy_seconds() - busy - (sum(os.times()[:4]) - own)
    return rounds, others / (time.perf_counter() - began)


def name_way(model: str, cores: int) -> str:
    """Return the name of scoring by a model on so many cores."""
    return f"{model}, cores: {cores}"


def weigh_model(
    name: str, path: Path, files: Sequence[Path], rounds: Sequence[dict[str, float]], bandwidth: float
) -> Costs:
    """Return what an image takes, given what it takes the whole way on 1 and 2 cores in each round."""
    seconds = [float(np.median([one[name_way(name, cores)] for one in rounds])) for cores in MEASURED]
    with pin_to(1):
        command = command_to_restart(__spec__.name, "--alone", path, *files)
        alone = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    model = open_model(path)
    settings = model.detector.settings
    # ONNX Runtime gives each core one image of a batch; MNN's layers have no such limit
    most = settings.batch_size if settings.declared_backbone.is_light else max(EXPECTED)
    memory = count_bytes(model, files[0]) / bandwidth
    return Costs(*seconds, alone["main"], alone["judging"], alone["network"], most, memory)


def print_costs(found: dict[str, Costs], bandwidth: float, rounds: int) -> None:
    """Print what was measured, and what is expected, as the help page has it."""
    header = (
        "backbone, detector",
        "1 core, 2 cores: measured",
        "serial",
        "main thread",
        "judging",
        "network",
    )
    expected = [f"{cores} cores, expected" for cores in EXPECTED]
    print_table(
        f"An image, medians of {rounds} rounds; what is expected was NOT RUN",
        (*header, *expected),
        [describe_costs(name, costs) for name, costs in found.items()],
    )
    largest = 1000 * max(costs.memory for costs in found.values())
    print(f"\nMemory moves {bandwidth / 1e9:.0f} GB/s: {largest:.2f} ms an image at most.")


def describe_costs(name: str, costs: Costs) -> tuple[str, ...]:
    """Return a row: what was measured, and what is expected, with the limit if it is not all work."""
    measured = f"{1000 * costs.one:.1f}, {1000 * costs.two:.1f} ms"
    parts = (f"{1000 * value:.1f} ms" for value in (costs.serial, costs.main, costs.judging, costs.network))
    expected = [costs.expect_seconds(cores) for cores in EXPECTED]
    rates = (
        f"{1 / seconds:,.0f} images/s" + ("" if limit == ALL_WORK else f" ({limit})")
        for seconds, limit in expected
    )
    return (f"`{name.replace(', ', '`, `')}`", measured, *parts, *rates)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--backbones", nargs="+", default=["vgg16", "efficientnet-lite2"])
    parser.add_argument("--images", type=int, default=200, help=f"more than {FEW}")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--alone", nargs="+", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.alone:
        print(json.dumps(measure_main_thread(given.alone[0], given.alone[1:])))
        return
    with tempfile.TemporaryDirectory() as folder:
        files = write_images(Path(folder, "images"), given.images)
        models = train_models(Path(folder), files[:TO_TRAIN], given.backbones)
        rounds, others = measure_rounds(models, files, given.rounds)
        bandwidth, found = measure_bandwidth(), {}
        for name, model in models.items():
            found[name] = weigh_model(name, model, files[:FEW], rounds, bandwidth)
    costs = {name: asdict(each) for name, each in found.items()}
    write_json(given.json, {"rounds": rounds, "bandwidth": bandwidth, "others": others, "costs": costs})
    print_costs(found, bandwidth, given.rounds)
    print(f"Other programs kept {others:.2f} cores busy meanwhile: figures count where that is about 0.")


if __name__ == "__main__":
    main()
