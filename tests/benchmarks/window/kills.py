"""A window at work in a project, killed at random moments: is anything lost that was decided?

Each run copies a project with a model, lets a made-up person label, move the threshold, exclude, draw, note,
score and train, and ends the process (SIGKILL). What the files say then has to be what the person had done.
Ten minutes for 100.

    QT_QPA_PLATFORM=offscreen python -m tests.benchmarks.window.kills
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.benchmarks.made_session import State, is_kept, read_snapshot
from tests.parts import save_parts

ROOT = Path(__file__).parents[3]
AT_WORK = 8.0  # seconds at most
START = 600.0  # seconds until it is there: other work may share the machine
_MAKE = """
import sys
from pathlib import Path
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.gui.main_window import MainWindow

if __name__ == "__main__":
    project, place, good = map(Path, sys.argv[1:])
    app = QApplication([])
    window = MainWindow(place)
    window.services.projects.make_project(project)
    window.panel.good.set_paths((good,))
    window.panel.form.set_values({"detector": "pooled", "layer": "block2_pool", "size": 32})
    window.panel.form.set_values({"false_alarm_rate": 0.1})
    QTest.qWait(50)
    window.requests.start_training(window.panel.make_request())
    while window.workshop.is_busy:
        QTest.qWait(20)
    assert window.close()
"""


@dataclass(frozen=True)
class Killed:
    """One run: how many decisions were made, and what is lost of them (empty: nothing)."""

    decisions: int
    lost: str


def make_project(folder: Path) -> Path:
    """Make a project with a model of a few small images, and images of a line beside it."""
    save_parts(folder / "line", 30, 7)
    project, place = folder / "parts.anomalyproj", folder / "place"
    place.mkdir()
    script = folder / "make.py"
    script.write_text(_MAKE)
    good = save_parts(folder / "good", 24)
    _run([str(script), str(project), str(place), str(good)]).check_returncode()
    return project


def _run(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], env=_make_environment(), capture_output=True, text=True, check=False
    )


def _make_environment() -> dict[str, str]:
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    return {**os.environ, "PYTHONPATH": paths}


def kill_once(made: Path, seed: int, at_work: float = AT_WORK) -> Killed:
    """Work in a copy of a project, kill the window at a random moment, and look at what is there."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = Path(shutil.copytree(made, folder / "parts.anomalyproj"))
        (folder / "place").mkdir()
        before, change, decisions = _work(project, folder / "place", made.parent / "line", seed, at_work)
        found = read_snapshot(project)
        lost = "" if is_kept(found, before, change) else json.dumps([found, before, change])
        return Killed(decisions, lost)


def _work(project: Path, place: Path, line: Path, seed: int, at_work: float) -> tuple[State, State, int]:
    """Return what there was at the last word, what was to change then, and how many decisions there were."""
    said = project.with_suffix(".txt")
    arguments = ["-m", "tests.benchmarks.made_session", str(project), str(place), str(line), str(seed)]
    with said.open("w") as file:
        child = subprocess.Popen([sys.executable, *arguments], stdout=file, cwd=ROOT, env=_make_environment())
        try:
            deadline = time.monotonic() + START
            while "\n" not in said.read_text() and child.poll() is None and time.monotonic() < deadline:
                time.sleep(0.02)
            time.sleep(random.Random(seed).uniform(0, at_work))
        finally:
            child.kill()
            child.wait()
    lines = [json.loads(text) for text in said.read_text().splitlines(keepends=True) if text.endswith("\n")]
    states = [line["is"] for line in lines if "is" in line]
    return states[-1], lines[-1].get("change", {}), len(states) - 1


def main() -> None:
    """Kill as often as asked for, and say what was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--at-once", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(options.at_once) as pool:
        made = make_project(Path(name))
        runs = list(pool.map(lambda seed: kill_once(made, seed), range(options.times)))
    for run in runs:
        if run.lost:
            print(run.lost)
    lost = sum(bool(run.lost) for run in runs)
    decisions = sum(run.decisions for run in runs)
    print(f"killed {len(runs)} times, {decisions:,} decisions made, something lost {lost} times")
    sys.exit(1 if lost else 0)


if __name__ == "__main__":
    main()
