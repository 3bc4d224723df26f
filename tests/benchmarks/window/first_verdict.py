"""How long does the window take to a verdict? Drops on a real window, offscreen, in fresh processes.

The model is opened with the window, as by a double click on its file; then one image after the other is
dropped, each when the window has been at rest for half a second: no hand is faster. Told are the seconds from
the start of the program to the open model, and the milliseconds from a drop to its verdict: the first, the
second, and those after it; without any cache.

    python -m tests.benchmarks.window.first_verdict
    python -m tests.benchmarks.window.first_verdict --backbone vgg16 efficientnet-lite0
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anomaly_gui.detection.settings.backbones import BACKBONES, VGG16
from anomaly_gui.detection.settings.choices import POOLED, POSITIONAL
from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from tests.benchmarks.common import print_table, write_json
from tests.benchmarks.large_images import write_images
from tests.benchmarks.turns import describe_median, run_in_turns

if TYPE_CHECKING:
    from collections.abc import Sequence

TO_TRAIN = 24
QUIET = {"QT_QPA_PLATFORM": "offscreen", "ANOMALY_GUI_CACHE": "off"}
WINDOW = """
import time
began = time.perf_counter()
import json, sys
from pathlib import Path
from PySide6.QtCore import QEventLoop, QMimeData, QPointF, QSettings, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication
app = QApplication([])
from anomaly_gui.gui.main_window import MainWindow
from anomaly_gui.gui.state.image_counts import count_dropped_verdicts
if __name__ == "__main__":
    work, model, *images = map(Path, sys.argv[1:])
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(work))
    window = MainWindow(work)
    window.show()
    session = window.session
    waiting = QEventLoop.ProcessEventsFlag.WaitForMoreEvents  # the worker has the other core, as in use
    def count_dropped():
        return sum(count_dropped_verdicts(session.table, session.threshold).values())
    def time_drop(image):
        data, dropped = QMimeData(), count_dropped()  # the model's own images are in the table too
        data.setUrls([QUrl.fromLocalFile(str(image))])
        copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        drop = QDropEvent(QPointF(9, 9), copy, data, left, Qt.KeyboardModifier.NoModifier)
        if window.workshop.is_busy:
            raise SystemExit("The window was not at rest before the drop.")
        began = time.perf_counter()
        window.dropEvent(drop)
        while count_dropped() == dropped:
            app.processEvents(waiting)
        return time.perf_counter() - began
    def rest():
        while window.workshop.is_busy:
            app.processEvents(waiting)
        loop = QEventLoop()
        QTimer.singleShot(500, loop.quit)
        loop.exec()
    window.workshop.open_file(model)
    while window.session.model is None:
        app.processEvents(waiting)
    found = {"opened": time.perf_counter() - began, "verdicts": []}
    for image in images:
        rest()
        found["verdicts"].append(time_drop(image))
    sys.__stdout__.write(json.dumps(found) + "\\n")
    sys.__stdout__.flush()
    window.services.projects.start_untitled()
    window.close()
"""


def train_model(files: Sequence[Path], out: Path, detector: str, backbone: str) -> None:
    """Train by the command."""
    words = ["train", *map(str, files), "--out", str(out), "--detector", detector, "--backbone", backbone]
    command = [sys.executable, "-m", "anomaly_gui", *words]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, **QUIET})


def open_window(script: Path, model: Path, images: Sequence[Path]) -> dict[str, Any]:
    """Start a window of its own; return seconds to the open model, and of each drop to its verdict."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, script, home, model, *images]
        ran = subprocess.run(
            [*map(str, command)], check=True, capture_output=True, text=True, env={**os.environ, **QUIET}
        )
    return json.loads(ran.stdout)


def make_row(starts: Sequence[dict[str, Any]]) -> list[str]:
    """Return medians with ranges: of the start, of the first, of the second and of all later verdicts."""
    verdicts = [[1000 * seconds for seconds in one["verdicts"]] for one in starts]
    later = [value for one in verdicts for value in one[2:]]
    drops = ([one[0] for one in verdicts], [one[1] for one in verdicts], later)
    return [
        describe_median([one["opened"] for one in starts]),
        *(describe_median(values, 0) for values in drops),
    ]


def parse_arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--backbone", nargs="+", choices=BACKBONES, default=[VGG16.name])
    parser.add_argument("--detector", nargs="+", choices=DETECTORS, default=[POOLED, POSITIONAL])
    parser.add_argument("--later", type=int, default=8, help="images dropped after the second")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    if given.later < 1:
        parser.error("--later has to be 1 or more")
    return given


def main() -> None:
    """Print medians."""
    given = parse_arguments()
    with tempfile.TemporaryDirectory() as folder:
        work, ways = Path(folder), {}
        files = write_images(work / "images", TO_TRAIN + 2 + given.later)
        script = work / "window.py"
        script.write_text(WINDOW, "utf-8")
        for detector, backbone in product(given.detector, given.backbone):
            name = f"{detector}, {backbone}"
            model = work / f"{name}.anomaly"
            train_model(files[:TO_TRAIN], model, detector, backbone)
            ways[name] = partial(open_window, script, model, files[TO_TRAIN:])
        rounds = run_in_turns(ways, given.rounds)
    write_json(given.json, rounds)
    print_table(
        f"{given.rounds} starts, {given.later} later drops each: median (range)",
        ("detector, backbone", "start to open model, s", "first verdict, ms", "second, ms", "later, ms"),
        [(name, *make_row([one[name] for one in rounds])) for name in ways],
    )


if __name__ == "__main__":
    main()
