"""How long a project of very many images takes: until its window can be used, and for one decision.

QT_QPA_PLATFORM=offscreen python -m tests.benchmarks.window.projects
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from anomaly_gui.detection.images.look import Look
from anomaly_gui.gui.app import collect_garbage_here
from anomaly_gui.gui.main_window import MainWindow
from anomaly_gui.gui.state.image_table import ImageLabel, Origin
from anomaly_gui.project.folder import ProjectFolder
from anomaly_gui.project.journal_file import add_events
from tests.benchmarks.common import print_table, write_json
from tests.benchmarks.window.kills import make_project

if TYPE_CHECKING:
    from collections.abc import Callable

IMAGES, A_LINE = 100_000, 1000
LOOK = Look(120.5, 40.25, 1.125, 0.0)


def add_images(project: Path, count: int) -> None:
    """Add so many judged images to a project's journal."""
    folder = ProjectFolder(project)
    scores = np.random.default_rng(0).normal(-300, 100, count).tolist()
    look = [120.5, 40.25, 1.125, 0.0]
    rows = [
        [
            f"../line/day {index // A_LINE}/part_{index}.png",
            score,
            index % 3,
            int(Origin.DROPPED),
            "",
            [3, 1, 2],
            f"{index:064x}",
            look,
        ]
        for index, score in enumerate(scores)
    ]
    events = ({"rows": rows[start : start + A_LINE]} for start in range(0, count, A_LINE))
    add_events(folder.find_journal_file("0001"), events)


def time_work(work: Callable[[], object], until: Callable[[], bool] = lambda: True) -> float:
    """Return how long something takes until it is there and drawn."""
    began = time.perf_counter()
    work()
    while not until():
        QApplication.processEvents()
        time.sleep(0.001)
    QApplication.processEvents()
    return time.perf_counter() - began


def measure_project(project: Path, place: Path, count: int) -> dict[str, float]:
    """Return seconds by what was done."""
    window = MainWindow(place)
    window.show()
    QTest.qWait(3000)  # the worker is there
    found = {
        "open until it can be used": time_work(
            lambda: window.services.projects.open_project(project),
            lambda: len(window.session.table) >= count,
        )
    }
    rows = list(range(100, 200))
    found["label 100 images"] = time_work(lambda: window.session.label_rows(rows, ImageLabel.GOOD))
    threshold = window.session.threshold
    assert threshold is not None
    moved = replace(threshold, value=threshold.value - 1)
    found["move the threshold"] = time_work(lambda: window.session.thresholds.choose_threshold(moved))
    found["close"] = time_work(window.close)
    return found


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=IMAGES)
    parser.add_argument("--out", type=Path, help="write the numbers to this file as JSON")
    options = parser.parse_args()
    application = QApplication([])
    collector = collect_garbage_here()
    with tempfile.TemporaryDirectory() as name:
        project, place = make_project(Path(name)), Path(name) / "place"
        add_images(project, options.images)
        found = measure_project(project, place, options.images)
    collector.timer.stop()
    application.processEvents()
    title = f"A project of {options.images:,} images"
    print_table(title, ("what", "seconds"), [(what, f"{seconds:.3f}") for what, seconds in found.items()])
    write_json(options.out, {"images": options.images, "seconds": found})


if __name__ == "__main__":
    main()
