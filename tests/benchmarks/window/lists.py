"""How the table and the gallery hold up with many images: what a user waits for, and frames of a scroll.

Offscreen, software rendering. The gallery's images are real files, decoded beside the scrolling. One minute.

    QT_QPA_PLATFORM=offscreen python -m tests.benchmarks.window.lists
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication

from anomaly_gui.detection.judging.thresholds import Threshold
from anomaly_gui.gui.app import collect_garbage_here
from anomaly_gui.gui.state.image_table import ImageLabel, Origin, Row
from anomaly_gui.gui.state.session import Session
from anomaly_gui.gui.tune.gallery import Gallery, Show
from anomaly_gui.gui.tune.table_view import FOLDER, NAME, SCORE, VERDICT, ImagesTable
from anomaly_gui.gui.work.pictures.pictures import Pictures
from tests.benchmarks.common import print_table, write_json

if TYPE_CHECKING:
    from collections.abc import Callable

TABLE, GALLERY, FILES = 100_000, 50_000, 2000
FRAMES = 120


def fill_session(count: int, files: list[Path]) -> Session:
    """Return a session of so many images, a third of each label."""
    scores = np.random.default_rng(0).normal(-300, 100, count).tolist()
    session = Session()
    session.table.append_rows(
        [
            Row(files[index % len(files)], score, ImageLabel(index % 3), Origin.DROPPED)
            for index, score in enumerate(scores)
        ]
    )
    session.thresholds.apply_threshold(Threshold(-400.0, "manual", "set by hand"))
    return session


def time_work(work: Callable[[], object]) -> float:
    """Return how long something takes until it is drawn."""
    began = time.perf_counter()
    work()
    QApplication.processEvents()
    return time.perf_counter() - began


def time_scroll(view: QAbstractItemView) -> list[float]:
    """Return the seconds of frames while a list is scrolled from one end to the other."""
    bar, times = view.verticalScrollBar(), []
    for step in range(FRAMES):
        began = time.perf_counter()
        bar.setValue(round(bar.maximum() * step / (FRAMES - 1)))
        view.viewport().repaint()
        times.append(time.perf_counter() - began)
        QApplication.processEvents()
    return times


def measure_table() -> dict[str, list[float]]:
    """Return what a user of the table waits for."""
    names = [Path("/line", f"day_{index % 50}", f"part_{index:06d}.png") for index in range(TABLE)]
    session = fill_session(TABLE, names)
    table = ImagesTable(session)
    table.resize(900, 500)
    found = {"open": [time_work(table.show)]}
    found["scroll"] = time_scroll(table.view)
    for name, column in (("name", NAME), ("score", SCORE), ("verdict", VERDICT), ("folder", FOLDER)):
        found[f"sort by {name}"] = [
            time_work(lambda column=column: table.view.sortByColumn(column, Qt.SortOrder.AscendingOrder))
        ]
    found["filter"] = [time_work(lambda: table.wanted.setText("day_7"))]
    found["clear the filter"] = [time_work(table.wanted.clear)]

    def move(by: int) -> None:
        session.thresholds.set_value(-400.0 - by)
        table.refresh()  # what a timer does a moment later

    found["move the threshold"] = [time_work(lambda by=by: move(by)) for by in range(1, 6)]
    rows = [Row(names[0], -1.0, ImageLabel.NONE, Origin.DROPPED)] * 16
    found["16 more images"] = [time_work(lambda: _add_rows(session, table, rows)) for _ in range(5)]
    table.close()
    return found


def _add_rows(session: Session, table: ImagesTable, rows: list[Row]) -> None:
    first = len(session.table)
    session.table.append_rows(rows)
    session.images_added.emit(first, len(rows))
    table.refresh()


def measure_gallery(folder: Path) -> dict[str, list[float]]:
    """Return what a user of the gallery waits for."""
    random, files = np.random.default_rng(0), []
    for index in range(FILES):
        files.append(folder / f"{index}.png")
        Image.fromarray(random.integers(0, 255, (120, 160, 3), dtype=np.uint8)).save(files[-1])
    session, pictures = fill_session(GALLERY, files), Pictures()
    gallery = Gallery(session, pictures)
    gallery.resize(1000, 700)
    gallery.show()
    found = {"open": [time_work(lambda: gallery.show_view(Show.ALL))]}
    found["scroll"] = time_scroll(gallery.flat)
    gallery.show_view(Show.WRONG_AND_RIGHT)
    threshold = Threshold(-400.0, "manual", "set by hand")
    found["follow the line"] = [
        time_work(lambda by=by: gallery.pair.refresh(threshold.moved_to(-400.0 - by))) for by in range(40)
    ]
    pictures.close()
    gallery.close()
    return found


def main() -> None:
    """Print two tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    QApplication([])
    collector = collect_garbage_here()
    table = measure_table()
    with tempfile.TemporaryDirectory() as folder:
        gallery = measure_gallery(Path(folder))
    collector.timer.stop()
    write_json(given.json, {"table": table, "gallery": gallery})
    for name, found in ((f"Table, {TABLE:,} images", table), (f"Gallery, {GALLERY:,} images", gallery)):
        rows = [(what, _format_ms(np.median(times)), _format_ms(max(times))) for what, times in found.items()]
        print_table(f"{name}, ms", ("", "median", "longest"), rows)


def _format_ms(time_taken: float) -> str:
    return f"{1000 * time_taken:.0f}"


if __name__ == "__main__":
    main()
