"""What of the records is asked for: part, lot, time and verdict."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, Slot

from anomaly_gui.gui.station.engineer.field_bar import FieldBar, read_field
from anomaly_gui.gui.station.feed.moments import begin_of_day
from anomaly_gui.gui.style.tokens import NARROW
from anomaly_gui.gui.widgets.flow_layout import FlowLayout
from anomaly_gui.station.judging.judged import StationVerdict
from anomaly_gui.station.ledger.reading import ALL_VERDICTS, ResultFilter

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from PySide6.QtWidgets import QWidget

ANY, SHIFT, TODAY, YESTERDAY, WEEK, BETWEEN = range(6)


class FilterBar(FieldBar):
    """The fields of a station's history."""

    def __init__(self, find_shift: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._find_shift = find_shift
        self.part, self.lot = self.make_line(self.tr("Part")), self.make_line(self.tr("Lot"))
        self.period = self.make_choice(self.tr("Time"), self._name_periods())
        self.verdict = self.make_choice(self.tr("Verdict"), self._name_verdicts())
        now = QDateTime.currentDateTime()
        self.since = self.make_moment(self.tr("From"), now.addDays(-1))
        self.until = self.make_moment(self.tr("To"), now)
        line = FlowLayout(self.part, self.lot, self.period, self.since, self.until, self.verdict)
        line.setContentsMargins(0, 0, 0, NARROW)
        self.setLayout(line)
        self.period.currentIndexChanged.connect(self._on_period)
        self._on_period()

    def _name_periods(self) -> tuple[str, ...]:
        return (
            self.tr("Any time"),
            self.tr("Since the shift began"),
            self.tr("Today"),
            self.tr("Yesterday"),
            self.tr("The last 7 days"),
            self.tr("Between two moments"),
        )

    def _name_verdicts(self) -> tuple[str, ...]:
        return (
            self.tr("All verdicts"),
            self.tr("All but good"),
            *(verdict.told for verdict in StationVerdict),
        )

    @Slot()
    def _on_period(self) -> None:
        is_between = self.period.currentIndex() == BETWEEN
        for field in (self.since, self.until):
            field.setVisible(is_between)

    def make_filter(self) -> ResultFilter:
        """Return what is asked for."""
        since, until = self._find_period()
        return ResultFilter(
            part=self.part.text().strip() or None,
            lot=self.lot.text().strip() or None,
            since=since,
            until=until,
            verdicts=self._find_verdicts(),
        )

    def _find_verdicts(self) -> tuple[StationVerdict, ...]:
        place = self.verdict.currentIndex()
        if place == 0:
            return ALL_VERDICTS
        return ALL_VERDICTS[1:] if place == 1 else (ALL_VERDICTS[place - 2],)

    def _find_period(self) -> tuple[datetime | None, datetime | None]:
        period = self.period.currentIndex()
        if period == BETWEEN:
            until = read_field(self.until) + timedelta(minutes=1)  # what is written has no seconds
            return read_field(self.since), until
        return {
            ANY: (None, None),
            SHIFT: (self._find_shift(), None),
            TODAY: (begin_of_day(), None),
            YESTERDAY: (begin_of_day(1), begin_of_day()),
            WEEK: (begin_of_day(6), None),
        }[period]
