"""The window of stations on very many records, while more are written: how long its user waits.

.venv/bin/python -m tests.benchmarks.window.stations --results 1000000
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

TESTS = Path(__file__).parents[2]
sys.path[:0] = [str(TESTS / room) for room in ("", "station", "station/records", "gui/station")]

from line import Line  # noqa: E402 - the tests' own
from made_records import fill_ledger  # noqa: E402
from recorded import add_rows, write_state  # noqa: E402

from anomaly_gui.gui.station.station_window import StationWindow  # noqa: E402
from anomaly_gui.gui.style.dressing import dress_application  # noqa: E402
from anomaly_gui.station.lock import claim_records  # noqa: E402

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

_TICK = 5  # milliseconds between two looks at the clock
_BURST = 20  # rows, five times a second


class Stalls:
    """Notes the longest time in which the window's thread did nothing else, and how much of one it worked.

    On a machine with other work the first is that work's, too.
    """

    def __init__(self) -> None:
        self.longest = self.worked = 0.0
        self._last, self._last_worked = time.perf_counter(), time.thread_time()
        self._timer = QTimer(interval=_TICK)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        now, worked = time.perf_counter(), time.thread_time()
        self.longest = max(self.longest, 1000 * (now - self._last) - _TICK)
        self.worked = max(self.worked, 1000 * (worked - self._last_worked))
        self._last, self._last_worked = now, worked

    def take(self) -> tuple[float, float]:
        found = self.longest, self.worked
        self.longest = self.worked = 0.0
        self._last, self._last_worked = time.perf_counter(), time.thread_time()
        return found


def wait_until(is_so, seconds=120.0):  # type: ignore[no-untyped-def]
    began = time.perf_counter()
    while not is_so():
        if time.perf_counter() - began > seconds:
            raise TimeoutError
        QTest.qWait(10)
    return time.perf_counter() - began


def write_more(line: Line, ended: Event) -> None:
    while not ended.wait(0.2):
        add_rows(line, [{} for _ in range(_BURST)])
        write_state(line)


def measure_window(line: Line) -> None:
    window = StationWindow()
    window.show()
    QTest.qWait(1000)
    stalls = Stalls()

    def tell(name: str, seconds: float) -> None:
        longest, worked = stalls.take()
        print(
            f"{name:48} {1000 * seconds:7.0f} ms, longest stall {longest:4.0f} ms, at work {worked:4.0f} ms"
        )

    window.open_station(line.ledger.parent)
    view = window.current
    assert view is not None
    tell("opened, until the newest part is shown", wait_until(lambda: view.operator.shown is not None))
    QTest.qWait(10_000)
    tell("ten seconds on the operator's page", 10)
    history = view.engineer.history
    window.show_engineer(True)
    tell("the engineer's page, until its rows are there", wait_until(lambda: bool(history.model.rows)))
    for name, choose in (
        ("a part in the middle", lambda: history.filter.part.setText("part 1234")),
        ("all but good of a lot", lambda: (history.filter.part.clear(), history.filter.lot.setText("lot 0"))),
        ("rare verdicts", lambda: (history.filter.lot.clear(), history.filter.verdict.setCurrentIndex(6))),
    ):
        before = history.model.rows
        choose()
        tell(name, wait_until(lambda before=before: history.model.rows != before))
    history.filter.verdict.setCurrentIndex(0)
    QTest.qWait(2000)
    stalls.take()
    for _ in range(20):
        before = history.model.rows
        history.search.show_older()
        took = wait_until(lambda before=before: history.model.rows != before)
    tell("the last of twenty pages", took)
    QTest.qWait(5000)
    tell("five seconds on a page", 5)
    window.hand_over()


def main() -> None:
    """Make the records, and use the window on them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="where the records are made; a temporary folder else")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
        line = Line(Path(folder))
        fill_ledger(line.ledger, asked.results, has_hashes=False)
        app = QApplication([])
        dress_application(app)
        context = multiprocessing.get_context("spawn")
        ended = context.Event()
        writer = context.Process(target=write_more, args=(line, ended))
        with claim_records(line.ledger.parent):
            writer.start()
            try:
                measure_window(line)
            finally:
                ended.set()
                writer.join()


if __name__ == "__main__":
    main()
