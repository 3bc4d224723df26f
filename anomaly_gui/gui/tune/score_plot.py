"""The scatter of index against score with the threshold to drag, and the distribution beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolTip, QWidget

from anomaly_gui.gui.state.image_table import ImageLabel, Origin
from anomaly_gui.gui.state.label_colours import label_colour
from anomaly_gui.gui.tune.plot_tools import PlotBox
from anomaly_gui.gui.tune.point_item import PointItem
from anomaly_gui.gui.tune.scale.plot_scale import PlotScale, ScoreAxis
from anomaly_gui.gui.tune.threshold_lines import ThresholdLines
from anomaly_gui.gui.widgets.style import base_colour, faint_text_colour, text_colour

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QMouseEvent

    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray
    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.gui.state.session import Session

_NEAR = 12  # pixels from a point that still mean it
_BINS = 60
_AXIS = 24  # pixels
_LABELLED = 140  # pixels from which on the axis has room for what it says
_ENCLOSED = "enclosed"  # what a curve goes round; a number would be a height, and fill all up to there


class ScorePlot(QWidget):
    """Plots the session's images; dragging the line asks the session for another threshold."""

    def __init__(
        self, session: Session, describe: Callable[[int], str], parent: QWidget | None = None
    ) -> None:
        """Make the plot. `describe` returns rich text on a row, for its tooltip."""
        super().__init__(parent)
        self._session, self._describe = session, describe
        self._rows: IntArray = np.empty(0, np.int64)
        self._heights: FloatArray = np.empty(0)
        self.scale = PlotScale()
        self._hovered, self._hovered_at = -1, QPoint()
        self._is_fitted = True  # until the user looks at a part of it
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Scores and threshold"))
        self._make_scatter()
        self._make_distribution()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.scatter, 5)
        layout.addWidget(self.distribution, 1)
        session.images_added.connect(self._on_images_changed)
        session.images_replaced.connect(self._on_images_replaced)
        session.labels_changed.connect(self._on_images_changed)
        session.thresholds.changed.connect(self._on_threshold_changed)
        session.selection_changed.connect(self._on_selection_changed)
        session.score_display.changed.connect(self._on_images_replaced)

    def _make_scatter(self) -> None:
        self.box = PlotBox()
        self.scatter = pg.PlotWidget(viewBox=self.box, axisItems={"left": ScoreAxis()})
        self.scatter.hideButtons()
        self.points = PointItem()
        self.scatter.addItem(self.points, ignoreBounds=True)  # its bounds are what is seen
        self.box.disableAutoRange()
        self.lines = ThresholdLines(self._session, self.scatter, self)
        self.lines.shown.connect(self._on_threshold_shown)
        self._selected = pg.ScatterPlotItem(size=14, brush=pg.mkBrush(None), symbol="o")
        self._selected.setZValue(30)
        self._selected.hide()
        self.scatter.addItem(self._selected, ignoreBounds=True)
        self.box.sigRangeChangedManually.connect(self._on_zoomed)
        self.box.zoomed.connect(self._on_zoomed)
        self.box.rectangle_dragged.connect(self._on_rectangle)
        self.scatter.scene().sigMouseClicked.connect(self._on_clicked)
        self.scatter.viewport().installEventFilter(self)
        self.scatter.viewport().setMouseTracking(True)

    def _make_distribution(self) -> None:
        self.distribution = pg.PlotWidget()
        self.distribution.setYLink(self.scatter)
        self.distribution.hideAxis("left")
        self.distribution.getAxis("bottom").setStyle(showValues=False, tickLength=0)
        self.distribution.getAxis("bottom").enableAutoSIPrefix(False)
        for plot in (self.scatter, self.distribution):
            plot.getAxis("bottom").setHeight(_AXIS)  # the same, so that both stand on one scale
        self.distribution.setMouseEnabled(x=False)
        self.distribution.hideButtons()
        self._bars: dict[object, pg.PlotDataItem] = {}
        for key in (Origin.TRAINING, ImageLabel.NONE, ImageLabel.GOOD, ImageLabel.DEFECT):
            self._bars[key] = pg.PlotDataItem(stepMode=None)
            self.distribution.addItem(self._bars[key])
        self._mark = pg.InfiniteLine(angle=0)
        self._mark.hide()
        self.distribution.addItem(self._mark, ignoreBounds=True)
        self.apply_colours()

    def apply_colours(self) -> None:
        """Take the colours of the system's scheme."""
        text, faint = text_colour(), faint_text_colour()
        for plot in (self.scatter, self.distribution):
            plot.setBackground(base_colour())
            for name in ("left", "bottom"):
                axis = plot.getAxis(name)
                axis.setPen(faint)
                axis.setTextPen(text)
        self.lines.apply_colours()
        self._mark.setPen(pg.mkPen(text, width=2))
        self._selected.setPen(pg.mkPen(text, width=2))
        self._draw_distribution()
        self.points.update()

    # Images

    @Slot()
    def _on_images_replaced(self) -> None:
        self._is_fitted = True
        self._on_images_changed()

    @Slot()
    def _on_images_changed(self) -> None:
        table = self._session.table
        self._choose_scale()
        self._rows = self._session.table.shown_rows
        self._heights = self.scale.to_plot(table.scores[self._rows])
        self.points.set_points(self._heights, table.labels[self._rows])
        self._draw_distribution()
        self._on_selection_changed()
        if self._is_fitted:
            self.fit_points()

    def _choose_scale(self) -> None:
        """Take the scale of the model and of the switch; it stays while the threshold moves."""
        session, display = self._session, self._session.score_display
        self.scale = PlotScale(
            display.find_scale(session.thresholds.calibrated) if display.is_relative else None
        )
        text = self.tr("log-likelihood")
        if self.scale.is_relative:
            text = self.tr("score ↑ worse")
        self.scatter.setLabel("left", text)
        self.lines.show_scale(self.scale)
        self._show_numbers(session.threshold)

    def _show_numbers(self, threshold: Threshold | None) -> None:
        axis = self.scatter.getAxis("left")
        axis.show_scale(self.scale, None if threshold is None else threshold.value)

    @Slot()
    def _on_zoomed(self) -> None:
        self._is_fitted = False

    @Slot()
    def fit_points(self) -> None:
        """Show every point."""
        self._is_fitted = True
        heights = self._heights[np.isfinite(self._heights)]
        if not len(heights):
            return
        low, high = float(heights.min()), float(heights.max())
        if self._session.threshold is not None:
            value = float(self.scale.to_plot(self._session.threshold.value))
            low, high = min(low, value), max(high, value)
        count = max(len(self._rows) - 1, 1)
        margin = 0.06 * max(high - low, 1e-6)
        self.box.setRange(
            QRectF(-0.02 * count, low - margin, 1.04 * count, high - low + 2 * margin), padding=0
        )

    def _draw_distribution(self) -> None:
        table, session, heights = self._session.table, self._session, self._heights
        finite = np.isfinite(heights)
        if not finite.any():
            for item in self._bars.values():
                item.setData([], [])
            return
        edges = np.linspace(heights[finite].min(), heights[finite].max() + 1e-9, _BINS + 1)
        labels = table.labels[self._rows]
        for label in ImageLabel:
            self._draw_bars(label, heights[finite & (labels == label)], edges, label_colour(label), 90)
        training = session.model.training.scores if session.model else np.empty(0)
        self._draw_bars(Origin.TRAINING, self.scale.to_plot(training), edges, faint_text_colour(), 50)

    def _draw_bars(
        self, key: object, heights: np.ndarray, edges: np.ndarray, colour: QColor, alpha: int
    ) -> None:
        item = self._bars[key]
        if not len(heights):
            item.setData([], [])
            return
        counts, _ = np.histogram(heights, edges)
        shares = counts / len(heights)
        filled = QColor(colour)
        filled.setAlpha(alpha)
        x = np.concatenate([[0], np.repeat(shares, 2), [0]])
        y = np.concatenate([[edges[0]], np.repeat(edges, 2)[1:-1], [edges[-1]]])
        item.setData(x, y, pen=pg.mkPen(colour), fillLevel=_ENCLOSED, fillBrush=filled)

    # Threshold

    @Slot()
    def _on_threshold_changed(self) -> None:
        self._mark.setVisible(self._session.threshold is not None)

    @Slot(object)
    def _on_threshold_shown(self, threshold: Threshold) -> None:
        self._mark.setValue(float(self.scale.to_plot(threshold.value)))
        self._show_numbers(threshold)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
        threshold = self._session.threshold
        if event.key() not in steps or threshold is None:
            super().keyPressEvent(event)
            return
        _, (bottom, top) = self.box.viewRange()
        height = float(self.scale.to_plot(threshold.value))
        moved = height + steps[Qt.Key(event.key())] * (top - bottom) / 500
        self._session.thresholds.set_value(self.scale.to_score(moved))

    # Selection

    @Slot()
    def _on_selection_changed(self) -> None:
        indices = np.flatnonzero(np.isin(self._rows, self._session.selection))
        heights = self._heights[indices]
        indices, heights = indices[np.isfinite(heights)], heights[np.isfinite(heights)]
        self._selected.setData(x=indices, y=heights)
        self._selected.setVisible(bool(len(indices)))

    def _row_near(self, scene: QPointF) -> int:
        """Return the row of the point nearest to a point of the scene, or -1."""
        if not len(self._rows):
            return -1
        at = self.box.mapSceneToView(scene)
        across, up = self.box.viewPixelSize()
        reach = int(np.ceil(_NEAR * across)) + 1
        first, last = (int(np.clip(at.x() + step, 0, len(self._rows))) for step in (-reach, reach + 1))
        heights = self._heights[first:last]
        apart = np.hypot((np.arange(first, last) - at.x()) / across, (heights - at.y()) / up)
        apart[np.isnan(apart)] = np.inf
        if not len(apart) or apart.min() > _NEAR:
            return -1
        return int(self._rows[first + int(np.argmin(apart))])

    @Slot(object)
    def _on_clicked(self, event: Any) -> None:
        row = self._row_near(event.scenePos())
        if row >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._session.select_rows((row,))

    @Slot(object)
    def _on_rectangle(self, area: QRectF) -> None:
        x, y = np.arange(len(self._rows)), self._heights
        inside = (x >= area.left()) & (x <= area.right()) & (y >= area.top()) & (y <= area.bottom())
        self._session.select_rows(self._rows[inside].tolist())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        axis, has_room = self.scatter.getAxis("left"), self.height() >= _LABELLED
        if has_room != axis.label.isVisible():  # it lays out the whole plot
            axis.showLabel(has_room)

    def eventFilter(self, watched: Any, event: Any) -> bool:
        if watched is self.scatter.viewport() and event.type() == event.Type.MouseMove:
            self._show_tooltip(event)
        return False

    def _show_tooltip(self, event: QMouseEvent) -> None:
        row = -1
        if not event.buttons():
            row = self._row_near(self.scatter.mapToScene(event.position().toPoint()))
        self._hovered = row
        if row >= 0:
            self._hovered_at = event.globalPosition().toPoint()
            QToolTip.showText(self._hovered_at, self._describe(row), self.scatter)
        else:
            QToolTip.hideText()

    @Slot(str)
    def on_thumbnail_ready(self, path: str) -> None:
        """Show the picture of what is hovered when it is there."""
        row, table = self._hovered, self._session.table
        is_hovered = 0 <= row < len(table) and path == str(table.paths[row])
        if is_hovered and QToolTip.isVisible():
            QToolTip.showText(self._hovered_at, self._describe(row), self.scatter)
