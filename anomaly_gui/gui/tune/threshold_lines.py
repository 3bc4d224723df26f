"""The threshold in the plot, as a line to drag, and the band judged "not sure" with two lines of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor

from anomaly_gui.gui.style.scheme import current_scheme
from anomaly_gui.gui.tune.scale.plot_scale import PlotScale
from anomaly_gui.gui.widgets.style import text_colour

if TYPE_CHECKING:
    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.gui.state.session import Session

_SHADE = 28  # of 255: the rejected side
_BAND = 60
_FAR = 1e6  # heights beyond which nothing is


class ThresholdLines(QObject):
    """Draws the session's threshold; dragging a line asks the session for another one.

    Both lines of the band stand equally far from the threshold: dragging one moves the other.
    """

    shown = Signal(object)  # the Threshold that is drawn

    def __init__(self, session: Session, plot: pg.PlotWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._scale = session, PlotScale()
        self._shade = pg.LinearRegionItem(orientation="horizontal", movable=False, pen=pg.mkPen(None))
        self._band = pg.LinearRegionItem(orientation="horizontal", movable=False, pen=pg.mkPen(None))
        self.line = pg.InfiniteLine(angle=0, movable=True)
        self.edges = (pg.InfiniteLine(angle=0, movable=True), pg.InfiniteLine(angle=0, movable=True))
        for item, height in (
            (self._shade, -20),
            (self._band, -15),
            (self.edges[0], 18),
            (self.edges[1], 18),
            (self.line, 20),
        ):
            item.setZValue(height)
            item.hide()
            plot.addItem(item, ignoreBounds=True)
        self.line.sigDragged.connect(self._on_line_dragged)
        self.line.sigPositionChangeFinished.connect(self._on_line_dropped)
        for edge in self.edges:
            edge.sigDragged.connect(self._on_edge_dragged)
            edge.sigPositionChangeFinished.connect(self._on_edge_dropped)
        session.thresholds.changed.connect(self._on_threshold_changed)
        session.thresholds.previewed.connect(self._show_threshold)

    def show_scale(self, scale: PlotScale) -> None:
        """Draw on another scale."""
        self._scale = scale
        self._on_threshold_changed()

    def apply_colours(self) -> None:
        """Take the colours of the system's scheme."""
        text = text_colour()
        self.line.setPen(pg.mkPen(text, width=2))
        self.line.setHoverPen(pg.mkPen(text, width=5))
        for edge in self.edges:
            edge.setPen(pg.mkPen(text, width=1, style=Qt.PenStyle.DashLine))
            edge.setHoverPen(pg.mkPen(text, width=4, style=Qt.PenStyle.DashLine))
        shade = QColor(text)
        shade.setAlpha(_SHADE)
        self._shade.setBrush(shade)
        band = QColor(current_scheme().unsure_band)
        band.setAlpha(_BAND)
        self._band.setBrush(band)

    @Slot()
    def _on_threshold_changed(self) -> None:
        threshold = self._session.threshold
        self.line.setVisible(threshold is not None)
        self._shade.setVisible(threshold is not None)
        for item in (self._band, *self.edges):
            item.setVisible(threshold is not None and threshold.unsure > 0)
        if threshold is not None:
            self._show_threshold(threshold)

    @Slot(object)
    def _show_threshold(self, threshold: Threshold) -> None:
        heights = self._scale.to_plot((threshold.value, *threshold.unsure_band)).tolist()
        for line, height in zip((self.line, *self.edges), heights, strict=True):
            line.blockSignals(True)
            line.setValue(height)
            line.blockSignals(False)
        self._band.setRegion(heights[1:])
        far = _FAR * (1 + abs(heights[0]))
        self._shade.setRegion((heights[0], heights[0] + (far if self._scale.is_relative else -far)))
        self.shown.emit(threshold)

    @Slot(object)
    def _on_line_dragged(self, line: pg.InfiniteLine) -> None:
        self._session.thresholds.preview_value(self._scale.to_score(float(line.value())))

    @Slot(object)
    def _on_line_dropped(self, line: pg.InfiniteLine) -> None:
        self._session.thresholds.set_value(self._scale.to_score(float(line.value())))

    @Slot(object)
    def _on_edge_dragged(self, edge: pg.InfiniteLine) -> None:
        self._session.thresholds.preview_unsure(self._half_width(edge))

    @Slot(object)
    def _on_edge_dropped(self, edge: pg.InfiniteLine) -> None:
        self._session.thresholds.set_unsure(self._half_width(edge))

    def _half_width(self, edge: pg.InfiniteLine) -> float:
        threshold = self._session.threshold
        return 0.0 if threshold is None else abs(self._scale.to_score(float(edge.value())) - threshold.value)
