"""What of a plant is asked for: time, line and lot."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QSignalBlocker, Slot
from PySide6.QtWidgets import QComboBox, QWidget

from anomaly_gui.gui.station.engineer.field_bar import FieldBar, read_field
from anomaly_gui.gui.widgets.flow_layout import FlowLayout
from anomaly_gui.station.server.plant import PlantFilter, find_midnight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.station.server.plant import StationName

TODAY, WEEK, MONTH, BETWEEN = range(4)
_DAYS = {TODAY: 1, WEEK: 7, MONTH: 30}  # with this one


class PlantBar(FieldBar):
    """The fields of a plant."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.period = self.make_choice(self.tr("Time"), self._name_periods())
        now = QDateTime.currentDateTime()
        self.since = self.make_moment(self.tr("From"), now.addDays(-1))
        self.until = self.make_moment(self.tr("To"), now)
        self.line = self.make_choice(self.tr("Line"), (self.tr("All lines"),))
        self.line.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.lot = self.make_line(self.tr("Lot"))
        self._lines: tuple[tuple[str, str], ...] = ()
        self.setLayout(FlowLayout(self.period, self.since, self.until, self.line, self.lot))
        self.period.currentIndexChanged.connect(self._on_period)
        self._on_period()

    def _name_periods(self) -> tuple[str, ...]:
        return (
            self.tr("Today"),
            self.tr("The last 7 days"),
            self.tr("The last 30 days"),
            self.tr("Between two moments"),
        )

    @Slot()
    def _on_period(self) -> None:
        is_between = self.period.currentIndex() == BETWEEN
        for field in (self.since, self.until):
            field.setVisible(is_between)

    def show_names(self, names: Sequence[StationName]) -> None:
        """Offer the lines of these stations; the one that is chosen stays so, if it is still there."""
        lines = tuple(sorted({(name.site, name.line) for name in names}))
        if lines == self._lines:
            return
        chosen = self._find_line()
        with QSignalBlocker(self.line):
            while self.line.count() > 1:
                self.line.removeItem(1)
            self.line.addItems([f"{site}, {line}" for site, line in lines])
            self._lines = lines
            self.line.setCurrentIndex(lines.index(chosen) + 1 if chosen in lines else 0)
        self.line.updateGeometry()

    def _find_line(self) -> tuple[str, str] | None:
        place = self.line.currentIndex()
        return self._lines[place - 1] if place > 0 else None

    def make_filter(self) -> PlantFilter:
        """Return what is asked for, as of now."""
        site, line = self._find_line() or (None, None)
        return PlantFilter(*self._find_period(), site, line, self.lot.text().strip() or None)

    def _find_period(self) -> tuple[datetime, datetime]:
        """Return the time; it goes on to midnight, so that a station's clock may be fast."""
        period = self.period.currentIndex()
        if period == BETWEEN:
            return read_field(self.since), read_field(self.until) + timedelta(minutes=1)
        now = datetime.now().astimezone()
        return find_midnight(now, 1 - _DAYS[period]), find_midnight(now)
