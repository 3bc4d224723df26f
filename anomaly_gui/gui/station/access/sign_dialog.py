"""Asks for name, password and, where something is signed for, the reason."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from anomaly_gui.gui.station.access.signing import Signature
from anomaly_gui.gui.style.parts import make_primary
from anomaly_gui.gui.style.scheme import current_scheme
from anomaly_gui.gui.style.tokens import ROOM
from anomaly_gui.gui.widgets.style import fit_height

if TYPE_CHECKING:
    from collections.abc import Callable

    from anomaly_gui.gui.station.tasks import Tasks

_WIDTH = 440


class SignDialog(QDialog):
    """Stays until what was signed for is done or given up; `told` is the sentence of what was done."""

    def __init__(
        self,
        tasks: Tasks,
        work: Callable[[Signature], str],
        words: tuple[str, str, str],
        name: str = "",
        *,
        needs_why: bool,
        parent: QWidget | None = None,
    ) -> None:
        """Make it.

        Parameters
        ----------
        work : called in a thread of `tasks`
        words : title, sentence, and what the button says
        name : who is likely to sign
        """
        super().__init__(parent)
        self._tasks, self._work, self.told, self._is_busy = tasks, work, "", False
        title, sentence, button = words
        self.setWindowTitle(title)
        self.setMinimumWidth(_WIDTH)
        self.name, self.password = QLineEdit(name), QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.why = QLineEdit() if needs_why else None
        self.says = QLabel(wordWrap=True)
        fit_height(self.says)
        self._lay_out(sentence, button)
        for line in self._lines:
            line.textChanged.connect(self._on_changed)
        (self.password if name else self.name).setFocus()
        self._on_changed()

    @property
    def _lines(self) -> list[QLineEdit]:
        return [line for line in (self.name, self.password, self.why) if line is not None]

    def _lay_out(self, sentence: str, button: str) -> None:
        column, form = QVBoxLayout(self), QFormLayout()
        column.setSpacing(ROOM)
        about = QLabel(sentence, wordWrap=True)
        fit_height(about)
        column.addWidget(about)
        form.addRow(self.tr("Name"), self.name)
        form.addRow(self.tr("Password"), self.password)
        if self.why is not None:
            form.addRow(self.tr("Reason"), self.why)
        column.addLayout(form)
        column.addWidget(self.says)
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.sign = box.addButton(button, QDialogButtonBox.ButtonRole.AcceptRole)
        make_primary(self.sign)
        self.sign.setDefault(True)
        box.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)  # Enter is not for it
        box.accepted.connect(self._on_signed)
        box.rejected.connect(self.reject)
        column.addWidget(box)

    @Slot()
    def _on_changed(self) -> None:
        self.sign.setEnabled(not self._is_busy and all(line.text().strip() for line in self._lines))

    @Slot()
    def _on_signed(self) -> None:
        why = "" if self.why is None else self.why.text()
        signature = Signature(self.name.text().strip(), self.password.text(), why)
        self._set_busy(True)
        self.password.clear()
        self._say(self.tr("One moment…"))
        self._tasks.start(partial(self._work, signature), self._on_done, self._on_refused)

    def _on_done(self, told: str) -> None:
        self.told = told
        self._set_busy(False)
        self.accept()

    def _on_refused(self, why: str) -> None:
        self._set_busy(False)
        self._say(why, is_wrong=True)
        self.password.setFocus()

    def _set_busy(self, is_busy: bool) -> None:
        self._is_busy = is_busy
        for line in self._lines:
            line.setEnabled(not is_busy)
        self._on_changed()

    def _say(self, text: str, *, is_wrong: bool = False) -> None:
        palette = self.palette()
        if is_wrong:
            palette.setColor(self.says.foregroundRole(), current_scheme().defect)
        self.says.setPalette(palette)
        self.says.setText(text)

    def reject(self) -> None:
        """Give up, unless it is being done: how that goes has to be said."""
        if not self._is_busy:
            super().reject()
