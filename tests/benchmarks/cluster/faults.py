"""Workers are killed every so many seconds, and the scheduler once: is all done, and how much twice?

    .venv/bin/python -m tests.benchmarks.cluster.faults --work FOLDER

What is computed again is counted by batches that went through the network, whether or not anything was kept
of them. The one that was in it as a worker was killed is not whole; "at most" counts it as if it were.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import threading
import time
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psutil

from anomaly_gui.cluster.engine import EngineGoneError
from anomaly_gui.cluster.manifest import make_manifest
from anomaly_gui.cluster.opening import open_engine
from anomaly_gui.cluster.scored.judging_part import JudgePart
from anomaly_gui.cluster.scored.part_run import PartRun
from anomaly_gui.detection.model.model_file import open_model
from anomaly_gui.progress import SilentProgress
from tests.benchmarks.common import print_table, write_json
from tests.benchmarks.made_cluster import add_options, make_images, make_model, make_work, started

if TYPE_CHECKING:
    from anomaly_gui.cluster.manifest import Manifest, Part

_PORT = 18790
_WORKERS = 2


class _Tally(SilentProgress):
    """Adds a byte to a file for every image that is judged."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def advance(self, steps: int = 1) -> None:
        """Count the images of a batch."""
        with self._file.open("ab") as file:
            file.write(b"." * steps)


@dataclass(frozen=True)
class Counted(JudgePart):
    """Judges parts, and leaves a file for each time one is begun, with a byte for each image judged."""

    begun: Path = Path()

    def follow(self, part: Part) -> SilentProgress:
        """Return what counts the images."""
        return _Tally(self.begun / f"{part.first}-{uuid4().hex}")


class Killer(threading.Thread):
    """Kills one worker of a process's every so many seconds, and the scheduler once."""

    def __init__(self, workers: psutil.Process, scheduler: psutil.Process, every: float, gone: float) -> None:
        super().__init__(daemon=True)
        self._workers, self._scheduler, self._every, self._gone = workers, scheduler, every, gone
        self.killed = 0
        self.ends = threading.Event()

    def run(self) -> None:
        """Kill until it is told to end."""
        began = time.monotonic()
        while not self.ends.wait(self._every):
            self._kill_worker()
            if self._gone and time.monotonic() - began > self._gone:
                self._scheduler.send_signal(signal.SIGKILL)
                self._gone = 0.0

    def _kill_worker(self) -> None:
        for one in self._workers.children(recursive=True):
            with suppress(psutil.Error, ProcessLookupError):
                if "spawn_main" in " ".join(one.cmdline()) and not one.children():
                    os.kill(one.pid, signal.SIGKILL)
                    self.killed += 1
                    return


def run_with_faults(
    manifest: Manifest, work: Counted, outfit: Any, *, every: float, gone: float
) -> dict[str, Any]:
    """Run over the parts, with a scheduler of its own that is started again once it was killed."""
    address, serve = f"tcp://127.0.0.1:{_PORT}", ("cluster", "scheduler", "--port", _PORT)
    killed, schedulers, began = 0, 0, time.perf_counter()
    with ExitStack() as ends:
        scheduler = ends.enter_context(started(*serve, says="listens at"))
        work_for = ("cluster", "worker", address, "--workers", _WORKERS)
        workers = ends.enter_context(started(*work_for, says="Workers at"))
        while True:
            killer = Killer(psutil.Process(workers.pid), psutil.Process(scheduler.pid), every, gone)
            killer.start()
            try:
                with open_engine(address, outfit, print) as engine:
                    run = PartRun(engine, work, manifest, SilentProgress())
                    run.run()
                break
            except EngineGoneError:
                schedulers, gone = schedulers + 1, 0.0
                scheduler = ends.enter_context(started(*serve, says="listens at"))
            finally:
                killer.ends.set()
                killer.join()
                killed += killer.killed
    return {"seconds": time.perf_counter() - began, "killed": killed, "gone": schedulers, "run": run}


def print_found(values: dict[str, Any], every: float) -> None:
    """Print the row."""
    print_table(
        f"{values['images']:,} images, a worker killed every {every:g} s",
        ("seconds", "workers killed", "schedulers killed", "missing", "twice", "computed again", "at most"),
        [
            (
                f"{values['seconds']:.0f}",
                values["killed"],
                values["gone"],
                values["missing"],
                values["twice"],
                f"{values['again']:.2%}",
                f"{values['at_most']:.2%}",
            )
        ],
    )


def main() -> None:
    """Print the row of faults."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser, images=20_000)
    parser.add_argument("--every", type=float, default=20.0, help="seconds between two killed workers")
    parser.add_argument(
        "--gone", type=float, default=30.0, help="seconds after which the scheduler is killed"
    )
    given = parser.parse_args()
    images, model = make_images(given.work / "images", given.images), make_model(given.work)
    begun, place = given.work / "begun", given.work / "parts"
    for folder in (begun, place):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    outfit, judge = make_work(model, place)
    values_of = {each.name: getattr(judge, each.name) for each in fields(judge)}
    manifest, work = make_manifest([images]), Counted(**values_of, begun=begun)
    ran = run_with_faults(manifest, work, outfit, every=given.every, gone=given.gone)
    seen = Counter(result.path for result in ran.pop("run").read_results())
    judged, count = sum(path.stat().st_size for path in begun.iterdir()), len(manifest.listing.files)
    ended = ran["killed"] + _WORKERS * ran["gone"]  # each with a batch in the network, at most
    ended *= open_model(model).detector.plan.features.batch_size
    values = {
        **ran,
        "images": count,
        "missing": count - len(seen),
        "twice": sum(times > 1 for times in seen.values()),
        "again": judged / count - 1,
        "at_most": (judged + ended) / count - 1,
    }
    print_found(values, given.every)
    write_json(given.json, values)


if __name__ == "__main__":
    main()
