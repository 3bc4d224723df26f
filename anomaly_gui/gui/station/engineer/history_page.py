"""The history of a station: searched, looked through, exported; one part of it is opened beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QTableView, QVBoxLayout, QWidget

from anomaly_gui.gui.station.engineer.filter_bar import FilterBar
from anomaly_gui.gui.station.engineer.history_model import (
    LOT,
    NUMBER,
    PART,
    REASON,
    SCORE,
    TIME,
    VERDICT,
    HistoryModel,
)
from anomaly_gui.gui.station.engineer.page_turner import PageTurner
from anomaly_gui.gui.station.engineer.part_view import PartView
from anomaly_gui.gui.station.engineer.search import Page, Search
from anomaly_gui.gui.station.engineer.table_parts import prepare_table
from anomaly_gui.gui.style.icons import set_icon
from anomaly_gui.gui.style.tokens import NARROW
from anomaly_gui.gui.widgets.style import set_role
from anomaly_gui.wording import join_list

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence
    from pathlib import Path

    from anomaly_gui.gui.station.feed.snapshot import Snapshot
    from anomaly_gui.gui.station.feed.station_feed import StationFeed
    from anomaly_gui.gui.station.rejudging import Rejudging
    from anomaly_gui.gui.work.pictures.pictures import Pictures
    from anomaly_gui.station.judging.judged import StationVerdict

_WIDTHS = {
    NUMBER: "1,000,000",
    TIME: "2026-00-00 00:00:00",
    PART: "part_000000",
    LOT: "lot_0000",
    VERDICT: "– cannot judge",
    SCORE: "-0.000123457",
}


class HistoryPage(QWidget):
    """A table of results, newest first; what comes meanwhile is added while its beginning is looked at."""

    export_wanted = Signal(object)  # the ResultFilter
    report_wanted = Signal(object)
    failed = Signal(str)

    def __init__(
        self,
        ledger: Path,
        feed: StationFeed,
        pictures: Pictures,
        rejudging: Rejudging,
        models: Sequence[Path],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._newest = -1
        self.search = Search(ledger, self)
        self.filter = FilterBar(lambda: feed.since)
        self.model, self.table = HistoryModel(self), QTableView()
        self.table.setModel(self.model)
        prepare_table(self.table, self.tr("Results"), _WIDTHS, REASON)
        self.part = PartView(pictures, rejudging, models)
        self._lay_out()
        self.filter.changed.connect(self.start_search)
        self.search.page_ready.connect(self._on_page)
        self.search.counted.connect(self._on_counted)
        self.search.not_counted.connect(self.count.setText)
        self.search.failed.connect(self._on_failed)
        self.table.selectionModel().selectionChanged.connect(self._on_selected)
        feed.changed.connect(self._on_snapshot)

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, NARROW, 0)
        column.setSpacing(NARROW)
        column.addWidget(self.filter)
        column.addWidget(self.table, 1)
        column.addLayout(self._make_foot())
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.addWidget(left)
        halves.addWidget(self.part)
        halves.setStretchFactor(0, 3)
        halves.setStretchFactor(1, 2)
        halves.setChildrenCollapsible(False)
        halves.setSizes([760, 500])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(NARROW, NARROW, NARROW, NARROW)
        whole.addWidget(halves)

    def _make_foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.turner = PageTurner(self.search, self.tr("Newer results"), self.tr("Older results"))
        self.count = QLabel()
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self.count, faint=True)
        self.count.setWordWrap(True)
        self.export = QPushButton(self.tr("Export…"))
        self.export.setToolTip(self.tr("Write what is searched for as a table (CSV)"))
        set_icon(self.export, "table")
        self.export.clicked.connect(self._on_export)
        self.report = QPushButton(self.tr("Shift report…"))
        self.report.setToolTip(self.tr("Write the report of what happened in the chosen time as PDF"))
        set_icon(self.report, "report")
        self.report.clicked.connect(lambda: self.report_wanted.emit(self.filter.make_filter()))
        row.addWidget(self.turner)
        row.addWidget(self.count, 1)
        row.addWidget(self.export)
        row.addWidget(self.report)
        return row

    @Slot()
    def start_search(self) -> None:
        """Search by what the fields say."""
        self.count.setText("")
        self.search.search(self.filter.make_filter())

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        """Show what is new, or of another day or shift, while the beginning of the records is looked at."""
        if not self.isVisible() or self.search.is_reading or self.filter.is_waiting:
            return
        is_at_top = self.search.first == 0 and self.table.verticalScrollBar().value() == 0
        newest = snapshot.last[0].row.seq if snapshot.last else 0
        if is_at_top and self.filter.make_filter() != self.search.wanted:
            self.start_search()
        elif self.search.has_failed or (is_at_top and newest != self._newest):
            self._newest = newest
            self.search.renew()

    @Slot(object)
    def _on_page(self, page: Page) -> None:
        chosen = self.part.row
        self.model.show_rows(page.rows)
        places = {row.seq: place for place, row in enumerate(page.rows)}
        if chosen is not None and chosen.seq in places:
            self.table.selectRow(places[chosen.seq])
        else:
            self.table.scrollToTop()

    @Slot(object)
    def _on_counted(self, counts: Counter[StationVerdict]) -> None:
        of_each = join_list(f"{verdict.told} {count:,}" for verdict, count in counts.items() if count)
        text = self.tr("of %1").replace("%1", f"{sum(counts.values()):,}")
        self.count.setText(f"{text}: {of_each}" if of_each else "")

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self.model.show_rows(())
        self.count.setText(sentence)

    @Slot()
    def _on_export(self) -> None:
        """Ask for a file of what is shown, or of what the fields say since a moment."""
        self.filter.end_waiting()
        self.export_wanted.emit(self.search.wanted)

    @Slot(QItemSelection, QItemSelection)
    def _on_selected(self, selected: QItemSelection, _: QItemSelection) -> None:
        rows = [index.row() for index in selected.indexes()]
        if rows:
            self.part.show_row(self.model.rows[rows[0]])
