"""How the window holds up: start-up, frames of a pan, and steps of a drag.

Offscreen, software rendering, so that any machine can run it. Frames: the scatter is moved a little and drawn
again, against pyqtgraph's own ScatterPlotItem in the same run. Two minutes.

    QT_QPA_PLATFORM=offscreen python -m tests.benchmarks.window.responsiveness
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, QSettings
from PySide6.QtWidgets import QApplication, QMessageBox

from anomaly_gui.detection.judging.thresholds import Threshold
from anomaly_gui.gui.app import collect_garbage_here
from anomaly_gui.gui.main_window import MainWindow
from anomaly_gui.gui.state.image_table import ImageLabel, Origin, Row
from anomaly_gui.gui.state.session import Session
from anomaly_gui.gui.tune.score_plot import ScorePlot
from tests.benchmarks.common import print_table, write_json

SIZE = (900, 500)
COUNTS = (10_000, 100_000, 1_000_000)

START = """
import time
began = time.perf_counter()
import sys, tempfile
from pathlib import Path
from PIL import Image
from PySide6.QtWidgets import QApplication, QMessageBox
app = QApplication([])
from anomaly_gui.gui.main_window import MainWindow
window = MainWindow(Path(tempfile.mkdtemp()))
window.show()
app.processEvents()
print(time.perf_counter() - began)
window.close()
"""


def time_starts(runs: int) -> list[float]:
    """Return how long a fresh process takes to a window that can be used, in seconds."""
    command = [sys.executable, "-c", START]
    return [
        float(subprocess.run(command, capture_output=True, text=True, check=True).stdout) for _ in range(runs)
    ]


def fill_session(count: int) -> Session:
    """Return a session of so many images, a third of each label."""
    random = np.random.default_rng(0)
    scores = random.normal(-300, 100, count)
    session, name = Session(), Path("x.png")
    session.table.append_rows(
        [
            Row(name, score, ImageLabel(index % 3), Origin.DROPPED)
            for index, score in enumerate(scores.tolist())
        ]
    )
    return session


def time_frames(plot: pg.PlotWidget, count: int, runs: int) -> list[float]:
    """Return the seconds of frames while a plot of so many points is moved."""
    box, times = plot.getViewBox(), []
    for step in range(runs + 2):
        shift = 0.003 * count * (step % 7)
        began = time.perf_counter()
        box.setRange(QRectF(shift, -700, count, 800), padding=0)
        plot.grab()
        times.append(time.perf_counter() - began)
    return times[2:]


def time_our_scatter(count: int, runs: int) -> list[float]:
    """Return frames of the product's scatter; every point has to be in its counts."""
    session = fill_session(count)
    plot = ScorePlot(session, str)
    plot.resize(*SIZE)
    plot.show()
    session.images_replaced.emit()
    points = sum(len(plot.points._x_of[label]) for label in ImageLabel)
    if points != count:
        raise SystemExit(f"{count - points} points were lost")
    return time_frames(plot.scatter, count, runs)


def time_plain_scatter(count: int, runs: int) -> list[float]:
    """Return frames of pyqtgraph's scatter."""
    plot = pg.PlotWidget()
    plot.resize(*SIZE)
    y = np.random.default_rng(0).normal(-300, 100, count)
    plot.addItem(pg.ScatterPlotItem(x=np.arange(count), y=y, size=5, pen=None, brush="b", pxMode=True))
    plot.show()
    return time_frames(plot, count, runs)


def time_drag(application: QApplication, count: int) -> list[float]:
    """Return the seconds of steps of a drag with plot, counts and gallery following, all drawn."""
    with tempfile.TemporaryDirectory() as home:
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, home)
        window = MainWindow(Path(home))
        window.session.table = fill_session(count).table
        window.session.thresholds.apply_threshold(Threshold(-300.0, "manual", "set by hand"))
        window.session.images_replaced.emit()
        window.center.setCurrentIndex(1)
        for dock in (window.docks.images_dock, window.docks.inspector_dock):
            dock.show()
        window.show()
        application.processEvents()
        times = []
        for step in range(60):
            began = time.perf_counter()
            window.session.thresholds.preview_value(-300.0 + step)
            window.docks.gallery.refresh()
            application.processEvents()
            times.append(time.perf_counter() - began)
        close_window(window)
    return times


def close_window(window: MainWindow) -> None:
    """Close a window without a question for what is unsaved in it."""
    window.services.leaving.ask_what_to_do = lambda: QMessageBox.StandardButton.Discard
    window.close()


def main() -> None:
    """Print two tables, and the start."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    starts = time_starts(5)
    application = QApplication([])
    collector = collect_garbage_here()
    rows, times = [], {}
    for count in COUNTS:
        mine, plain = (
            time_our_scatter(count, given.runs),
            time_plain_scatter(count, min(given.runs, 5)),
        )
        times[count] = {"ours": mine, "plain": plain}
        rows.append((f"{count:,}", *(f"{1000 * np.median(one):.0f}" for one in (mine, plain))))
    drags = {count: time_drag(application, count) for count in (1_400, 10_000, 100_000)}
    collector.timer.stop()
    write_json(given.json, {"start": starts, "frames": times, "drags": drags})
    print_table("A frame of a pan, median, ms", ("points", "this window", "pyqtgraph's scatter"), rows)
    steps = [
        (f"{count:,}", *(f"{1000 * of(one):.0f}" for of in (np.median, max))) for count, one in drags.items()
    ]
    print_table("A step of a drag with all that follows, ms", ("images", "median", "longest"), steps)
    print(f"start-up, median: {np.median(starts):.2f} s")


if __name__ == "__main__":
    main()
