"""Files from several writers, half-written, renamed, doubled, out of order; with kill -9 at random moments.

    .venv/bin/python -m tests.benchmarks.station.in_and_out --files 100000
    .venv/bin/python -m tests.benchmarks.station.in_and_out --files 4000 --kills 200

Prints how many pictures were written and recorded, what was lost or recorded twice, whether the chain holds,
and how long each start took. `--folder` names where it is done, such as a FUSE share; what is there stays.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[2]
sys.path[:0] = [str(TESTS), str(TESTS / "station")]

from line import Line, make_line, start_command  # noqa: E402 - the tests' own
from parts import save_parts  # noqa: E402

from anomaly_gui.detection.datasets.train_request import TrainRequest  # noqa: E402
from anomaly_gui.detection.model.model_file import save_model  # noqa: E402
from anomaly_gui.detection.settings.train_settings import TrainSettings  # noqa: E402
from anomaly_gui.detection.training import train  # noqa: E402
from anomaly_gui.progress import SilentProgress  # noqa: E402
from anomaly_gui.station.ledger.engine import open_engine  # noqa: E402
from anomaly_gui.station.ledger.verifying import verify_ledger  # noqa: E402


def make_model(folder: Path) -> Path:
    settings = TrainSettings(detector="pooled", layer="block1_pool", size=32, false_alarm_rate=0.01)
    good = save_parts(folder / "good", 60, 0)
    save_model(
        train(TrainRequest((good,), settings=settings), SilentProgress()).model, folder / "part.anomaly"
    )
    return folder / "part.anomaly"


def start_writers(line: Line, files: int, writers: int, pause: float) -> list[tuple[Any, Path]]:
    """Start processes that write pictures; what they wrote is in a file of each."""
    started = []
    for number in range(writers):
        listed = line.folder / f"writer_{number}.txt"
        command = [sys.executable, TESTS / "station" / "writers.py", line.incoming, f"w{number}"]
        command += [files // writers, number, pause]
        with listed.open("wb") as out:
            started.append((subprocess.Popen(list(map(str, command)), stdout=out), listed))
    return started


def start_station(line: Line) -> tuple[subprocess.Popen[str], float]:
    """Start the real command; return it and the seconds until it judges."""
    began = time.monotonic()
    process = start_command("run", line.file)
    assert process.stdout is not None
    said = process.stdout.readline()
    assert "Judging" in said, said + process.stdout.read()
    return process, time.monotonic() - began


def kill_often(line: Line, kills: int, longest: float) -> list[float]:
    """End the station by signal 9 at random moments; return how long each start took."""
    chosen, took = random.Random(9), []
    for _ in range(kills):
        process, seconds = start_station(line)
        took.append(seconds)
        time.sleep(chosen.random() * longest)
        process.kill()
        process.communicate()
    return took


def wait_for_end(line: Line, writers: list[tuple[Any, Path]]) -> list[str]:
    """Wait until all is written, judged and moved; return the digests of what was written."""
    for writer, _ in writers:
        assert writer.wait() == 0
    digests = [digest for _, listed in writers for digest in listed.read_text("ascii").split()]
    while any(path.is_file() for path in line.incoming.iterdir()) or _count_open(line):
        time.sleep(0.5)
    return digests


def _count_open(line: Line) -> int:
    return int(line.ask("SELECT COUNT(*) FROM step WHERE step != 'MOVED'")[0][0])


def compare(line: Line, written: list[str]) -> dict[str, Any]:
    """Hold what was written against what was recorded."""
    recorded = Counter(digest for (digest,) in line.ask("SELECT image_sha256 FROM result"))
    engine = open_engine(line.ledger)
    found = verify_ledger(engine)
    engine.dispose()
    missing = sum(not Path(path).is_file() for (path,) in line.ask("SELECT image_path FROM result"))
    verdicts = dict(line.ask("SELECT verdict, COUNT(*) FROM result GROUP BY verdict"))
    return {
        "written": len(written),
        "recorded": recorded.total(),
        "lost": len(set(written) - set(recorded)),
        "twice": sum(count - 1 for count in recorded.values()),
        "files_missing": missing,
        "copies": line.ask("SELECT COUNT(DISTINCT before) FROM audit WHERE what = 'copy'")[0][0],
        "verdicts": verdicts,
        "chain": found.faults or "holds",
    }


def run(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    line = make_line(folder / "line", make_model(folder))
    began = time.monotonic()
    writers = start_writers(line, options.files, options.writers, options.pause)
    starts = kill_often(line, options.kills, options.longest)
    process, seconds = start_station(line)
    written = wait_for_end(line, writers)
    took = time.monotonic() - began
    process.send_signal(signal.SIGTERM)
    process.communicate()
    starts.append(seconds)
    return {
        **compare(line, written),
        "kills": options.kills,
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
    parser.add_argument("--longest", type=float, default=2.0, help="seconds from a start to its end, at most")
    parser.add_argument("--pause", type=float, default=0.0, help="seconds of a writer between two, at most")
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
    if found["lost"] or found["twice"] or found["files_missing"] or found["chain"] != "holds":
        sys.exit(1)


if __name__ == "__main__":
    main()
