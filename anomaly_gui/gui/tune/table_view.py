"""The images as a table that can be sorted and filtered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QLineEdit, QTableView, QVBoxLayout, QWidget

from anomaly_gui.detection.judging.verdicts import VERDICTS
from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.gui.tune.list_selection import select_rows
from anomaly_gui.gui.tune.path_texts import PathTexts
from anomaly_gui.gui.widgets.plain_text import escape_tooltip
from anomaly_gui.gui.widgets.style import VERDICT_MARKS, set_role, verdict_colour

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from anomaly_gui.gui.state.session import Session

_Index = QModelIndex | QPersistentModelIndex
NAME, SCORE, VERDICT, LABEL, FOLDER, REASON = range(6)
_FOLLOWING = 60  # milliseconds between two updates while images come in or a line is dragged


class ImagesModel(QAbstractTableModel):
    """Rows of the session's table, in an order of their own."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.rows: np.ndarray = np.empty(0, np.int64)
        self._sorted_by, self._descending = -1, False
        self._wanted = ""
        self._texts = PathTexts()
        self._names = (
            self.tr("Name"),
            self.tr("Score"),
            self.tr("Verdict"),
            self.tr("Label"),
            self.tr("Folder"),
            self.tr("Remark"),
        )
        self._labels = {
            ImageLabel.NONE: "",
            ImageLabel.GOOD: self.tr("good"),
            ImageLabel.DEFECT: self.tr("defect"),
        }

    def refresh(self) -> None:
        """Take the images that are shown, filtered and sorted; rows stay where only more come."""
        self._texts.catch_up(self._session.table)
        rows = self._sort_rows(self._filter_rows(self._session.table.shown_rows))
        if np.array_equal(rows, self.rows):
            if len(rows):
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(self._names) - 1))
        elif len(rows) > len(self.rows) > 0 and np.array_equal(rows[: len(self.rows)], self.rows):
            self.beginInsertRows(QModelIndex(), len(self.rows), len(rows) - 1)
            self.rows = rows
            self.endInsertRows()
        else:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()

    def _filter_rows(self, rows: np.ndarray) -> np.ndarray:
        if not self._wanted:
            return rows
        paths, wanted = self._texts.paths, self._wanted
        found = np.array([wanted in paths[row] for row in rows.tolist()], bool)
        for code, verdict in enumerate(VERDICTS):
            if wanted in verdict.told.casefold():
                found |= self._verdict_codes(rows) == code
        return rows[found]

    def filter_by(self, text: str) -> None:
        """Show only images with this text in path or verdict."""
        self._wanted = text.strip().casefold()
        self.refresh()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorted_by, self._descending = column, order == Qt.SortOrder.DescendingOrder
        self.refresh()

    def _sort_rows(self, rows: np.ndarray) -> np.ndarray:
        if self._sorted_by < 0 or not len(rows):
            return rows
        order = np.argsort(self._make_sort_keys(rows), kind="stable")
        return rows[order[::-1] if self._descending else order]

    def _make_sort_keys(self, rows: np.ndarray) -> np.ndarray:
        table = self._session.table
        if self._sorted_by == NAME:
            return self._texts.ranks_by_name()[rows]
        if self._sorted_by == FOLDER:
            return self._texts.ranks_by_folder()[rows]
        if self._sorted_by == SCORE:
            return -table.scores[rows] if self._session.score_display.is_relative else table.scores[rows]
        if self._sorted_by == LABEL:
            return table.labels[rows]
        if self._sorted_by == VERDICT:
            return (self._verdict_codes(rows) - 1) % len(VERDICTS)  # good ones last
        return np.array([self._session.explain_verdict(row) for row in rows.tolist()])

    def _verdict_codes(self, rows: np.ndarray) -> np.ndarray:
        return self._session.table.find_verdict_codes(rows, self._session.threshold)

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
            return self._write_cell(row, column)
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role == Qt.ItemDataRole.ToolTipRole:
            return escape_tooltip(str(self._session.table.paths[row]))
        if role == Qt.ItemDataRole.TextAlignmentRole and column == SCORE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole and column == VERDICT:
            return verdict_colour(self._session.find_verdict(row))
        return None

    def _write_cell(self, row: int, column: int) -> str:
        table = self._session.table
        if column == NAME:
            return table.paths[row].name
        if column == SCORE:
            score = float(table.scores[row])
            return "–" if np.isnan(score) else self._session.score_display.write_score(score)
        if column == VERDICT:
            verdict = self._session.find_verdict(row)
            return f"{VERDICT_MARKS[verdict]} {verdict.told}"
        if column == LABEL:
            return self._labels[ImageLabel(int(table.labels[row]))]
        return str(table.paths[row].parent) if column == FOLDER else self._session.explain_verdict(row)


class ImagesTable(QWidget):
    """The table, with a field that filters it; selecting rows selects the images everywhere."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.images = ImagesModel(session, self)
        self.view = QTableView()
        self.view.setModel(self.images)
        self.view.setAccessibleName(self.tr("Images"))
        self.view.setSortingEnabled(True)
        self.view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.view.setFrameShape(QTableView.Shape.NoFrame)
        self.view.setShowGrid(False)
        self.view.setWordWrap(False)
        self.view.setTextElideMode(Qt.TextElideMode.ElideLeft)  # ends of names and folders tell them apart
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.view.horizontalHeader().setStretchLastSection(True)
        for column, width in enumerate((220, 90, 120, 80, 320)):
            self.view.setColumnWidth(column, width)
        self.wanted = QLineEdit(placeholderText=self.tr("Filter by name, folder or verdict"))
        self.wanted.setAccessibleName(self.wanted.placeholderText())
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
        self._timer = QTimer(self, singleShot=True, interval=_FOLLOWING)
        self._timer.timeout.connect(self.refresh)
        for signal in (session.images_added, session.labels_changed, session.thresholds.changed):
            signal.connect(self._on_changed)
        session.score_display.changed.connect(self._on_changed)
        session.images_replaced.connect(self.refresh)
        session.selection_changed.connect(self._on_selection_changed)

    @Slot()
    def _on_changed(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def refresh(self) -> None:
        """Show the images as they are now."""
        if self.isVisible():
            self.images.refresh()
            self._show_count()
            self._on_selection_changed()

    @Slot()
    def _on_selection_changed(self) -> None:
        """Highlight what was selected elsewhere."""
        if self.isVisible() and not self.view.hasFocus():
            select_rows(self.view, self.images.rows, self._session.selection)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    @Slot(str)
    def _on_wanted_changed(self, text: str) -> None:
        self.images.filter_by(text)
        self._show_count()

    def _show_count(self) -> None:
        self.count.setText(self.tr("%n image(s)", "", len(self.images.rows)))

    @Slot()
    def _on_selected(self) -> None:
        rows = [int(self.images.rows[index.row()]) for index in self.view.selectionModel().selectedRows()]
        if rows and self.view.hasFocus():
            self._session.select_rows(rows)
