"""Entries of the audit as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from anomaly_gui.gui.station.feed.moments import write_day
from anomaly_gui.gui.widgets.plain_text import escape_tooltip
from anomaly_gui.language import translate_kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.station.ledger.audit_reading import AuditRow

_Index = QModelIndex | QPersistentModelIndex
_ROLE = Qt.ItemDataRole


class AuditModel(QAbstractTableModel):
    """Rows as they are in the records, the newest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[AuditRow, ...] = ()
        self._names = (
            self.tr("Time"),
            self.tr("Who"),
            self.tr("What"),
            self.tr("Before"),
            self.tr("After"),
            self.tr("Why"),
        )

    def show_rows(self, rows: Sequence[AuditRow]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._names)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> object:
        if role != _ROLE.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return self._names[section]

    def data(self, index: _Index, role: int = _ROLE.DisplayRole) -> object:
        if not index.isValid() or role not in (_ROLE.DisplayRole, _ROLE.ToolTipRole):
            return None
        text = _write_row(self.rows[index.row()])[index.column()]
        return text if role == _ROLE.DisplayRole else escape_tooltip(text)


def _write_row(row: AuditRow) -> tuple[str, ...]:
    who = f"{row.who} ({row.role})" if row.role else row.who
    return write_day(row.at), who, row.what, row.before, row.after, translate_kept(row.why)
