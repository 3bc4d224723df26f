"""A station's camera made dead at random moments: how soon that is alarmed, and how soon pictures come again.

    .venv/bin/python -m tests.benchmarks.station.camera --faults 20

The whole station works: a timer asks for pictures, they are judged and recorded; alarms are timed by the
records. In turn the camera's process is killed, stopped so that it hangs, and the camera unplugged until that
is alarmed. Then a camera of the network (motion JPEG on loopback) freezes, falls silent, and ends its stream.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[2]
sys.path[:0] = [str(TESTS), str(TESTS / "station"), str(TESTS / "station" / "camera")]

from camera_line import SIMULATED, CameraLine, make_camera_line, opened_camera  # noqa: E402 - the tests' own
from camera_peers import MotionJpeg  # noqa: E402

from anomaly_gui.station.judging.judge import open_judge  # noqa: E402
from anomaly_gui.station.times import read_moment  # noqa: E402
from tests.benchmarks.station_at_work import make_model  # noqa: E402

TIMER = '[triggers.clock]\nkind = "timer"\nevery = 0.2\n'
LONGEST = 30.0  # seconds
ALARMS = "SELECT at FROM audit WHERE what = 'alarm' AND before = 'camera' AND after = ? ORDER BY at"


def read_alarms(line: CameraLine, after: str) -> list[float]:
    return [read_moment(at) for (at,) in line.ask(ALARMS.replace("?", f"'{after}'"))]


def wait_for(line: CameraLine, after: str, since: float) -> float:
    """Return how many seconds after a moment the alarm came or went."""
    while time.time() - since < LONGEST:
        found = [at for at in read_alarms(line, after) if at >= since - 0.001]
        if found:
            return found[0] - since
        time.sleep(0.05)
    return float("inf")


def measure_fault(
    line: CameraLine, make_dead: Callable[[], Any], revive: Callable[[], Any]
) -> tuple[float, float]:
    """Return the seconds to the alarm, and those from when the camera could work again to its end."""
    dead = time.time()
    make_dead()
    alarmed = wait_for(line, "came", dead)
    able = time.time() if revive() else dead
    return alarmed, wait_for(line, "went", able)


def run_station(line: CameraLine, model: Path, work: Callable[[Any], None]) -> None:
    """Let a station work in another thread meanwhile."""
    with opened_camera(line, open_judge(model)) as (station, capture):
        ended = threading.Event()
        thread = threading.Thread(target=station.run_until, args=(ended.is_set,))
        thread.start()
        while capture.photographer.camera.size is None:
            time.sleep(0.05)
        work(capture)
        ended.set()
        thread.join()


def hurt_processes(line: CameraLine, faults: int, pause: float, seed: int) -> Callable[[Any], None]:
    chosen = random.Random(seed)

    def work(capture: Any) -> None:
        found: dict[str, list[tuple[float, float]]] = {}
        for number in range(faults):
            time.sleep(pause * (0.5 + chosen.random()))
            kind = ("killed", "hangs", "unplugged")[number % 3]
            found.setdefault(kind, []).append(_hurt_process(line, capture, kind))
        print_times(found)

    return work


def _hurt_process(line: CameraLine, capture: Any, kind: str) -> tuple[float, float]:
    away = line.shown.with_name("away")
    if kind == "unplugged":
        return measure_fault(line, lambda: line.shown.rename(away), lambda: away.rename(line.shown))
    number = {"killed": signal.SIGKILL, "hangs": signal.SIGSTOP}[kind]
    return measure_fault(line, lambda: os.kill(capture.photographer.camera.number, number), lambda: None)


def hurt_stream(line: CameraLine, server: MotionJpeg, times: int) -> Callable[[Any], None]:
    def work(_capture: Any) -> None:
        found: dict[str, list[tuple[float, float]]] = {}
        for number in range(3 * times):
            time.sleep(1.5)
            fault = ("is_frozen", "is_silent", "is_over")[number % 3]
            found.setdefault(f"stream {fault[3:]}", []).append(_hurt_stream(line, server, fault))
        print_times(found)

    return work


def _hurt_stream(line: CameraLine, server: MotionJpeg, fault: str) -> tuple[float, float]:
    def revive() -> bool:
        setattr(server, fault, False)
        return True

    return measure_fault(line, lambda: setattr(server, fault, True), revive)


def print_times(found: dict[str, list[tuple[float, float]]]) -> None:
    for kind, times in found.items():
        alarmed, back = zip(*times, strict=True)
        print(
            f"{kind}, {len(times)} times: "
            f"alarmed after {statistics.median(alarmed):.2f} s, at most {max(alarmed):.2f} s; "
            f"back after {statistics.median(back):.2f} s, at most {max(back):.2f} s"
        )


def print_results(line: CameraLine) -> None:
    """Hold results against what is on the disk: each trigger has one."""
    verdicts = line.ask("SELECT verdict, COUNT(*) FROM result GROUP BY verdict ORDER BY verdict")
    results = line.ask("SELECT COUNT(*), COUNT(DISTINCT image_path) FROM result")[0]
    waiting = [*line.asked.glob("*.trigger"), *line.incoming.glob("*.png"), *line.incoming.glob("*.missed")]
    told = ", ".join(f"{verdict} {count}" for verdict, count in verdicts)
    print(f"{results[0]} results ({told}), {results[1]} different pictures, {len(waiting)} left")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--faults", type=int, default=20)
    parser.add_argument("--pause", type=float, default=2.0, help="seconds between two faults, about")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="camera-") as folder, MotionJpeg() as server:
        root = Path(folder)
        model = make_model(root)
        for name in ("process", "stream"):
            (root / name).mkdir()
        line = make_camera_line(
            root / "process", model, TIMER, SIMULATED.replace("within = 5", "within = 0.5")
        )
        run_station(line, model, hurt_processes(line, asked.faults, asked.pause, asked.seed))
        print_results(line)
        stream = f'kind = "stream"\naddress = "{server.address}"'
        line = make_camera_line(root / "stream", model, TIMER, stream)
        run_station(line, model, hurt_stream(line, server, max(1, asked.faults // 6)))
        print_results(line)


if __name__ == "__main__":
    main()
