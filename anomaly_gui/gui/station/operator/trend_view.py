"""How the last parts went: the share rejected, and scores relative to the threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from anomaly_gui.detection.judging.relative_scores import LINE, RelativeScale, compress
from anomaly_gui.gui.station.feed.snapshot import Trend
from anomaly_gui.gui.station.looks import colour_of
from anomaly_gui.gui.style.parts import ElidedLabel
from anomaly_gui.gui.style.tokens import ROOM, TIGHT
from anomaly_gui.gui.tune.scale.plot_scale import PlotScale, ScoreAxis
from anomaly_gui.gui.widgets.style import base_colour, faint_text_colour, set_role, text_colour
from anomaly_gui.station.judging.judged import StationVerdict

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray

SHARE_OF = 50
"""Parts that the share rejected is of."""
_POINT = 6  # pixels
_VERDICTS = tuple(StationVerdict)
_REJECTED = _VERDICTS.index(StationVerdict.DEFECT)
_AXIS = 44  # pixels
_HALF_LINE = 8  # pixels that the outermost numbers of the axes reach beyond the plot


class TrendView(QWidget):
    """Two plots over the numbers of the last parts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trend = Trend()
        self._axis = ScoreAxis()
        self.scores, self.share = pg.PlotWidget(axisItems={"left": self._axis}), pg.PlotWidget()
        self._points = {
            verdict: pg.ScatterPlotItem(size=_POINT, pen=pg.mkPen(None)) for verdict in StationVerdict
        }
        self._line = pg.InfiniteLine(LINE, angle=0)
        self._curve = pg.PlotDataItem()
        for item in (*self._points.values(), self._line):
            self.scores.addItem(item)
        self.share.addItem(self._curve)
        self.share.setYRange(0, 1, padding=0)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(ROOM)
        share = self.tr("Rejected among the last %1, in percent").replace("%1", str(SHARE_OF))
        line.addWidget(self._add_title(self.tr("Scores, the threshold at 1"), self.scores), 3)
        line.addWidget(self._add_title(share, self.share), 2)
        self.apply_colours()
        self._show_numbers(False)

    @property
    def _plots(self) -> tuple[pg.PlotWidget, pg.PlotWidget]:
        return self.scores, self.share

    def _show_numbers(self, are_shown: bool) -> None:
        """Write numbers at the axes, once there is something to count."""
        for plot in self._plots:
            for name in ("left", "bottom"):
                plot.getAxis(name).setStyle(showValues=are_shown, tickLength=-5 if are_shown else 0)
        self._line.setVisible(are_shown)

    def _add_title(self, text: str, plot: pg.PlotWidget) -> QWidget:
        """Return a plot below its title; it is looked at, and nothing in it is moved."""
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.setMouseEnabled(x=False, y=False)
        plot.setAccessibleName(text)
        plot.setMinimumHeight(60)
        for name in ("left", "bottom"):
            plot.getAxis(name).enableAutoSIPrefix(False)
        plot.getAxis("left").setWidth(_AXIS)
        plot.getPlotItem().layout.setContentsMargins(0, _HALF_LINE, _HALF_LINE, 0)
        title, box = ElidedLabel(), QWidget()
        title.setText(text)  # which puts it into its tooltip as well
        set_role(title, size=0.92, faint=True)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        column.addWidget(title)
        column.addWidget(plot, 1)
        return box

    def sizeHint(self) -> QSize:
        return QSize(600, 140)

    def apply_colours(self) -> None:
        """Take the colours of the scheme."""
        for plot in self._plots:
            plot.setBackground(base_colour())
            for name in ("left", "bottom"):
                plot.getAxis(name).setPen(faint_text_colour())
                plot.getAxis(name).setTextPen(text_colour())
        self._line.setPen(pg.mkPen(text_colour(), width=2))
        self._curve.setPen(pg.mkPen(colour_of(StationVerdict.DEFECT), width=2))
        for verdict, points in self._points.items():
            points.setBrush(pg.mkBrush(colour_of(verdict)))

    def show_trend(self, trend: Trend) -> None:
        """Show other parts."""
        if trend is self._trend:
            return
        self._trend = trend
        self._show_numbers(bool(len(trend.numbers)))
        scale = RelativeScale(0.0, trend.unit)
        self._axis.show_scale(PlotScale(scale), 0.0)
        heights = compress(scale.relate(trend.distances))
        for place, verdict in enumerate(_VERDICTS):
            of_it = (trend.verdicts == place) & np.isfinite(heights)
            self._points[verdict].setData(trend.numbers[of_it], heights[of_it])
        share = measure_share(trend)
        self._curve.setData(trend.numbers, 100 * share)
        highest = 100 * float(share.max()) if len(share) else 0.0
        if len(trend.numbers):
            first, last = int(trend.numbers[0]), int(trend.numbers[-1])
            for plot in self._plots:
                plot.setXRange(first, max(last, first + SHARE_OF), padding=0.02)
        self.share.setYRange(0, max(10.0, min(100.0, 1.15 * highest)), padding=0)


def measure_share(trend: Trend) -> FloatArray:
    """Return the share of defects among each part and those before it, `SHARE_OF` at most."""
    rejected = np.concatenate([[0.0], np.cumsum(trend.verdicts == _REJECTED)])
    ends = np.arange(1, len(rejected))
    begins = np.maximum(ends - SHARE_OF, 0)
    share: FloatArray = (rejected[ends] - rejected[begins]) / (ends - begins)
    return share
