"""A million rows of made-up features: the memory of who asks, and of the scheduler.

.venv/bin/python -m tests.benchmarks.cluster.rows --work FOLDER
"""

from __future__ import annotations

import argparse
import resource
import shutil
import threading
import time
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import psutil

from anomaly_gui.cluster.manifest import Manifest
from anomaly_gui.cluster.opening import open_engine
from anomaly_gui.cluster.result_place import ResultPlace
from anomaly_gui.cluster.scored.judging_part import PartReport
from anomaly_gui.cluster.scored.part_rows import write_rows
from anomaly_gui.cluster.scored.part_run import PartRun
from anomaly_gui.detection.images.folders import ImageListing
from anomaly_gui.detection.images.path_list import PathList
from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.detection.model.image_result import ImageResult
from anomaly_gui.progress import SilentProgress
from tests.benchmarks.common import print_table, write_json
from tests.benchmarks.made_cluster import add_options, started

if TYPE_CHECKING:
    from anomaly_gui.cluster.manifest import Part

_PORT = 18791
_FEATURES = 256


@dataclass(frozen=True)
class MadeRows:
    """Scores made-up features in place of images."""

    place: ResultPlace
    identity: str = "made-up"

    def __call__(self, part: Part) -> PartReport:
        """Write the rows of a part."""
        features = np.random.default_rng(part.first).normal(size=(len(part.paths), _FEATURES))
        scores = -0.5 * (features**2).sum(axis=1)
        results = [
            ImageResult(path, float(score), Verdict.GOOD, sha256=f"{part.first + place:064x}")
            for place, (path, score) in enumerate(zip(part.paths, scores, strict=True))
        ]
        self.place.write(part.name(self.identity), write_rows(part, results))
        return PartReport.of(results)


def make_listing(count: int) -> Manifest:
    """Return a manifest of so many names."""
    files = PathList()
    for number in range(count):
        files.append(Path("/archive", f"{number // 1000:05}", f"{number:09}.jpg"))
    numbers = array("Q", range(count))
    return Manifest(ImageListing(files, 0, 0, ()), array("q", numbers), numbers)


class Watch(threading.Thread):
    """Keeps the highest memory of a process, in MB."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._process, self.peak, self.ends = psutil.Process(pid), 0.0, threading.Event()

    def run(self) -> None:
        """Look ten times a second."""
        while not self.ends.wait(0.1):
            self.peak = max(self.peak, self._process.memory_info().rss / 1e6)


def main() -> None:
    """Print the row of memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser, images=1_000_000)
    given = parser.parse_args()
    place = given.work / "rows"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    manifest, address = make_listing(given.images), f"tcp://127.0.0.1:{_PORT}"
    began = time.perf_counter()
    with (
        started("cluster", "scheduler", "--port", _PORT, says="listens at") as scheduler,
        started("cluster", "worker", address, "--workers", 2, says="Workers at"),
        open_engine(address, None, print) as engine,
    ):
        watch = Watch(scheduler.pid)
        watch.start()
        run = PartRun(engine, MadeRows(ResultPlace(str(place))), manifest, SilentProgress())
        run.run()
        watch.ends.set()
        seconds = time.perf_counter() - began
    scores = array("d", (result.score for result in run.read_results() if result.score is not None))
    client = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    if len(scores) != given.images:
        raise SystemExit(f"{len(scores):,} rows of {given.images:,}")
    print_table(
        f"{given.images:,} rows",
        ("seconds", "client, peak", "scheduler, peak"),
        [(f"{seconds:.0f}", f"{client:.0f} MB", f"{watch.peak:.0f} MB")],
    )
    write_json(given.json, {"seconds": seconds, "client_mb": client, "scheduler_mb": watch.peak})


if __name__ == "__main__":
    main()
