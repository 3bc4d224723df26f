"""Fields in a row that say what of the records is asked for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QComboBox, QDateTimeEdit, QLineEdit, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

_WAIT = 300  # milliseconds after the last key


class FieldBar(QWidget):
    """Makes fields; `changed` comes a moment after the last of them was."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=_WAIT, singleShot=True)
        self._timer.timeout.connect(self.changed)

    @property
    def is_waiting(self) -> bool:
        """Whether a field was changed a moment ago."""
        return self._timer.isActive()

    def end_waiting(self) -> None:
        """Let what was changed a moment ago count now."""
        if self.is_waiting:
            self._on_asked()

    def make_line(self, name: str) -> QLineEdit:
        """Return a field for a text."""
        line = QLineEdit()
        line.setPlaceholderText(name)
        line.setAccessibleName(name)
        line.setClearButtonEnabled(True)
        line.setFixedWidth(140)
        line.textChanged.connect(self._on_changed)
        line.returnPressed.connect(self._on_asked)
        return line

    def make_choice(self, name: str, texts: Sequence[str]) -> QComboBox:
        """Return a field for one of some texts."""
        choice = QComboBox()
        choice.addItems(texts)
        choice.setAccessibleName(name)
        choice.setToolTip(name)
        choice.currentIndexChanged.connect(self._on_changed)
        return choice

    def make_moment(self, name: str, moment: QDateTime) -> QDateTimeEdit:
        """Return a field for a day and a time."""
        field = QDateTimeEdit(moment)
        field.setDisplayFormat("yyyy-MM-dd HH:mm")
        field.setAccessibleName(name)
        field.setToolTip(name)
        field.setMinimumWidth(field.fontMetrics().horizontalAdvance("0000-00-00 00:00") + 48)
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel scrolls
        field.dateTimeChanged.connect(self._on_changed)
        return field

    @Slot()
    def _on_changed(self) -> None:
        self._timer.start()

    @Slot()
    def _on_asked(self) -> None:
        self._timer.stop()
        self.changed.emit()


def read_field(field: QDateTimeEdit) -> datetime:
    """Return the moment of a field, to the minute, with its time zone."""
    return datetime.fromtimestamp(field.dateTime().toSecsSinceEpoch() // 60 * 60).astimezone()
