"""The wheel scrolls; it changes a value only in a field that a person is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QSlider, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent


class WheelGuard(QObject):
    """Hands the wheel on to what scrolls around a field.

    Fields for numbers and sliders take it while they have the focus. Choices never do: a list is short, and
    the focus stays in one long after something was chosen.
    """

    def guard_fields(self, root: QWidget) -> None:
        """Guard every field inside a widget, which may be guarded already."""
        for kind in (QComboBox, QAbstractSpinBox, QSlider):
            for field in root.findChildren(kind):
                field.removeEventFilter(self)
                field.installEventFilter(self)
                if field.focusPolicy() == Qt.FocusPolicy.WheelFocus:
                    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel must not bring the focus

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ignore a wheel's turn that is not meant for the field, so that its parent gets it."""
        if event.type() != QEvent.Type.Wheel or not isinstance(watched, QWidget):
            return False
        if watched.hasFocus() and not isinstance(watched, QComboBox):
            return False
        _pass_on(event)
        return True


def _pass_on(event: QEvent) -> None:
    wheel: QWheelEvent = event  # type: ignore[assignment] # told by its type
    wheel.ignore()
