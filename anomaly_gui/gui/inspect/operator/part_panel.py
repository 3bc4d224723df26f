"""The part at hand: its number, and the lot of all parts from now on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QInputDialog, QLabel, QPushButton, QSizePolicy, QWidget

from anomaly_gui.gui.inspect.operator.part_field import PartField
from anomaly_gui.gui.widgets.plain_text import escape_tooltip
from anomaly_gui.gui.widgets.style import set_role

if TYPE_CHECKING:
    from anomaly_gui.gui.state.operator.operator_state import OperatorState


class PartPanel(QWidget):
    """Shows the part that is judged next. The lot has a dialog, since keys go to the part's number."""

    def __init__(self, operator: OperatorState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operator = operator
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        self._names = (QLabel(self.tr("Next part")), QLabel(self.tr("Lot")))
        self.number, self.lot = PartField(), QLabel()
        self.lot.setTextFormat(Qt.TextFormat.PlainText)
        self.lot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.change_lot = QPushButton(self.tr("Change…"))
        self.change_lot.setAccessibleName(self.tr("Change the lot"))
        self.change_lot.clicked.connect(self._on_change_lot)
        grid.addWidget(self._names[0], 0, 0)
        grid.addWidget(self.number, 0, 1, 1, 2)
        grid.addWidget(self._names[1], 1, 0)
        grid.addWidget(self.lot, 1, 1)
        grid.addWidget(self.change_lot, 1, 2)
        grid.setColumnStretch(1, 1)
        self.number.scanned.connect(operator.set_number)
        operator.part_changed.connect(self.refresh)
        self.scale_text(1.0)
        self.refresh()

    def scale_text(self, scale: float) -> None:
        """Write larger on larger screens."""
        for label in self._names:
            set_role(label, size=scale, faint=True)
        set_role(self.number, size=1.25 * scale)
        set_role(self.lot, size=1.25 * scale)
        set_role(self.change_lot, size=scale)

    @Slot()
    def refresh(self) -> None:
        """Show part and lot as they are."""
        part = self._operator.part
        self.number.show_number(part.number)
        self.lot.setText(part.lot or "–")
        self.lot.setToolTip(escape_tooltip(part.lot))

    @Slot()
    def _on_change_lot(self) -> None:
        text, is_given = QInputDialog.getText(
            self, self.tr("Lot"), self.tr("Lot of all parts from now on:"), text=self._operator.part.lot
        )
        if is_given:
            self._operator.set_lot(text)
