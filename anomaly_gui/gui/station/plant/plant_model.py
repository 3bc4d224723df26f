"""A table of a plant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from anomaly_gui.gui.station.engineer.rows_model import Index, RowsModel
from anomaly_gui.gui.station.looks import make_lamp_icon, name_level
from anomaly_gui.gui.style.tokens import ICON
from anomaly_gui.gui.widgets.plain_text import escape_tooltip

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from anomaly_gui.gui.station.plant.plant_rows import ShownRow

_ROLE, _ALIGN = Qt.ItemDataRole, Qt.AlignmentFlag
_SCALE = 2.0  # of lamps: fine on fine screens


class PlantModel(RowsModel):
    """Rows that stay while their numbers change: what is chosen, and where it is scrolled to, stays so.

    Parameters
    ----------
    numbers : columns whose texts stand at the right
    """

    rows: tuple[ShownRow, ...]

    def __init__(self, names: Sequence[str], numbers: Collection[int], parent: QObject | None = None) -> None:
        super().__init__(names, parent)
        self._numbers = numbers

    def show_rows(self, rows: Sequence[ShownRow]) -> None:
        """Show other rows, or other numbers in the same ones."""
        if [row.key for row in rows] != [row.key for row in self.rows]:
            super().show_rows(rows)
        elif rows:
            self.rows = tuple(rows)
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, self.columnCount() - 1))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> object:
        if role == _ROLE.TextAlignmentRole and orientation == Qt.Orientation.Horizontal:
            return self._align_column(section)
        return super().headerData(section, orientation, role)

    def _align_column(self, column: int) -> Qt.AlignmentFlag:
        side = _ALIGN.AlignRight if column in self._numbers else _ALIGN.AlignLeft
        return side | _ALIGN.AlignVCenter

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> object:
        if not index.isValid():
            return None
        row, column = self.rows[index.row()], index.column()
        if role == _ROLE.DisplayRole:
            return row.cells[column]
        if role == _ROLE.TextAlignmentRole:
            return self._align_column(column)
        if role == _ROLE.ToolTipRole:
            return escape_tooltip(row.tip)
        return self._show_lamp(row, role) if column == 0 else None

    def _show_lamp(self, row: ShownRow, role: int) -> object:
        """Return the lamp before a row's name, and what it says to who hears it."""
        if row.level is not None and role == _ROLE.DecorationRole:
            return make_lamp_icon(row.level, ICON, _SCALE)
        if row.level is not None and role == _ROLE.AccessibleTextRole:
            return f"{row.cells[0]}: {name_level(row.level)}"
        return None
