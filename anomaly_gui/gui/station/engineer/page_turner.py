"""Which rows of the records are shown, and the buttons that turn to newer and older ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from anomaly_gui.gui.style.parts import IconButton

if TYPE_CHECKING:
    from anomaly_gui.gui.station.engineer.search import Page, Pages


class PageTurner(QWidget):
    """Follows the pages of a search.

    Parameters
    ----------
    newer, older : what the buttons are called
    """

    def __init__(self, pages: Pages, newer: str, older: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages = pages
        self.newer, self.older = IconButton("previous", newer), IconButton("next", older)
        self.range = QLabel()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        for widget in (self.newer, self.range, self.older):
            line.addWidget(widget)
        self.newer.clicked.connect(pages.show_newer)
        self.older.clicked.connect(pages.show_older)
        pages.begun.connect(self.range.clear)  # the rows that are still there are of what was before
        pages.page_ready.connect(self._on_page)
        pages.failed.connect(self._on_failed)
        self._let_turn(False)  # until there is a page: what is asked for before would be forgotten

    @Slot(object)
    def _on_page(self, page: Page) -> None:
        first, count = self._pages.first, len(page.rows)
        text = self.tr("%1 to %2") if count else self.tr("nothing found")
        self.range.setText(text.replace("%1", f"{first + 1:,}").replace("%2", f"{first + count:,}"))
        self._let_turn(page.has_more)

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:  # noqa: ARG002 - the page has room for it
        self.range.clear()
        self._let_turn(False)

    def _let_turn(self, has_more: bool) -> None:
        self.newer.setEnabled(self._pages.first > 0)
        self.older.setEnabled(has_more)
