"""The longest stalls of the window: while it trains, judges, and shows what it judged.

A timer every 5 ms on the window's thread while the sample is trained and judged (TensorFlow is imported
meanwhile, in the worker's process), and while a picture of 60 megapixels is judged and shown. Two minutes.

    QT_QPA_PLATFORM=offscreen python -m tests.benchmarks.window.stalls [--busy-disk]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PIL import Image
from PySide6.QtCore import QEventLoop, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from anomaly_gui.gui.app import collect_garbage_here
from anomaly_gui.gui.main_window import MainWindow
from anomaly_gui.gui.state.mode import Mode
from tests.benchmarks.common import print_table, write_json
from tests.benchmarks.window.responsiveness import close_window

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN = 3.0  # seconds that pictures may take to be shown, after all is judged

KEEP_BUSY = """
import os, sys
from pathlib import Path
while True:
    for number in range(3):
        with (Path(sys.argv[1]) / str(number)).open("wb") as file:
            for _ in range(100):
                file.write(os.urandom(1 << 20))
            file.flush()
            os.fsync(file.fileno())
"""


def save_large_picture(folder: Path) -> Path:
    """Save a picture of 60 megapixels."""
    coarse = np.random.default_rng(0).integers(0, 256, (600, 1000), np.uint8)
    path = folder / "large.jpg"
    Image.fromarray(coarse).resize((10_000, 6_000)).save(path, quality=90)
    return path


@contextmanager
def keep_disk_busy(is_wanted: bool) -> Iterator[None]:
    """Let another process write 100 MB at a time and wait for the disk, over and over."""
    if not is_wanted:
        yield
        return
    with tempfile.TemporaryDirectory() as folder:
        writer = subprocess.Popen([sys.executable, "-c", KEEP_BUSY, folder])
        try:
            yield
        finally:
            writer.kill()
            writer.wait()


def measure_stalls(application: QApplication) -> tuple[list[float], list[float]]:
    """Return the longest pauses of the window's thread, in seconds.

    Returns
    -------
    Those while the sample is trained and judged, and those while a picture of 60 megapixels is judged.
    """
    with tempfile.TemporaryDirectory() as home:
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, home)
        large = save_large_picture(Path(home))
        window = MainWindow(Path(home))
        window.show()
        application.processEvents()
        gaps, last = [], [time.perf_counter()]

        def tick() -> None:
            now = time.perf_counter()
            gaps.append(now - last[0])
            last[0] = now

        def work_until_idle() -> list[float]:
            gaps.clear()
            last[0] = time.perf_counter()
            while window.session.model is None or window.workshop.is_busy:
                application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            shown = time.perf_counter() + SHOWN
            while time.perf_counter() < shown:
                application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            return sorted(gaps)[-5:]

        timer = QTimer(interval=5)
        timer.timeout.connect(tick)
        timer.start()
        window.open_sample()
        sample = work_until_idle()
        window.show_mode(Mode.INSPECT)
        window.workshop.score_images((large,))
        dropped = work_until_idle()
        timer.stop()
        close_window(window)
    return sample, dropped


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--busy-disk", action="store_true", help="while another process keeps the disk busy")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    application = QApplication([])
    collector = collect_garbage_here()
    with keep_disk_busy(given.busy_disk):
        runs = [measure_stalls(application) for _ in range(given.runs)]
    collector.timer.stop()
    write_json(given.json, [{"sample": sample, "large": large} for sample, large in runs])
    print_table(
        "Five longest stalls of each run, ms",
        ("the sample is trained and judged", "a picture of 60 megapixels is judged"),
        [(_format_all_ms(sample), _format_all_ms(large)) for sample, large in runs],
    )


def _format_all_ms(seconds: list[float]) -> str:
    return ", ".join(f"{1000 * one:.0f}" for one in reversed(seconds))


if __name__ == "__main__":
    main()
