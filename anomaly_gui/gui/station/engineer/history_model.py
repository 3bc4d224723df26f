"""A page of results as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from anomaly_gui.gui.station.feed.moments import write_day
from anomaly_gui.gui.station.looks import MARKS, colour_of
from anomaly_gui.gui.widgets.plain_text import escape_tooltip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.station.ledger.reading import ResultRow

_Index = QModelIndex | QPersistentModelIndex
NUMBER, TIME, PART, LOT, VERDICT, SCORE, REASON = range(7)
_ROLE = Qt.ItemDataRole


class HistoryModel(QAbstractTableModel):
    """Rows as they are in the records, the newest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[ResultRow, ...] = ()
        self._names = (
            self.tr("Number"),
            self.tr("Time"),
            self.tr("Part"),
            self.tr("Lot"),
            self.tr("Verdict"),
            self.tr("Score"),
            self.tr("Remark"),
        )

    def show_rows(self, rows: Sequence[ResultRow]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._names)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == _ROLE.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in (NUMBER, SCORE) else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return self._names[section] if role == _ROLE.DisplayRole else None

    def data(self, index: _Index, role: int = _ROLE.DisplayRole) -> object:
        if not index.isValid():
            return None
        row, column = self.rows[index.row()], index.column()
        if role == _ROLE.DisplayRole:
            return write_cell(row, column)
        if role == _ROLE.ForegroundRole and column == VERDICT:
            return colour_of(row.verdict)
        if role == _ROLE.TextAlignmentRole and column in (NUMBER, SCORE):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == _ROLE.ToolTipRole and column == REASON:
            return escape_tooltip(row.reason)
        return None


def write_cell(row: ResultRow, column: int) -> str:
    """Return what stands in a column."""
    if column == VERDICT:
        return f"{MARKS[row.verdict]} {row.verdict.told}"
    if column == SCORE:
        return "" if row.score is None else f"{row.score:.6g}"
    return {
        NUMBER: f"{row.seq:,}",
        TIME: write_day(row.at),
        PART: row.part or "",
        LOT: row.lot or "",
        REASON: row.reason,
    }[column]
