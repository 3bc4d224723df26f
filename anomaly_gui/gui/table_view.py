"""The images as a table that can be sorted and filtered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QLineEdit, QTableView, QVBoxLayout, QWidget

from anomaly_gui.figures.style import score_text
from anomaly_gui.gui.image_table import CANNOT_JUDGE, DEFECT, GOOD, NOT_SURE, Marked
from anomaly_gui.gui.style import VERDICT_MARKS, set_role, verdict_colour, verdict_name

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from anomaly_gui.gui.session import Session

_Index = QModelIndex | QPersistentModelIndex
NAME, SCORE, VERDICT, LABEL, FOLDER, REASON = range(6)


class ImagesModel(QAbstractTableModel):
    """Rows of the session's table, in an order of their own."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.rows: np.ndarray = np.empty(0, np.int64)
        self._sorted_by, self._descending = -1, False
        self._wanted = ""
        self._names = (
            self.tr("Name"),
            self.tr("Score"),
            self.tr("Verdict"),
            self.tr("Label"),
            self.tr("Folder"),
            self.tr("Remark"),
        )
        self._labels = {Marked.NONE: "", Marked.GOOD: self.tr("good"), Marked.DEFECT: self.tr("defect")}

    def refresh(self) -> None:
        """Take the images that are shown, filtered and sorted, in one call."""
        self.beginResetModel()
        rows = self._session.shown
        if self._wanted:
            rows = np.array([row for row in rows.tolist() if self._matches(row)], np.int64)
        self.rows = self._in_order(rows)
        self.endResetModel()

    def _matches(self, row: int) -> bool:
        path, verdict = self._session.table.paths[row], self._session.verdict(row)
        return self._wanted in f"{path} {verdict}".casefold()

    def filter(self, text: str) -> None:
        """Show only images with this text in path or verdict."""
        self._wanted = text.strip().casefold()
        self.refresh()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorted_by, self._descending = column, order == Qt.SortOrder.DescendingOrder
        self.refresh()

    def _in_order(self, rows: np.ndarray) -> np.ndarray:
        if self._sorted_by < 0 or not len(rows):
            return rows
        order = np.argsort(self._keys(rows), kind="stable")
        return rows[order[::-1] if self._descending else order]

    def _keys(self, rows: np.ndarray) -> np.ndarray:
        table, threshold = self._session.table, self._session.threshold
        if self._sorted_by == SCORE:
            return table.scores[rows]
        if self._sorted_by == LABEL:
            return table.marks[rows]
        if self._sorted_by == VERDICT:
            severity = {DEFECT: 0, NOT_SURE: 1, CANNOT_JUDGE: 2, GOOD: 3}
            return np.array([severity[table.verdict(row, threshold)] for row in rows.tolist()])
        paths = [table.paths[row] for row in rows.tolist()]
        if self._sorted_by == NAME:
            return np.array([path.name.casefold() for path in paths])
        if self._sorted_by == FOLDER:
            return np.array([str(path.parent).casefold() for path in paths])
        return np.array([table.reasons[row] for row in rows.tolist()])

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._names)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._names[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = int(self.rows[index.row()]), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role == Qt.ItemDataRole.ToolTipRole:
            return str(self._session.table.paths[row])
        if role == Qt.ItemDataRole.TextAlignmentRole and column == SCORE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole and column == VERDICT:
            return verdict_colour(self._session.verdict(row))
        return None

    def _text(self, row: int, column: int) -> str:
        table = self._session.table
        if column == NAME:
            return table.paths[row].name
        if column == SCORE:
            score = float(table.scores[row])
            return "–" if np.isnan(score) else score_text(score)
        if column == VERDICT:
            verdict = self._session.verdict(row)
            return f"{VERDICT_MARKS[verdict]} {verdict_name(verdict)}"
        if column == LABEL:
            return self._labels[Marked(int(table.marks[row]))]
        return str(table.paths[row].parent) if column == FOLDER else table.reasons[row]


class ImagesTable(QWidget):
    """The table, with a field that filters it; selecting rows selects the images everywhere."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.images = ImagesModel(session, self)
        self.view = QTableView()
        self.view.setModel(self.images)
        self.view.setSortingEnabled(True)
        self.view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.view.setFrameShape(QTableView.Shape.NoFrame)
        self.view.setShowGrid(False)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.view.horizontalHeader().setStretchLastSection(True)
        for column, width in enumerate((220, 90, 120, 80, 320)):
            self.view.setColumnWidth(column, width)
        self.wanted = QLineEdit(placeholderText=self.tr("Filter by name, folder or verdict"))
        self.wanted.setClearButtonEnabled(True)
        self.wanted.textChanged.connect(self._on_wanted_changed)
        self.count = QLabel()
        set_role(self.count, faint=True)
        bar = QHBoxLayout()
        bar.addWidget(self.wanted)
        bar.addWidget(self.count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.addLayout(bar)
        layout.addWidget(self.view)
        self.view.selectionModel().selectionChanged.connect(self._on_selected)
        for signal in (
            session.images_added,
            session.images_replaced,
            session.labels_changed,
            session.threshold_changed,
        ):
            signal.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Show the images as they are now."""
        if self.isVisible():
            self.images.refresh()
            self._show_count()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    @Slot(str)
    def _on_wanted_changed(self, text: str) -> None:
        self.images.filter(text)
        self._show_count()

    def _show_count(self) -> None:
        self.count.setText(self.tr("%n image(s)", "", len(self.images.rows)))

    @Slot()
    def _on_selected(self) -> None:
        rows = [int(self.images.rows[index.row()]) for index in self.view.selectionModel().selectedRows()]
        if rows and self.view.hasFocus():
            self._session.select(rows)
