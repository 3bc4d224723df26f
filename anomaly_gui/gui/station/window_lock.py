"""The lock of the stations' window: nothing but watching until the PIN is typed; also after a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal

from anomaly_gui.gui.inspect.operator.pin_dialog import PinDialog
from anomaly_gui.gui.state.operator.pin import OperatorPin

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from anomaly_gui.gui.state.preferences import Preferences

translate = QCoreApplication.translate
_LOCKED = "stations/locked"


class WindowLock(QObject):
    """Asks for the PIN of the operator's view, the same as that of the page Inspect."""

    changed = Signal()

    def __init__(self, window: QWidget, preferences: Preferences) -> None:
        super().__init__(window)
        self._window, self._preferences = window, preferences
        self._pin, self.is_locked = OperatorPin(preferences), False

    @property
    def was_locked(self) -> bool:
        """Whether the program ended while it was locked."""
        return self._preferences.is_on(_LOCKED, default=False)

    def toggle(self) -> None:
        """Lock, with a PIN that is set the first time, or unlock with that."""
        if self.is_locked:
            self.ask_to_unlock()
        elif self._pin.is_set or self._ask_for_new_pin():
            self.lock()

    def lock(self) -> None:
        """Lock."""
        self._set_locked(True)

    def ask_to_unlock(self) -> bool:
        """Ask for the PIN; return whether it is unlocked."""
        sentence = translate("OperatorActions", "The operator's view is locked. Type its PIN to leave it.")
        PinDialog(
            self._window, translate("OperatorActions", "Unlock"), sentence, self._try_pin, is_new=False
        ).exec()
        return not self.is_locked

    def _try_pin(self, pin: str) -> str:
        if not self._pin.is_right(pin):
            return translate("OperatorActions", "This is not the PIN.")
        self._set_locked(False)
        return ""

    def _ask_for_new_pin(self) -> bool:
        sentence = translate(
            "OperatorActions",
            "Choose the PIN that unlocks this view. It is asked for whenever somebody leaves it.",
        )
        return bool(
            PinDialog(
                self._window,
                translate("OperatorActions", "Set the PIN"),
                sentence,
                self._take_pin,
                is_new=True,
            ).exec()
        )

    def _take_pin(self, pin: str) -> str:
        self._pin.set_pin(pin)
        return ""

    def _set_locked(self, locked: bool) -> None:
        self._preferences.set_on(_LOCKED, locked)
        if locked != self.is_locked:
            self.is_locked = locked
            self.changed.emit()
