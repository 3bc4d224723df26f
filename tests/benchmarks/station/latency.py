"""How long a part waits at 80 % of what the station can take, hour after hour, and whether its memory grows.

    .venv/bin/python -m tests.benchmarks.station.latency --hours 1

First what it can take is measured: a folder full of pictures, judged at once. Then pictures are written
evenly at a share of that, and times are read from the records: from a picture's own time to its verdict,
listings included; from there on also until a table as output has it; and from the listing that found it ready
to its verdict. Memory is that of the station and all it started. The first tenth of all is warming up.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import psutil

from anomaly_gui.station.settings.reading import read_settings
from tests.benchmarks.station_at_work import count_steps, opened_line, start_station, stop_station
from tests.benchmarks.station_at_work import encode_picture as encode_part

if TYPE_CHECKING:
    from line import Line

_OUTPUT = '[outputs.table]\nkind = "csv"\npath = "verdicts.csv"\n'
_WARM = 0.1  # share of the time that counts as warming up


def save_part(line: Line, name: str, content: bytes) -> None:
    """Write a picture under another name first."""
    part = line.incoming / f".{name}"
    part.write_bytes(content)
    part.rename(line.incoming / name)


def make_contents(count: int) -> list[bytes]:
    return [encode_part((7, number), kind="PNG") for number in range(count)]


def measure_capacity(line: Line, count: int) -> float:
    """Return how many pictures a second are judged, recorded and moved while more wait."""
    for number, content in enumerate(make_contents(count)):
        save_part(line, f"full_{number}.png", content)
    running = start_station(line)
    while count_steps(line)["MOVED"] < count:
        time.sleep(0.1)
    stop_station(running)
    ((first, last, recorded),) = line.ask("SELECT MIN(at), MAX(at), COUNT(*) FROM result")
    return float(recorded / (_read(last) - _read(first)))


def write_evenly(line: Line, per_second: float, until: float, pool: list[bytes]) -> int:
    """Write pictures at a rate, each one a part of its own; return how many."""
    began, number = time.monotonic(), 0
    while time.monotonic() < until:
        save_part(line, f"even_{number}.png", pool[number % len(pool)] + number.to_bytes(4, "big"))
        number += 1
        time.sleep(max(0.0, began + number / per_second - time.monotonic()))
    return number


class Memory(threading.Thread):
    """Notes the megabytes of a process and all it started; what they share counts once where that is told."""

    def __init__(self, number: int, every: float) -> None:
        super().__init__(daemon=True)
        self._process, self._every, self.seen = psutil.Process(number), every, []
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(self._every):
            each = [self._process, *self._process.children(recursive=True)]
            self.seen.append(sum(_measure(one) for one in each) / 1e6)


def _measure(process: psutil.Process) -> int:
    try:
        full = process.memory_full_info()
    except psutil.Error:
        return 0
    return int(getattr(full, "pss", 0) or full.rss)


def read_times(line: Line) -> dict[str, list[float]]:
    """Return seconds of the parts that came evenly, in order."""
    rows = line.ask(
        "SELECT step.mtime_ns, result.at, outbox.acked_at, result.milliseconds "
        "FROM result JOIN step ON step.id = result.id JOIN outbox ON outbox.seq = result.seq "
        "WHERE result.image_path LIKE '%even_%' ORDER BY result.seq"
    )
    ready = [sum(json.loads(told)[step] for step in ("wait", "read", "judge")) / 1000 for *_, told in rows]
    return {
        "written_to_verdict": [_read(at) - mtime_ns / 1e9 for mtime_ns, at, *_ in rows],
        "written_to_output": [_read(acked) - mtime_ns / 1e9 for mtime_ns, _, acked, _ in rows],
        "ready_to_verdict": ready,
    }


def _read(at: str) -> float:
    return datetime.fromisoformat(at.replace("Z", "+00:00")).timestamp()


def describe_times(seconds: list[float]) -> dict[str, float]:
    steady = np.array(seconds[int(_WARM * len(seconds)) :])
    p50, p99, top = np.quantile(steady, (0.5, 0.99, 1.0))
    return {"p50": round(float(p50), 3), "p99": round(float(p99), 3), "max": round(float(top), 3)}


def describe_memory(seen: list[float]) -> dict[str, float]:
    """Return megabytes after warming up and at the end, each the median of a tenth of the time."""
    tenth = max(1, len(seen) // 10)
    first, last = np.median(seen[tenth : 2 * tenth] or seen), np.median(seen[-tenth:])
    return {
        "first_mb": round(float(first), 1),
        "last_mb": round(float(last), 1),
        "growth_percent": round(float(100 * (last / first - 1)), 2),
    }


def run(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    with opened_line(folder, options.where, _OUTPUT) as line:
        listing = read_settings(line.file).capture.every
        capacity = measure_capacity(line, options.full)
        running = start_station(line)
        memory = Memory(running.process.pid, options.every)
        memory.start()
        until = time.monotonic() + 3600 * options.hours
        written = write_evenly(line, options.share * capacity, until, make_contents(64))
        while count_steps(line)["MOVED"] < written + options.full:
            time.sleep(0.2)
        while line.ask("SELECT COUNT(*) FROM outbox WHERE state = 'PENDING'") != [(0,)]:
            time.sleep(0.2)
        memory.over.set()
        stop_station(running)
        times = {name: describe_times(seconds) for name, seconds in read_times(line).items()}
        steady = times["written_to_verdict"]
        return {
            "capacity_per_second": round(capacity, 1),
            "rate_per_second": round(options.share * capacity, 1),
            "written": written,
            "recorded": line.count() - options.full,
            **times,
            "is_p99_below_2_p50_and_listing": steady["p99"] < 2 * steady["p50"] + listing,
            "memory": describe_memory(memory.seen),
        }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hours", type=float, default=0.02)
    parser.add_argument("--share", type=float, default=0.8, help="of what the station can take")
    parser.add_argument("--full", type=int, default=1000, help="pictures that capacity is measured by")
    parser.add_argument("--every", type=float, default=5.0, help="seconds between two looks at the memory")
    parser.add_argument("--where", default="", help="where pictures arrive: a folder, or bindfs")
    parser.add_argument("--folder", type=Path, help="where it is done; by default a passing one")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        folder = options.folder or Path(passing)
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        found = run(folder, options)
    print(json.dumps(found, indent=1))
    if options.json:
        options.json.write_text(json.dumps(found), "utf-8")
    sys.exit(0 if found["written"] == found["recorded"] else 1)


if __name__ == "__main__":
    main()
