"""A page of results as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt

from anomaly_gui.gui.station.engineer.rows_model import Index, RowsModel
from anomaly_gui.gui.station.feed.moments import write_day
from anomaly_gui.gui.station.looks import MARKS, colour_of, mark_challenge
from anomaly_gui.gui.widgets.plain_text import escape_tooltip

if TYPE_CHECKING:
    from anomaly_gui.station.ledger.reading import ResultRow

NUMBER, TIME, PART, LOT, VERDICT, SCORE, REASON = range(7)
_ROLE = Qt.ItemDataRole


class HistoryModel(RowsModel):
    """Results, the newest first."""

    rows: tuple[ResultRow, ...]

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(
            (
                QCoreApplication.translate("HistoryModel", "Number"),
                QCoreApplication.translate("HistoryModel", "Time"),
                QCoreApplication.translate("HistoryModel", "Part"),
                QCoreApplication.translate("HistoryModel", "Lot"),
                QCoreApplication.translate("HistoryModel", "Verdict"),
                QCoreApplication.translate("HistoryModel", "Score"),
                QCoreApplication.translate("HistoryModel", "Remark"),
            ),
            parent,
        )

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> object:
        if role == _ROLE.TextAlignmentRole and orientation == Qt.Orientation.Horizontal:
            side = Qt.AlignmentFlag.AlignRight if section in (NUMBER, SCORE) else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return super().headerData(section, orientation, role)

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> object:
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
            return escape_tooltip(write_cell(row, REASON))
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
        REASON: mark_challenge(row, row.reason),
    }[column]
