"""Searches records in a thread: one page of results, and how many there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from anomaly_gui.station.ledger.engine import LedgerError
from anomaly_gui.station.ledger.reading import ResultFilter, count_results, find_results

if TYPE_CHECKING:
    from collections import Counter
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
        self._ask_for_page()
        self._ask(_Counting(self, self._ledger, wanted, self._number))

    def renew(self) -> None:
        """Read the page anew: there may be more."""
        self._ask_for_page()
        self._ask(_Counting(self, self._ledger, self.wanted, self._number))

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
        self._ask(_Paging(self, self._ledger, self.wanted, self._number, after))

    def _ask(self, reading: QRunnable) -> None:
        self._pool.start(reading)

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
    def __init__(self, owner: Search, ledger: Path, wanted: ResultFilter, number: int) -> None:
        super().__init__()
        self._owner, self._ledger, self._wanted, self._number = owner, ledger, wanted, number

    def run(self) -> None:
        try:
            found: object = self.read_records()
        except LedgerError as error:
            found = error
        self._owner.read.emit(self._number, found)

    def read_records(self) -> object:
        """Return what is asked for."""
        raise NotImplementedError


class _Paging(_Reading):
    def __init__(
        self, owner: Search, ledger: Path, wanted: ResultFilter, number: int, after: int | None
    ) -> None:
        super().__init__(owner, ledger, wanted, number)
        self._after = after

    def read_records(self) -> Page:
        rows = find_results(self._ledger, self._wanted, PAGE + 1, self._after)
        return Page(tuple(rows[:PAGE]), len(rows) > PAGE)


class _Counting(_Reading):
    def read_records(self) -> Counter[StationVerdict]:
        return count_results(self._ledger, self._wanted)
