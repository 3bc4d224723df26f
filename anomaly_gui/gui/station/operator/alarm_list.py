"""The alarms that are on, each with the time it came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from anomaly_gui.gui.station.feed.moments import begin_of_day, write_time
from anomaly_gui.gui.style.scheme import current_scheme
from anomaly_gui.gui.style.tokens import TIGHT
from anomaly_gui.gui.widgets.plain_text import escape_tooltip
from anomaly_gui.gui.widgets.style import set_role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from anomaly_gui.gui.station.feed.health import Alarm


class AlarmList(QWidget):
    """A title and the alarms, or that there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._alarms: tuple[Alarm, ...] | None = None
        self._day: datetime | None = None  # times have a day once that is another than today
        self.title, self.list = QLabel(self.tr("Alarms")), QListWidget()
        set_role(self.title, bold=True)
        self.list.setAccessibleName(self.tr("Alarms"))
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        column.addWidget(self.title)
        column.addWidget(self.list, 1)

    def show_alarms(self, alarms: Sequence[Alarm]) -> None:
        """Show these."""
        shown, today = tuple(alarms), begin_of_day()
        if (shown, today) == (self._alarms, self._day):
            return
        self._alarms, self._day = shown, today
        self.list.clear()
        for alarm in alarms:
            self._add_line(f"{write_time(alarm.at)}  {alarm.text}" if alarm.at else alarm.text)
        if not alarms:
            self._add_line(self.tr("None."))
        self.apply_colours()

    def _add_line(self, text: str) -> None:
        item = QListWidgetItem(text)
        item.setToolTip(escape_tooltip(text))
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.list.addItem(item)

    def apply_colours(self) -> None:
        """Take the colours of the scheme."""
        scheme = current_scheme()
        for index in range(self.list.count()):
            self.list.item(index).setForeground(QColor(scheme.defect if self._alarms else scheme.faint))
