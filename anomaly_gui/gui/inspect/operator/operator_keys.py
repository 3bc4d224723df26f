"""Keys on the operator's page: all that is typed is the part's number, and nothing else happens by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from anomaly_gui.gui.inspect.operator.part_field import PartField

_TYPING = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


class OperatorKeys(QObject):
    """Sees every key of the application before shortcuts do, while the operator's page is shown.

    Parameters
    ----------
    is_locked : whether no shortcut may do anything
    """

    def __init__(self, window: QWidget, field: PartField, is_locked: Callable[[], bool]) -> None:
        super().__init__(window)
        self._window, self._field, self._is_locked = window, field, is_locked
        self._is_on = False

    def set_on(self, on: bool) -> None:
        """Begin or end."""
        app = QApplication.instance()
        if on == self._is_on or app is None:
            return
        self._is_on = on
        if on:
            app.installEventFilter(self)
        else:
            app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self._is_ours(watched):
            return self._keep_from_shortcuts(event)
        if event.type() == QEvent.Type.KeyPress and self._is_ours(watched):
            return self._pass_to_field(watched, event)
        return False

    def _is_ours(self, watched: QObject) -> bool:
        """Tell whether a key is for the page itself, and not for a dialog or menu over it."""
        return (
            isinstance(watched, QWidget)
            and watched.window() is self._window
            and QApplication.activeModalWidget() is None
            and QApplication.activePopupWidget() is None
        )

    def _keep_from_shortcuts(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and (self._is_locked() or _types_text(event)):
            event.accept()
            return True
        return False

    def _pass_to_field(self, watched: QObject, event: QEvent) -> bool:
        # a space presses the button that has the focus; no code begins with one
        if watched is self._field or not isinstance(event, QKeyEvent) or not _types_text(event):
            return False
        if event.text() == " ":
            return False
        self._field.take_key(event)
        return True


def _types_text(event: QKeyEvent) -> bool:
    text, others = event.text(), event.modifiers() & ~_TYPING
    return bool(text) and text.isprintable() and others == Qt.KeyboardModifier.NoModifier
