"""Two workers on two cores against one worker on one core.

.venv/bin/python -m tests.benchmarks.cluster.efficiency --work FOLDER
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import time
from functools import partial
from pathlib import Path

from anomaly_gui.cluster.manifest import make_manifest
from anomaly_gui.cluster.opening import open_engine
from anomaly_gui.cluster.scored.part_run import PartRun
from anomaly_gui.progress import SilentProgress
from tests.benchmarks.common import command_to_restart, print_table, write_json
from tests.benchmarks.made_cluster import add_options, make_images, make_model, make_work
from tests.benchmarks.turns import run_in_turns


def measure(work: Path, images: Path, workers: int) -> float:
    """Return images a second of so many workers on as many cores, once they have the model."""
    place = work / f"parts-{workers}"
    shutil.rmtree(place, ignore_errors=True)
    outfit, judge = make_work(make_model(work), place)
    manifest = make_manifest([images])
    with open_engine("auto", outfit, print, workers=workers) as engine:
        warm = PartRun(engine, judge, make_manifest([work / "train"]), SilentProgress())
        warm.run()
        began = time.perf_counter()
        PartRun(engine, judge, manifest, SilentProgress()).run()
        return len(manifest.listing.files) / (time.perf_counter() - began)


def measure_apart(work: Path, images: Path, workers: int) -> float:
    """Return the same from a process that has only so many cores."""
    cores = ",".join(map(str, sorted(os.sched_getaffinity(0))[:workers]))
    words = ("--work", work, "--images", images.name, "--workers", workers)
    command = ["taskset", "-c", cores, *command_to_restart(__spec__.name, *words)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(ran.stdout.splitlines()[-1])


def main() -> None:
    """Print the row of efficiency."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser, images=4096)
    parser.add_argument("--rounds", type=int, default=3, help="of which the best counts")
    parser.add_argument("--workers", type=int, help="measure these alone, and print one number")
    given = parser.parse_args()
    if given.workers:
        print(measure(given.work, given.work / str(given.images), given.workers))
        return
    images = make_images(given.work / str(given.images), given.images)
    make_model(given.work)
    rates: dict[int, list[float]] = {1: [], 2: []}

    def add_rate(workers: int) -> None:
        rates[workers].append(measure_apart(given.work, images, workers))

    run_in_turns({str(workers): partial(add_rate, workers) for workers in rates}, given.rounds)
    one, two = max(rates[1]), max(rates[2])
    print_table(
        f"{given.images:,} images",
        ("1 worker, 1 core", "2 workers, 2 cores", "efficiency"),
        [(f"{one:.0f} images/s", f"{two:.0f} images/s", f"{two / one / 2:.2f}")],
    )
    write_json(given.json, rates)


if __name__ == "__main__":
    main()
