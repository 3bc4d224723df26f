"""What was noted beside the verdicts: alarms that came and went, what was changed, who did it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QTableView, QVBoxLayout, QWidget

from anomaly_gui.gui.station.engineer.audit_model import AuditModel
from anomaly_gui.gui.station.engineer.page_turner import PageTurner
from anomaly_gui.gui.station.engineer.search import Page, Pages
from anomaly_gui.gui.station.engineer.table_parts import prepare_table
from anomaly_gui.gui.station.feed.health import DRIFT
from anomaly_gui.gui.station.operator.alarm_list import AlarmList
from anomaly_gui.gui.style.tokens import NARROW
from anomaly_gui.station.ledger.audit_reading import ALARM, find_entries

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.gui.station.feed.snapshot import Snapshot
    from anomaly_gui.gui.station.feed.station_feed import StationFeed

_WIDTHS = {
    0: "2026-00-00 00:00:00",
    1: "somebody (engineer)",
    2: "threshold",
    3: "backlog",
    4: "came, or went",
}


class AuditPage(QWidget):
    """The alarms that are on, and below them the audit, the newest first."""

    def __init__(self, ledger: Path, feed: StationFeed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ledger, self.pages = ledger, Pages("link", self)
        self.alarms, self.model, self.table = AlarmList(), AuditModel(self), QTableView()
        self.alarms.list.setMaximumHeight(96)
        self.table.setModel(self.model)
        prepare_table(self.table, self.tr("Audit"), _WIDTHS, 5)
        self.kind = QComboBox()
        self.kind.addItems([self.tr("All entries"), self.tr("Alarms"), self.tr("Warnings of drift")])
        self.kind.setAccessibleName(self.tr("Which entries"))
        self.kind.currentIndexChanged.connect(self.start_reading)
        self.turner = PageTurner(self.pages, self.tr("Newer entries"), self.tr("Older entries"))
        self.trouble = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._lay_out()
        self.pages.page_ready.connect(self._on_page)
        self.pages.failed.connect(self._on_failed)
        feed.changed.connect(self._on_snapshot)

    def _lay_out(self) -> None:
        column, foot = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(NARROW, NARROW, NARROW, NARROW)
        column.setSpacing(NARROW)
        column.addWidget(self.alarms)
        foot.addWidget(self.kind)
        foot.addWidget(self.turner)
        foot.addWidget(self.trouble, 1)
        column.addLayout(foot)
        column.addWidget(self.table, 1)

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        self.alarms.show_alarms((*snapshot.health.alarms, *snapshot.health.troubles))
        if self.pages.has_failed and self.isVisible():
            self.pages.ask_for_page()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.start_reading()

    @Slot()
    def start_reading(self) -> None:
        """Read the newest entries."""
        what = ((), (ALARM,), (ALARM,))[self.kind.currentIndex()]
        before = ((), (), DRIFT)[self.kind.currentIndex()]
        self.pages.begin(partial(find_entries, self._ledger, what=what, before=before))

    @Slot(object)
    def _on_page(self, page: Page) -> None:
        self.trouble.clear()
        self.model.show_rows(page.rows)

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self.model.show_rows(())
        self.trouble.setText(sentence)

    def close_all(self) -> None:
        """End what reads."""
        self.pages.close()
