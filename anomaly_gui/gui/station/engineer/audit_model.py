"""Entries of the audit as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt

from anomaly_gui.gui.station.engineer.rows_model import Index, RowsModel
from anomaly_gui.gui.station.feed.moments import write_day
from anomaly_gui.gui.widgets.plain_text import escape_tooltip
from anomaly_gui.language import translate_kept

if TYPE_CHECKING:
    from anomaly_gui.station.ledger.audit_reading import AuditRow

_ROLE = Qt.ItemDataRole


class AuditModel(RowsModel):
    """Entries, the newest first."""

    rows: tuple[AuditRow, ...]

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(
            (
                QCoreApplication.translate("AuditModel", "Time"),
                QCoreApplication.translate("AuditModel", "Who"),
                QCoreApplication.translate("AuditModel", "What"),
                QCoreApplication.translate("AuditModel", "Before"),
                QCoreApplication.translate("AuditModel", "After"),
                QCoreApplication.translate("AuditModel", "Why"),
            ),
            parent,
        )

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> object:
        if not index.isValid() or role not in (_ROLE.DisplayRole, _ROLE.ToolTipRole):
            return None
        text = _write_row(self.rows[index.row()])[index.column()]
        return text if role == _ROLE.DisplayRole else escape_tooltip(text)


def _write_row(row: AuditRow) -> tuple[str, ...]:
    who = f"{row.who} ({row.role})" if row.role else row.who
    return write_day(row.at), who, row.what, row.before, row.after, translate_kept(row.why)
