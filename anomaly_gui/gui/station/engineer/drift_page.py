"""Whether pictures and scores are as they were: the warnings that are on, and how the last parts went."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget
from sqlalchemy import select

from anomaly_gui.gui.station.feed.health import DRIFT
from anomaly_gui.gui.station.operator.alarm_list import AlarmList
from anomaly_gui.gui.station.tasks import Question
from anomaly_gui.gui.style.scheme import current_scheme
from anomaly_gui.gui.style.tokens import NARROW, ROOM
from anomaly_gui.gui.widgets.style import base_colour, faint_text_colour, set_role, text_colour
from anomaly_gui.station.ledger.engine import open_reader
from anomaly_gui.station.ledger.tables import RESULT

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.gui.station.feed.snapshot import Snapshot
    from anomaly_gui.gui.station.feed.station_feed import StationFeed

MOST = 5000
"""Parts that are drawn."""
_MEAN_OF = 50  # parts
_COLUMNS = ("seq", "brightness", "contrast", "sharpness", "score")


class DriftPage(QWidget):
    """Four plots over the numbers of the last parts, each with the mean of fifty."""

    def __init__(self, ledger: Path, feed: StationFeed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ledger, self._newest, self._question = ledger, -1, Question(self)
        self.warnings = AlarmList()
        self.warnings.title.setText(self.tr("What changed"))
        self.warnings.list.setMaximumHeight(96)
        self.plots = [pg.PlotWidget() for _ in _COLUMNS[1:]]
        self._points = [pg.ScatterPlotItem(size=3, pen=pg.mkPen(None)) for _ in self.plots]
        self.means = [pg.PlotDataItem() for _ in self.plots]
        self._lay_out()
        self._question.answered.connect(self._show_looks)
        self._question.failed.connect(self._show_nothing)
        feed.changed.connect(self._on_snapshot)
        self.apply_colours()

    def _lay_out(self) -> None:
        column, grid = QVBoxLayout(self), QGridLayout()
        column.setContentsMargins(NARROW, NARROW, NARROW, NARROW)
        column.setSpacing(NARROW)
        column.addWidget(self.warnings)
        grid.setSpacing(ROOM)
        names = (self.tr("Brightness"), self.tr("Contrast"), self.tr("Sharpness"), self.tr("Score"))
        for place, (name, plot) in enumerate(zip(names, self.plots, strict=True)):
            grid.addWidget(self._make_plot(name, plot, place), place // 2, place % 2)
        column.addLayout(grid, 1)

    def _make_plot(self, name: str, plot: pg.PlotWidget, place: int) -> QWidget:
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.setMouseEnabled(x=False, y=False)
        plot.setAccessibleName(name)
        for side in ("left", "bottom"):
            plot.getAxis(side).enableAutoSIPrefix(False)
        plot.getAxis("left").setWidth(52)
        plot.addItem(self._points[place])
        plot.addItem(self.means[place])
        box, title = QWidget(), QLabel(name)
        set_role(title, size=0.92, faint=True)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(title)
        column.addWidget(plot, 1)
        return box

    def apply_colours(self) -> None:
        """Take the colours of the scheme."""
        self.warnings.apply_colours()
        for plot, points, mean in zip(self.plots, self._points, self.means, strict=True):
            plot.setBackground(base_colour())
            for side in ("left", "bottom"):
                plot.getAxis(side).setPen(faint_text_colour())
                plot.getAxis(side).setTextPen(text_colour())
            points.setBrush(pg.mkBrush(current_scheme().edge))
            mean.setPen(pg.mkPen(current_scheme().accent_text, width=2))

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        self.warnings.show_alarms([alarm for alarm in snapshot.health.alarms if alarm.name in DRIFT])
        newest = snapshot.last[0].row.seq if snapshot.last else 0
        if newest != self._newest and self.isVisible() and not self._question.is_open:
            self._newest = newest
            self._start_reading()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._start_reading()

    def _start_reading(self) -> None:
        self._question.ask(partial(read_looks, self._ledger))

    @Slot(object)
    def _show_looks(self, values: FloatArray) -> None:
        """Draw (parts, columns), the oldest first; NaN where there is no value."""
        for place, (points, mean) in enumerate(zip(self._points, self.means, strict=True), 1):
            known = values[np.isfinite(values[:, place])]
            points.setData(known[:, 0], known[:, place])
            mean.setData(known[:, 0], smooth(known[:, place]))

    @Slot(str)
    def _show_nothing(self, why: str) -> None:  # noqa: ARG002 - the operator's page says it
        self._show_looks(np.empty((0, len(_COLUMNS))))

    def close_all(self) -> None:
        """End what reads."""
        self._question.close()


def smooth(values: FloatArray) -> FloatArray:
    """Return the mean of each value and those before it, fifty at most.

    >>> smooth(np.array([1.0, 3.0, 5.0])).tolist()
    [1.0, 2.0, 3.0]
    """
    sums = np.concatenate([[0.0], np.cumsum(values)])
    ends = np.arange(1, len(sums))
    begins = np.maximum(ends - _MEAN_OF, 0)
    means: FloatArray = (sums[ends] - sums[begins]) / (ends - begins)
    return means


def read_looks(ledger: Path) -> FloatArray:
    """Return number, brightness, contrast, sharpness and score of the last parts: (parts, 5)."""
    asked = select(*(RESULT.c[name] for name in _COLUMNS)).where(RESULT.c.is_challenge == 0)
    with open_reader(ledger) as connection:
        rows = connection.execute(asked.order_by(RESULT.c.seq.desc()).limit(MOST)).all()
    values = [[np.nan if value is None else value for value in row] for row in reversed(rows)]
    return np.array(values, np.float64).reshape(-1, len(_COLUMNS))
