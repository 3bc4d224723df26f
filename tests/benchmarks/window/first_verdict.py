"""How long does the window take to its first verdict? Drops on a real window, offscreen, in fresh processes.

The model is opened with the window, as by a double click on its file; then one image is dropped, as soon as
the model is there. Told are the seconds from the start of the program to the open model, and from the first
drop to the verdict; without any cache.

    python -m tests.benchmarks.window.first_verdict
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from tests.benchmarks.common import print_table, write_json
from tests.benchmarks.large_images import write_images

WINDOW = """
import time
began = time.perf_counter()
import json, sys
from pathlib import Path
from PySide6.QtCore import QEventLoop, QMimeData, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication
app = QApplication([])
from anomaly_gui.gui.main_window import MainWindow
from anomaly_gui.gui.state.image_counts import count_dropped_verdicts
if __name__ == "__main__":
    work, model, image = map(Path, sys.argv[1:])
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(work))
    window = MainWindow(work)
    window.show()
    session = window.session
    def count_dropped():
        return sum(count_dropped_verdicts(session.table, session.threshold).values())
    window.workshop.open_file(model)
    waiting = QEventLoop.ProcessEventsFlag.WaitForMoreEvents  # the worker has the other core, as in use
    while window.session.model is None:
        app.processEvents(waiting)
    if window.workshop.is_busy or count_dropped():
        raise SystemExit("The window was not at rest before the drop.")
    opened = time.perf_counter()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(image))])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    drop = QDropEvent(QPointF(9, 9), copy, data, left, Qt.KeyboardModifier.NoModifier)
    window.dropEvent(drop)
    while not count_dropped():  # the model's own images are in the table too
        app.processEvents(waiting)
    verdict = time.perf_counter()
    sys.__stdout__.write(json.dumps([opened - began, verdict - opened]) + "\\n")
    sys.__stdout__.flush()
    window.session._has_unsaved_model = False
    window.close()
"""


def main() -> None:
    """Print medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    quiet = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "ANOMALY_GUI_CACHE": "off"}
    rows: dict[str, list[list[float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        files = write_images(work / "images", 25)
        script = work / "window.py"
        script.write_text(WINDOW, "utf-8")
        for detector in ("pooled", "positional"):
            model = work / f"{detector}.anomaly"
            words = ["-m", "anomaly_gui", "train", *map(str, files[:24]), "--out", str(model)]
            subprocess.run(
                [sys.executable, *words, "--detector", detector], check=True, capture_output=True, env=quiet
            )
            for number in range(given.rounds):
                home = work / f"{detector} {number}"
                home.mkdir()
                command = [sys.executable, str(script), str(home), str(model), str(files[24])]
                ran = subprocess.run(command, check=True, capture_output=True, text=True, env=quiet)
                rows.setdefault(detector, []).append(json.loads(ran.stdout))
    write_json(given.json, rows)
    print_table(
        f"Medians of {given.rounds} starts",
        ("detector", "start to open model, s", "first drop to verdict, s"),
        [(name, *(f"{value:.2f}" for value in np.median(times, axis=0))) for name, times in rows.items()],
    )


if __name__ == "__main__":
    main()
