"""Searches records in a thread: one page of results, and how many there are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from anomaly_gui.station.ledger.engine import LedgerError
from anomaly_gui.station.ledger.reading import ResultFilter, count_results, find_results

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable
    from pathlib import Path

    from anomaly_gui.station.judging.judged import StationVerdict
    from anomaly_gui.station.ledger.reading import ResultRow

PAGE = 200
"""Rows of a page."""


@dataclass(frozen=True)
class Page:
    """One page of what was searched for: its rows, and whether older ones follow."""

    rows: tuple[ResultRow, ...] = ()
    has_more: bool = False


class Search(QObject):
    """Reads what was asked for last; what was asked before that is not told any more."""

    read = Signal(int, object)  # number of the question; a Page, a Counter or a LedgerError
    page_ready = Signal(object)  # a Page
    counted = Signal(object)  # a Counter by verdict
    failed = Signal(str)

    def __init__(self, ledger: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ledger, self._number = ledger, 0
        self.wanted = ResultFilter()
        self._before: list[int] = []  # `seq` of the last row of each page before this one
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(2)
        self.page = Page()
        self.read.connect(self._on_read)

    @property
    def first(self) -> int:
        """How many rows are on the pages before this one."""
        return PAGE * len(self._before)

    def search(self, wanted: ResultFilter) -> None:
        """Show the newest of these results, and count all."""
        self.wanted, self._before = wanted, []
        self.renew()

    def renew(self) -> None:
        """Read the page anew: there may be more."""
        self._ask_for_page()
        self._ask(partial(count_results, self._ledger, self.wanted))

    @Slot()
    def show_older(self) -> None:
        """Show the page after this one."""
        if self.page.has_more:
            self._before.append(self.page.rows[-1].seq)
            self._ask_for_page()

    @Slot()
    def show_newer(self) -> None:
        """Show the page before this one."""
        if self._before:
            self._before.pop()
            self._ask_for_page()

    def _ask_for_page(self) -> None:
        self._number += 1
        after = self._before[-1] if self._before else None
        self._ask(partial(_read_page, self._ledger, self.wanted, after))

    def _ask(self, read: Callable[[], object]) -> None:
        self._pool.start(_Reading(self, self._number, read))

    @Slot(int, object)
    def _on_read(self, number: int, found: Page | Counter[StationVerdict] | LedgerError) -> None:
        if number != self._number:
            return
        if isinstance(found, LedgerError):
            self.failed.emit(str(found))
        elif isinstance(found, Page):
            self.page = found
            self.page_ready.emit(found)
        else:
            self.counted.emit(found)

    def close(self) -> None:
        """Wait for the threads."""
        self._pool.clear()
        self._pool.waitForDone()


class _Reading(QRunnable):
    def __init__(self, owner: Search, number: int, read: Callable[[], object]) -> None:
        super().__init__()
        self._owner, self._number, self._read = owner, number, read

    def run(self) -> None:
        try:
            found = self._read()
        except LedgerError as error:
            found = error
        self._owner.read.emit(self._number, found)


def _read_page(ledger: Path, wanted: ResultFilter, after: int | None) -> Page:
    rows = find_results(ledger, wanted, PAGE + 1, after)
    return Page(tuple(rows[:PAGE]), len(rows) > PAGE)
