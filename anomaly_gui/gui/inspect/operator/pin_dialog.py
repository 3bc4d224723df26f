"""Asking for the PIN of the operator's view, and setting it the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QWidget

from anomaly_gui.gui.state.operator.pin import FEWEST

if TYPE_CHECKING:
    from collections.abc import Callable


class PinDialog(QDialog):
    """Asks for a PIN until it is right or given up; `take_pin` returns what is wrong with it, or nothing."""

    def __init__(
        self, parent: QWidget, title: str, sentence: str, take_pin: Callable[[str], str], *, is_new: bool
    ) -> None:
        super().__init__(parent)
        self._take_pin = take_pin
        self.setWindowTitle(title)
        form = QFormLayout(self)
        self.why = QLabel(sentence, wordWrap=True)
        form.addRow(self.why)
        self.pin = self._add_line(form, self.tr("PIN"))
        self.again = self._add_line(form, self.tr("Once more")) if is_new else None
        buttons = QDialogButtonBox.StandardButton
        box = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        box.accepted.connect(self._on_accepted)
        box.rejected.connect(self.reject)
        form.addRow(box)

    def _add_line(self, form: QFormLayout, name: str) -> QLineEdit:
        line = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        form.addRow(name, line)
        return line

    @Slot()
    def _on_accepted(self) -> None:
        problem = self._find_problem()
        if not problem:
            self.accept()
            return
        self.why.setText(problem)
        for line in filter(None, (self.again, self.pin)):
            line.clear()
            line.setFocus()

    def _find_problem(self) -> str:
        pin = self.pin.text()
        if self.again is not None:
            if len(pin) < FEWEST:
                return self.tr("At least %n character(s), please.", "", FEWEST)
            if pin != self.again.text():
                return self.tr("These are not the same: type the PIN twice.")
        return self._take_pin(pin)
