"""Searches records in threads: one page at a time, the newest first, and how many results there are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from anomaly_gui.gui.station.tasks import Question
from anomaly_gui.station.ledger.reading import ResultFilter, count_results, find_results

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

PAGE = 200
"""Rows of a page."""


@dataclass(frozen=True)
class Page:
    """One page of what was searched for: its rows, and whether older ones follow."""

    rows: tuple[Any, ...] = ()
    has_more: bool = False


class Pages(QObject):
    """Looks through rows of the records.

    Parameters
    ----------
    name : of the column that numbers them

    Attributes
    ----------
    has_failed : whether the page could not be read, and was not asked for again
    """

    begun = Signal()  # other rows than before are looked for
    page_ready = Signal(object)  # a Page
    failed = Signal(str)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._number, self._question = attrgetter(name), Question(self)
        self._find: Callable[[int, int | None], Sequence[Any]] | None = None
        self._before: list[int] = []  # number of the last row of each page before the one that is asked for
        self._shown: list[int] = []  # the same of the one that is there
        self.page, self.has_failed = Page(), False
        self._question.answered.connect(self._on_page)
        self._question.failed.connect(self._on_failed)

    @property
    def first(self) -> int:
        """How many rows are on the pages before this one."""
        return PAGE * len(self._before)

    def begin(self, find: Callable[[int, int | None], Sequence[Any]]) -> None:
        """Show the newest rows of those that are found: so many, older than the one of a number."""
        self._find, self._before, self.page = find, [], Page()
        self.begun.emit()
        self.ask_for_page()

    @Slot()
    def show_older(self) -> None:
        """Show the page after this one, unless another than this is on its way."""
        if self.page.has_more and self._shown == self._before:
            self._before = [*self._before, self._number(self.page.rows[-1])]
            self.ask_for_page()

    @Slot()
    def show_newer(self) -> None:
        """Show the page before this one."""
        if self._before:
            self._before = self._before[:-1]
            self.ask_for_page()

    def ask_for_page(self) -> None:
        """Read the page anew."""
        assert self._find is not None
        self.has_failed = False
        self._question.ask(partial(_read_page, self._find, self._before[-1] if self._before else None))

    @Slot(object)
    def _on_page(self, page: Page) -> None:
        self.page, self._shown = page, self._before
        self.page_ready.emit(page)

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self.page, self.has_failed = Page(), True
        self.failed.emit(sentence)

    def close(self) -> None:
        """Tell nothing any more."""
        self._question.close()


class Search(Pages):
    """Searches results, and counts them."""

    counted = Signal(object)  # a Counter by verdict
    not_counted = Signal(str)

    def __init__(self, ledger: Path, parent: QObject | None = None) -> None:
        super().__init__("seq", parent)
        self._ledger, self._count = ledger, Question(self)
        self.wanted = ResultFilter()
        self._count.answered.connect(self.counted)
        self._count.failed.connect(self.not_counted)

    @property
    def is_reading(self) -> bool:
        """Whether the page or the count is on its way."""
        return self._question.is_open or self._count.is_open

    def search(self, wanted: ResultFilter) -> None:
        """Show the newest of these results, and count all."""
        self.wanted = wanted
        self.begin(partial(find_results, self._ledger, wanted))
        self._ask_for_count()

    def renew(self) -> None:
        """Read the page anew, and count: there may be more."""
        self.ask_for_page()
        self._ask_for_count()

    def _ask_for_count(self) -> None:
        self._count.ask(partial(count_results, self._ledger, self.wanted))

    def close(self) -> None:
        super().close()
        self._count.close()


def _read_page(find: Callable[[int, int | None], Sequence[Any]], after: int | None) -> Page:
    rows = find(PAGE + 1, after)
    return Page(tuple(rows[:PAGE]), len(rows) > PAGE)
