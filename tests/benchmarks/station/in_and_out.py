"""Files from several writers, half-written, renamed, doubled, out of order; with kill -9 at random moments.

    .venv/bin/python -m tests.benchmarks.station.in_and_out --files 100000
    .venv/bin/python -m tests.benchmarks.station.in_and_out --files 100000 --share bindfs
    .venv/bin/python -m tests.benchmarks.station.in_and_out --files 4000 --kills 200 --pause 0.8

Prints how many pictures were written and recorded, what was lost or recorded twice, whether the chain holds,
how long each start took, and where in its way each kill struck. Kills are spread evenly from the start of the
process on; every other one strikes all that the station started, too, as a machine does that loses power.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.benchmarks.station_at_work import (
    Running,
    compare,
    count_steps,
    is_well,
    opened_line,
    start_station,
    start_writers,
    stop_station,
    wait_for_end,
)

if TYPE_CHECKING:
    from line import Line


def kill_often(line: Line, kills: int, longest: float) -> tuple[list[float], Counter[str]]:
    """End the station by signal 9 at random moments; return how long starts took, and where each struck.

    Parameters
    ----------
    longest : seconds from the start of a process to its end, at most
    """
    chosen, took, struck = random.Random(9), [], Counter()
    for number in range(kills):
        running = start_station(line, wait=False)
        time.sleep(chosen.random() * longest)
        assert running.process.poll() is None, running.said
        running.end(signal.SIGKILL, whole=number % 2 == 1)
        struck[name_moment(line, running)] += 1
        if running.seconds is not None:
            took.append(running.seconds)
    return took, struck


def name_moment(line: Line, running: Running) -> str:
    """Return what the station was doing, by the last steps in its records."""
    if running.seconds is None:
        return "starting"
    steps = count_steps(line)
    if steps["SEEN"]:
        return "recording verdicts" if steps["JUDGED"] else "judging"
    if not steps["JUDGED"]:
        return "listing, reading or waiting"
    unmoved = line.ask("SELECT path FROM step WHERE step = 'JUDGED'")
    left = sum(Path(path).exists() for (path,) in unmoved)
    return "moving" if left else "moved, not yet noted"


def run(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    with opened_line(folder, options.share) as line:
        began = time.monotonic()
        writers = start_writers(line, options.files, options.writers, options.pause)
        running = start_station(line)
        longest = options.longest * (running.seconds or 0.0)
        stop_station(running)
        starts, struck = kill_often(line, options.kills, longest)
        running = start_station(line)
        written = wait_for_end(line, writers)
        took = time.monotonic() - began
        stop_station(running)
        starts.append(running.seconds or 0.0)
        return {
            **compare(line, written),
            "share": options.share or "none",
            "kills": options.kills,
            "struck": dict(struck.most_common()),
            "start_median_seconds": round(statistics.median(starts), 2),
            "start_longest_seconds": round(max(starts), 2),
            "seconds": round(took, 1),
            "pictures_per_second": round(len(written) / took, 1),
        }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--writers", type=int, default=4)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--longest", type=float, default=3.0, help="to an end, at most, in starts")
    parser.add_argument("--pause", type=float, default=0.0, help="seconds of a writer between two, at most")
    parser.add_argument("--folder", type=Path, help="where it is done; by default a passing one")
    parser.add_argument("--share", default="", help="where pictures arrive: a folder, or bindfs (FUSE)")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        folder = options.folder or Path(passing)
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        found = run(folder, options)
    print(json.dumps(found, indent=1))
    if options.json:
        options.json.write_text(json.dumps(found), "utf-8")
    sys.exit(0 if is_well(found) else 1)


if __name__ == "__main__":
    main()
