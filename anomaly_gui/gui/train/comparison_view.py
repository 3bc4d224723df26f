"""The comparison of detectors, backbones, layers and sizes: a table, a chart, and a button that takes one."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from anomaly_gui.detection.settings.backbones import BACKBONES
from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from anomaly_gui.gui.help.help_places import COMPARISON, give_help
from anomaly_gui.gui.style.parts import make_primary
from anomaly_gui.gui.style.scheme import current_scheme
from anomaly_gui.gui.train.detector_choice import name_detector
from anomaly_gui.gui.widgets.style import set_role
from anomaly_gui.wording import duration

if TYPE_CHECKING:
    from anomaly_gui.detection.candidates.candidate import Candidate
    from anomaly_gui.detection.comparison import CompareResult
    from anomaly_gui.gui.train.settings_form import SettingsForm

# of detectors, in the order of their declaration; where there are more detectors, they begin again
_COLOURS = ("#7f7f7f", "#1f77b4", "#e07b00", "#2ca02c", "#9467bd", "#8c564b", "#17becf")
_SYMBOLS = ("o", "s", "t", "d", "h", "p", "star")
_SIZE, _CHOSEN_SIZE = 9, 16  # pixels of a point
_ROOM = 1.25  # of the fastest: the legend must hide no point


class _Number(QTableWidgetItem):
    """A cell that sorts by its number, not by its text; None comes last."""

    def __init__(self, text: str, value: float | None) -> None:
        super().__init__(text)
        self._value = -1.0 if value is None else value
        self.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def __lt__(self, other: QTableWidgetItem) -> bool:
        return isinstance(other, _Number) and self._value < other._value


class ComparisonView(QDialog):
    """One row a candidate; the recommended one is bold, chosen, and starred in the chart."""

    taken = Signal()  # the form has the settings of a row: train with them

    def __init__(self, result: CompareResult, form: SettingsForm, parent: QWidget) -> None:
        super().__init__(parent)
        self._result, self._form = result, form
        self.setWindowTitle(self.tr("Detectors compared"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(900, 640)
        give_help(self, COMPARISON)
        self.recommendation = QLabel(result.recommendation, wordWrap=True)
        set_role(self.recommendation, bold=True)
        self.table = self._make_table()
        self.table.setAccessibleName(self.windowTitle())
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(self.table)
        if result.anomalous.count:
            self.chart = self._make_chart()
            parts.addWidget(self.chart)
            parts.setSizes([380, 220])
        self.use_button = QPushButton(self.tr("Use this one"))
        self.use_button.setToolTip(self.tr("Train with the chosen row (double click)"))
        make_primary(self.use_button)
        self.use_button.clicked.connect(self._on_use_clicked)
        layout = QVBoxLayout(self)
        layout.addWidget(self.recommendation)
        layout.addWidget(parts, 1)
        self.skipped = QLabel("\n".join(result.skipped), wordWrap=True)
        self.skipped.setVisible(bool(result.skipped))
        layout.addWidget(self.skipped)
        layout.addLayout(self._make_foot())
        self.table.cellDoubleClicked.connect(self._on_use_clicked)
        self.table.itemSelectionChanged.connect(self._on_selection_changed)
        self._choose_row(result.candidates.index(result.recommended))

    @property
    def _has_learned(self) -> bool:
        return any(one.training_seconds is not None for one in self._result.candidates)

    def _make_foot(self) -> QHBoxLayout:
        note = QLabel(
            self.tr("%1 good images, each judged without it, and %2 defects.")
            .replace("%1", f"{self._result.normal.count:,}")
            .replace("%2", f"{self._result.anomalous.count:,}")
        )
        if self._has_learned:
            note.setText(
                note.text()
                + " "
                + self.tr("Learned features: judged on good images they were not learned from.")
            )
        set_role(note, faint=True)
        row = QHBoxLayout()
        row.addWidget(note, 1)
        row.addWidget(self.use_button)
        return row

    def _make_table(self) -> QTableWidget:
        names = (
            self.tr("Detector"),
            self.tr("Network"),
            self.tr("Layer"),
            self.tr("Size"),
            self.tr("AUROC"),
            self.tr("Found"),
            self.tr("Images/s"),
            self.tr("MB"),
            self.tr("Learning"),
        )
        table = QTableWidget(len(self._result.candidates), len(names))
        table.setHorizontalHeaderLabels(names)
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        table.verticalHeader().hide()
        for row, one in enumerate(self._result.candidates):
            for column, item in enumerate(_make_cells(one)):
                item.setData(Qt.ItemDataRole.UserRole, row)
                font = item.font()
                font.setBold(one is self._result.recommended)
                item.setFont(font)
                table.setItem(row, column, item)
        table.setSortingEnabled(True)
        table.sortByColumn(
            names.index(self.tr("AUROC")) if self._result.anomalous.count else 0, Qt.SortOrder.DescendingOrder
        )
        table.resizeColumnsToContents()
        learning = len(names) - 1
        table.setColumnHidden(learning, not self._has_learned)
        table.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        return table

    def _make_chart(self) -> Any:
        chart = pg.PlotWidget(background=None)
        chart.setLabel("bottom", self.tr("images a second on this machine"))
        chart.setLabel("left", self.tr("defects found, %"))
        chart.showGrid(x=True, y=True, alpha=0.2)
        chart.addLegend(offset=(-10, 10))
        self._points = {}
        for kind, colour, symbol in zip(DETECTORS, cycle(_COLOURS), cycle(_SYMBOLS), strict=False):
            those = [k for k, one in enumerate(self._result.candidates) if one.detector == kind]
            if those:
                self._points[kind] = pg.ScatterPlotItem(
                    [self._find_point(k)[0] for k in those],
                    [self._find_point(k)[1] for k in those],
                    symbol=symbol,
                    size=_SIZE,
                    pen=None,
                    brush=colour,
                    data=those,
                    name=name_detector(kind),
                )
                self._points[kind].sigClicked.connect(self._on_point_clicked)
                chart.addItem(self._points[kind])
        self._ring = pg.ScatterPlotItem(
            size=_CHOSEN_SIZE, brush=None, pen=pg.mkPen(current_scheme().accent_text, width=2)
        )
        chart.addItem(self._ring)
        fastest = max(one.images_per_second for one in self._result.candidates)
        chart.setXRange(0, _ROOM * fastest)
        return chart

    def _find_point(self, number: int) -> tuple[float, float]:
        one = self._result.candidates[number]
        share = one.found.rate if one.found and one.found.rate is not None else 0.0
        return one.images_per_second, 100 * share

    @property
    def chosen(self) -> int:
        """The number of the candidate whose row is selected, or -1."""
        items = self.table.selectedItems()
        return int(items[0].data(Qt.ItemDataRole.UserRole)) if items else -1

    def _choose_row(self, number: int) -> None:
        for row in range(self.table.rowCount()):
            item = self.table.item(row, 0)
            if item is not None and item.data(Qt.ItemDataRole.UserRole) == number:
                self.table.selectRow(row)
                self.table.scrollToItem(item)

    @Slot()
    def _on_selection_changed(self) -> None:
        self.use_button.setEnabled(self.chosen >= 0)
        if self._result.anomalous.count and self.chosen >= 0:
            speed, found = self._find_point(self.chosen)
            self._ring.setData([speed], [found])

    @Slot(object, object)
    def _on_point_clicked(self, plot: object, points: Any) -> None:  # noqa: ARG002 - the signal's signature
        if len(points):
            self._choose_row(int(points[0].data()))

    @Slot()
    def _on_use_clicked(self) -> None:
        if self.chosen >= 0:
            choice = self._result.candidates[self.chosen].choice
            self._form.set_values({"proportions": None, **choice})  # squares were compared
            self.accept()
            self.taken.emit()


def _make_cells(one: Candidate) -> list[QTableWidgetItem]:
    """Return a row's items."""
    found = f"{one.found.count:,} / {one.found.total:,} {one.higher_rate}".rstrip() if one.found else "–"
    return [
        QTableWidgetItem(f"{name_detector(one.detector)} ({one.detector})"),
        QTableWidgetItem(BACKBONES[one.backbone].title if one.backbone in BACKBONES else one.backbone),
        QTableWidgetItem(",".join(one.layers)),
        _Number(f"{one.size}", one.size),
        _Number("–" if one.auroc is None else f"{one.auroc:.3f}", one.auroc),
        _Number(found, one.found.count if one.found else None),
        _Number(f"{one.images_per_second:.1f}", one.images_per_second),
        _Number(f"{one.megabytes:.0f}", one.megabytes),
        _Number(
            "–" if one.training_seconds is None else duration(one.training_seconds), one.training_seconds
        ),
    ]
