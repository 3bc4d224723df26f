"""How well the scores tell labelled images apart: the ROC curve, and the counts at the threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from anomaly_gui.detection.judging.metrics import roc
from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.gui.state.label_colours import label_colour
from anomaly_gui.gui.widgets.style import base_colour, faint_text_colour, set_role, text_colour

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.gui.state.session import Session


_UNSURE = 3  # column


class RocView(QWidget):
    """Follows the labels and the threshold while it is seen."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.plot = pg.PlotWidget()
        self.plot.setLabel("bottom", self.tr("false alarms (share of good images)"))
        self.plot.setLabel("left", self.tr("defects found (share)"))
        self.plot.setRange(xRange=(0, 1), yRange=(0, 1))
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.hideButtons()
        self._chance = self.plot.plot([0, 1], [0, 1])
        self._curve = self.plot.plot([], [])
        self._point = pg.ScatterPlotItem(size=13, symbol="d")
        self.plot.addItem(self._point)
        self.auroc = QLabel()
        set_role(self.auroc, size=1.3, bold=True)
        side = QVBoxLayout()
        side.addWidget(self.auroc)
        side.addLayout(self._make_counts())
        side.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.addWidget(self.plot, 3)
        layout.addLayout(side, 2)
        for signal in (session.images_added, session.images_replaced, session.labels_changed):
            signal.connect(self.refresh)
        session.thresholds.changed.connect(self.refresh)
        session.thresholds.previewed.connect(self._on_previewed)
        self.apply_colours()

    def _make_counts(self) -> QGridLayout:
        grid = QGridLayout()
        headings = ("", self.tr("judged good"), self.tr("judged defect"), self.tr("not sure"))
        for column, text in enumerate(headings):
            grid.addWidget(QLabel(text), 0, column)
        self.cells: list[QLabel] = []
        self.unsure_cells: list[QLabel] = []
        for row, text in enumerate((self.tr("good"), self.tr("defect")), 1):
            grid.addWidget(QLabel(text), row, 0)
            for column in (1, 2, 3):
                cell = QLabel("–")
                set_role(cell, size=1.5, bold=column in (1, 2) and row != column)
                (self.cells if column < _UNSURE else self.unsure_cells).append(cell)
                grid.addWidget(cell, row, column)
        return grid

    def apply_colours(self) -> None:
        """Take the colours of the system's scheme."""
        self.plot.setBackground(base_colour())
        for name in ("left", "bottom"):
            self.plot.getAxis(name).setPen(faint_text_colour())
            self.plot.getAxis(name).setTextPen(text_colour())
        self._chance.setPen(pg.mkPen(faint_text_colour(), style=pg.QtCore.Qt.PenStyle.DotLine))
        self._curve.setPen(pg.mkPen(label_colour(ImageLabel.GOOD), width=2))
        self._point.setBrush(label_colour(ImageLabel.DEFECT))
        self._point.setPen(pg.mkPen(text_colour()))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the curve and the counts as they are now."""
        if not self.isVisible():
            return
        rows = self._list_labelled_rows()
        curve = roc(self._session.table.scores[rows], self._session.table.name_labels(rows))
        if curve is None:
            self._curve.setData([], [])
            self.auroc.setText(self.tr("Label good images and defects to see how well they are told apart."))
            self.auroc.setWordWrap(True)
        else:
            self._curve.setData(curve.false_alarm_rate, curve.detection_rate)
            self.auroc.setText(f"AUROC {curve.area:.4f}")
        if self._session.threshold is not None:
            self._show_counts(self._session.threshold)

    def _list_labelled_rows(self) -> np.ndarray:
        shown = self._session.table.shown_rows
        return shown[self._session.table.is_labelled[shown]]

    @Slot(object)
    def _on_previewed(self, threshold: Threshold) -> None:
        if self.isVisible():
            self._show_counts(threshold)

    def _show_counts(self, threshold: Threshold) -> None:
        counts = self._session.count_images(threshold)
        if counts is None:
            return
        alarms, misses = counts.false_alarms, counts.misses
        found = misses.total - misses.count - counts.unsure_defects
        passed = alarms.total - alarms.count - counts.unsure_good
        for cell, count in zip(self.cells, (passed, alarms.count, misses.count, found), strict=True):
            cell.setText(f"{count:,}")
        for cell, count in zip(self.unsure_cells, (counts.unsure_good, counts.unsure_defects), strict=True):
            cell.setText(f"{count:,}")
        if alarms.total and misses.total:
            self._point.setData([alarms.count / alarms.total], [found / misses.total])
        else:
            self._point.setData([], [])
