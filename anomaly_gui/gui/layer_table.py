"""The comparison of layers as a table; a double click takes a layer for the next training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

if TYPE_CHECKING:
    from anomaly_gui.gui.settings_form import SettingsForm
    from anomaly_gui.worker.jobs import Compared


class LayerTable(QDialog):
    """One row a layer; the best is marked."""

    def __init__(self, result: Compared, form: SettingsForm, parent: QWidget) -> None:
        super().__init__(parent)
        self._form = form
        self.setWindowTitle(self.tr("Layers compared"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(560, 620)
        best = max(result.layers, key=lambda one: (one.auroc, -one.length))
        names = (self.tr("Layer"), self.tr("Features"), self.tr("AUROC"), self.tr("Missed"))
        self.table = QTableWidget(len(result.layers), len(names))
        self.table.setHorizontalHeaderLabels(names)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().hide()
        for row, one in enumerate(result.layers):
            missed = f"{one.miss.count:,} / {one.miss.total:,}"
            for column, text in enumerate(
                (",".join(one.layers), f"{one.length:,}", f"{one.auroc:.3f}", missed)
            ):
                item = QTableWidgetItem(text)
                if column:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                font = item.font()
                font.setBold(one is best)
                item.setFont(font)
                self.table.setItem(row, column, item)
        self.table.cellDoubleClicked.connect(self._on_double_clicked)
        note = QLabel(
            self.tr(
                "%1 good images (each judged without it) and %2 defects. Double-click a layer to take "
                "it for the next training; judge the choice on images that had no part in it."
            )
            .replace("%1", f"{result.normal:,}")
            .replace("%2", f"{result.anomalous:,}")
        )
        note.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addWidget(self.table)
        layout.addWidget(note)

    @Slot(int, int)
    def _on_double_clicked(self, row: int, column: int) -> None:  # noqa: ARG002 - the signal's signature
        item = self.table.item(row, 0)
        if item is not None:
            self._form.set_values({"layer": item.text()})
            self.accept()
