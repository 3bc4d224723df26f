"""What was noted beside the verdicts: alarms that came and went, what was changed, who did it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRunnable, QThreadPool, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QTableView, QVBoxLayout, QWidget

from anomaly_gui.gui.station.engineer.audit_model import AuditModel
from anomaly_gui.gui.station.engineer.table_parts import prepare_table
from anomaly_gui.gui.station.feed.health import DRIFT
from anomaly_gui.gui.station.operator.alarm_list import AlarmList
from anomaly_gui.gui.style.parts import IconButton
from anomaly_gui.gui.style.tokens import NARROW
from anomaly_gui.station.ledger.audit_reading import ALARM, find_entries
from anomaly_gui.station.ledger.engine import LedgerError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from anomaly_gui.gui.station.feed.snapshot import Snapshot
    from anomaly_gui.gui.station.feed.station_feed import StationFeed
    from anomaly_gui.station.ledger.audit_reading import AuditRow

_PAGE = 200
_WIDTHS = {
    0: "2026-00-00 00:00:00",
    1: "somebody (engineer)",
    2: "threshold",
    3: "backlog",
    4: "came, or went",
}


class AuditPage(QWidget):
    """The alarms that are on, and below them the audit, the newest first."""

    read = Signal(int, object)  # number of the question; a list of AuditRow, or a sentence

    def __init__(self, ledger: Path, feed: StationFeed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ledger, self._number = ledger, 0
        self._before: list[int] = []
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self.alarms, self.model, self.table = AlarmList(), AuditModel(self), QTableView()
        self.alarms.list.setMaximumHeight(96)
        self.table.setModel(self.model)
        prepare_table(self.table, self.tr("Audit"), _WIDTHS, 5)
        self.kind = QComboBox()
        self.kind.addItems([self.tr("All entries"), self.tr("Alarms"), self.tr("Warnings of drift")])
        self.kind.setAccessibleName(self.tr("Which entries"))
        self.kind.currentIndexChanged.connect(self.start_reading)
        self.newer = IconButton("previous", self.tr("Newer entries"))
        self.older = IconButton("next", self.tr("Older entries"))
        self.range = QLabel()
        self.newer.clicked.connect(self._on_newer)
        self.older.clicked.connect(self._on_older)
        self._lay_out()
        self.read.connect(self._on_read)
        feed.changed.connect(self._on_snapshot)

    def _lay_out(self) -> None:
        column, foot = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(NARROW, NARROW, NARROW, NARROW)
        column.setSpacing(NARROW)
        column.addWidget(self.alarms)
        for widget in (self.kind, self.newer, self.range, self.older):
            foot.addWidget(widget)
        foot.addStretch(1)
        column.addLayout(foot)
        column.addWidget(self.table, 1)

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        self.alarms.show_alarms((*snapshot.health.alarms, *snapshot.health.troubles))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.start_reading()

    @Slot()
    def start_reading(self) -> None:
        """Read the newest entries."""
        self._before = []
        self._ask()

    @Slot()
    def _on_older(self) -> None:
        self._before.append(self.model.rows[-1].link)
        self._ask()

    @Slot()
    def _on_newer(self) -> None:
        self._before.pop()
        self._ask()

    def _ask(self) -> None:
        self._number += 1
        after = self._before[-1] if self._before else None
        what = ((), (ALARM,), (ALARM,))[self.kind.currentIndex()]
        before = ((), (), DRIFT)[self.kind.currentIndex()]
        asked = partial(find_entries, self._ledger, _PAGE + 1, after, what=what, before=before)
        self._pool.start(_Reading(self, self._number, asked))

    @Slot(int, object)
    def _on_read(self, number: int, found: object) -> None:
        if number != self._number:
            return
        rows = found if isinstance(found, list) else []
        self.model.show_rows(rows[:_PAGE])
        first = _PAGE * len(self._before)
        text = self.tr("%1 to %2") if rows else self.tr("nothing found")
        shown = text.replace("%1", f"{first + 1:,}").replace("%2", f"{first + min(len(rows), _PAGE):,}")
        self.range.setText(found if isinstance(found, str) else shown)
        self.newer.setEnabled(bool(self._before))
        self.older.setEnabled(len(rows) > _PAGE)

    def close_all(self) -> None:
        """Wait for the thread."""
        self._pool.clear()
        self._pool.waitForDone()


class _Reading(QRunnable):
    def __init__(self, owner: AuditPage, number: int, ask: Callable[[], list[AuditRow]]) -> None:
        super().__init__()
        self._owner, self._number, self._ask = owner, number, ask

    def run(self) -> None:
        try:
            found: object = self._ask()
        except LedgerError as error:
            found = str(error)
        self._owner.read.emit(self._number, found)
