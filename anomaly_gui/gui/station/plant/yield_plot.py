"""How the yield, or the share rejected, went: a line for each station, over hours or days."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from anomaly_gui.gui.station.plant.plant_rows import write_station
from anomaly_gui.gui.style.scheme import current_scheme
from anomaly_gui.gui.style.tokens import NARROW, TIGHT
from anomaly_gui.gui.widgets.style import base_colour, faint_text_colour, set_role, text_colour

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.station.server.plant import Plant, PlantStation, Tally

MOST = 6
"""Stations that are drawn: more lines than that nobody tells apart."""
_COLOURS = ("normal", "anomalous", "good", "not_sure", "accent_text", "cannot_judge")  # of the scheme
_SYMBOLS = {"o": "●", "s": "■", "t": "▼", "d": "◆", "t1": "▲", "star": "★"}
_REJECTED = 1  # its place in the choice
_AXIS = 44  # pixels
_FEWEST = 1.0  # percent that an axis is high, at least
_HOUR = 3600.0  # seconds
_MOST_TIMES = 8  # that are written below


class YieldPlot(QWidget):
    """A plot with a choice above it, and the names of the lines in words: it is looked at, and not moved."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plant: Plant | None = None
        self.what, self.legend = QComboBox(), QLabel(wordWrap=True)
        self.what.addItems([self.tr("Yield, in percent"), self.tr("Rejected, in percent")])
        self.what.setAccessibleName(self.tr("What is drawn"))
        self.what.currentIndexChanged.connect(self._draw)
        self.plot = pg.PlotWidget()
        self.plot.hideButtons()
        self.plot.setMenuEnabled(False)
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.setAccessibleName(self.tr("Yield over time"))
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for side in ("left", "bottom"):
            self.plot.getAxis(side).enableAutoSIPrefix(False)
        self.plot.getAxis("left").setWidth(_AXIS)
        self.lines = [pg.PlotDataItem(symbol=symbol, symbolSize=7) for symbol in _SYMBOLS]
        for line in self.lines:
            self.plot.addItem(line)
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        set_role(self.legend, size=0.92)
        self._lay_out()
        self.apply_colours()

    def _lay_out(self) -> None:
        column, head = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(NARROW, 0, 0, 0)
        column.setSpacing(TIGHT)
        head.addWidget(self.what)
        head.addStretch(1)
        column.addLayout(head)
        column.addWidget(self.legend)
        column.addWidget(self.plot, 1)

    def apply_colours(self) -> None:
        """Take the colours of the scheme."""
        self.plot.setBackground(base_colour())
        for side in ("left", "bottom"):
            self.plot.getAxis(side).setPen(faint_text_colour())
            self.plot.getAxis(side).setTextPen(text_colour())
        for line, colour in zip(self.lines, self._colours, strict=True):
            line.setPen(pg.mkPen(colour, width=2))
            line.setSymbolBrush(pg.mkBrush(colour))
            line.setSymbolPen(pg.mkPen(None))
        self._draw()

    @property
    def _colours(self) -> list[str]:
        return [str(getattr(current_scheme(), name)) for name in _COLOURS]

    def show_plant(self, plant: Plant) -> None:
        """Draw the first of these stations that had parts."""
        self._plant = plant
        self._draw()

    @Slot()
    def _draw(self) -> None:
        if self._plant is None:
            return
        stations = [one for one in self._plant.stations if one.spans]
        drawn, measure = stations[:MOST], (_measure_yield, _measure_rejected)[self.what.currentIndex()]
        self._name_lines(drawn, len(stations))
        begins = np.array([begin.timestamp() for begin in self._plant.begins])
        points = [_list_points(one, begins, measure) for one in drawn]
        for line, (moments, heights) in zip(self.lines, points, strict=False):
            line.setData(moments, heights)
        for line in self.lines[len(drawn) :]:
            line.setData([], [])
        self._mark_times(self._plant)
        self._set_ranges(begins, np.concatenate([heights for _, heights in points] or [np.empty(0)]))

    def _name_lines(self, drawn: Sequence[PlantStation], count: int) -> None:
        marks = zip(self._colours, _SYMBOLS.values(), drawn, strict=False)
        names = [
            f'<span style="color:{colour}">{mark}</span>\u00a0{_write_unbroken(one)}'
            for colour, mark, one in marks
        ]
        if count > len(drawn):
            more = self.tr("%1 more: choose above which to draw").replace("%1", str(count - len(drawn)))
            names.append(escape(more))
        self.legend.setText(" &nbsp; ".join(names) or escape(self.tr("No part in this time.")))

    def _mark_times(self, plant: Plant) -> None:
        """Write some hours or days below the plot."""
        form = "%H:%M" if plant.wanted.is_by_hour else "%m-%d"
        some = plant.begins[:: 1 + len(plant.begins) // _MOST_TIMES]
        times = [(begin.timestamp(), f"{begin.astimezone():{form}}") for begin in some]
        self.plot.getAxis("bottom").setTicks([times])

    def _set_ranges(self, begins: FloatArray, heights: FloatArray) -> None:
        """Show the whole time, and of the heights what there is: yields are near 100, rejects near 0."""
        last = begins[-1] if len(begins) > 1 else begins[0] + _HOUR
        self.plot.setXRange(begins[0], last, padding=0.08)
        known = heights if len(heights) else np.array([0.0])
        if self.what.currentIndex() == _REJECTED:
            self.plot.setYRange(0, max(_FEWEST, 1.15 * float(known.max())), padding=0)
        else:
            room = max(_FEWEST, 100 - float(known.min())) if len(heights) else 100.0
            self.plot.setYRange(max(0.0, 100 - 1.15 * room), 100 + 0.05 * room, padding=0)


def _write_unbroken(station: PlantStation) -> str:
    """Return the names of a station such that no line ends in them."""
    return escape(write_station(station.name)).replace(" ", "\u00a0")


def _list_points(
    station: PlantStation, begins: FloatArray, measure: Callable[[Tally], float | None]
) -> tuple[FloatArray, FloatArray]:
    """Return begins and percents of the hours or days that have a value."""
    shares = {place: measure(tally) for place, tally in station.spans.items()}
    known = {place: share for place, share in shares.items() if share is not None}
    return begins[list(known)], 100 * np.array(list(known.values()), np.float64)


def _measure_yield(tally: Tally) -> float | None:
    return tally.measure_yield().rate


def _measure_rejected(tally: Tally) -> float | None:
    return tally.rejected
