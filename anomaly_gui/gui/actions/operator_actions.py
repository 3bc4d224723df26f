"""The operator's page at work: keys, lock, full screen, sound, and who hears of what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar

from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.gui.inspect.operator.defect_tone import DefectTone
from anomaly_gui.gui.inspect.operator.operator_keys import OperatorKeys
from anomaly_gui.gui.inspect.operator.pin_dialog import PinDialog
from anomaly_gui.gui.state.mode import Mode
from anomaly_gui.gui.style.action_icons import give_icon
from anomaly_gui.gui.style.icons import set_icon

if TYPE_CHECKING:
    from collections.abc import Callable

    from anomaly_gui.gui.inspect.verdict_view import VerdictView
    from anomaly_gui.gui.work.window_services import WindowServices

_SOUND = "operator/sound"
_FULL = Qt.WindowState.WindowFullScreen


class OperatorActions(QObject):
    """Adds its actions to the menu View, and does what they say."""

    mode_requested = Signal(object)  # a Mode

    def __init__(
        self, window: QMainWindow, services: WindowServices, view: VerdictView, view_menu: QMenu
    ) -> None:
        super().__init__(window)
        self._window, self._services, self._view = window, services, view
        self._operator, self._was_full = services.operator, False
        self.keys = OperatorKeys(window, view.part.number, lambda: self._operator.is_locked)
        self.tone = DefectTone(self)
        self.full_screen = self._add_action(view_menu, self.tr("Full screen"), "F11", self.toggle_full_screen)
        self.lock = self._add_action(
            view_menu, self.tr("Lock the operator's view…"), "Ctrl+L", self.toggle_lock
        )
        self.sound = self._add_action(view_menu, self._name_sound(), "", None)
        set_icon(self.sound, "sound")
        self._prepare_sound()
        view.full_screen.clicked.connect(self.toggle_full_screen)
        view.lock.clicked.connect(self.toggle_lock)
        services.operator.lock_changed.connect(self._on_lock_changed)
        services.workshop.judged_for_operator.connect(self._on_judged)

    def _add_action(self, menu: QMenu, text: str, key: str, slot: Callable[[], None] | None) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(key))
        if slot is not None:
            action.triggered.connect(slot)
            give_icon(action, slot.__qualname__)
        menu.addAction(action)
        return action

    def _name_sound(self) -> str:
        if self.tone.can_play:
            return self.tr("Sound for a defect")
        return self.tr(
            "Sound for a defect (this system has no player: install pulseaudio-utils or alsa-utils)"
        )

    def _prepare_sound(self) -> None:
        self.sound.setCheckable(True)
        self.sound.setEnabled(self.tone.can_play)
        self._view.sound.setVisible(self.tone.can_play)
        is_on = self.tone.can_play and self._services.preferences.is_on(_SOUND, default=True)
        self.sound.setChecked(is_on)
        self._view.sound.setChecked(is_on)
        self.sound.toggled.connect(self._view.sound.setChecked)
        self._view.sound.toggled.connect(self.sound.setChecked)
        self.sound.toggled.connect(self._on_sound_toggled)

    @Slot(bool)
    def _on_sound_toggled(self, on: bool) -> None:
        self._services.preferences.set_on(_SOUND, on)

    def show_mode(self, mode: Mode) -> None:
        """Note which page is shown."""
        self._operator.is_inspecting = mode is Mode.INSPECT
        self.keys.set_on(mode is Mode.INSPECT)
        if mode is Mode.INSPECT:
            self._view.part.number.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(int, int)
    def _on_judged(self, first: int, count: int) -> None:
        find = self._services.session.find_verdict
        if self.sound.isChecked() and any(find(row) is Verdict.DEFECT for row in range(first, first + count)):
            self.tone.play_tone()

    # Full screen

    @Slot()
    def toggle_full_screen(self) -> None:
        """Fill the screen, or be a window again."""
        if not self._operator.is_locked:
            self._window.setWindowState(self._window.windowState() ^ _FULL)

    # The lock

    @Slot()
    def toggle_lock(self) -> None:
        """Lock the operator's page, with a PIN that is set the first time; unlock it with that."""
        if self._operator.is_locked:
            self.ask_to_unlock()
        elif self._services.session.model is None:
            self._operator.refused.emit(self.tr("Open a model first: without one nothing can be judged."))
        elif self._operator.has_pin or self._ask_for_new_pin():
            self.lock_page()

    def lock_page(self) -> None:
        """Lock."""
        self.mode_requested.emit(Mode.INSPECT)
        self._operator.lock_page()

    def ask_to_unlock(self) -> bool:
        """Ask for the PIN; return whether the page is unlocked."""
        sentence = self.tr("The operator's view is locked. Type its PIN to leave it.")
        PinDialog(self._window, self.tr("Unlock"), sentence, self._try_pin, is_new=False).exec()
        return not self._operator.is_locked

    def _try_pin(self, pin: str) -> str:
        return "" if self._operator.unlock_page(pin) else self.tr("This is not the PIN.")

    def _ask_for_new_pin(self) -> bool:
        sentence = self.tr(
            "Choose the PIN that unlocks this view. It is asked for whenever somebody leaves it."
        )
        dialog = PinDialog(self._window, self.tr("Set the PIN"), sentence, self._take_new_pin, is_new=True)
        return bool(dialog.exec())

    def _take_new_pin(self, pin: str) -> str:
        self._operator.set_pin(pin)
        return ""

    @Slot()
    def _on_lock_changed(self) -> None:
        is_locked, window = self._operator.is_locked, self._window
        if is_locked:
            self._was_full = window.isFullScreen()
            window.setWindowState(window.windowState() | _FULL)
        elif not self._was_full:
            window.setWindowState(window.windowState() & ~_FULL)
        for menu in window.menuBar().actions():  # a menu that is off takes its shortcuts with it
            menu.setVisible(not is_locked)
        window.menuBar().setVisible(not is_locked)
        for bar in window.findChildren(QToolBar):
            bar.setVisible(not is_locked)
        policy = Qt.ContextMenuPolicy
        window.setContextMenuPolicy(policy.PreventContextMenu if is_locked else policy.DefaultContextMenu)
        self._view.lock.setText(self.tr("Unlock…") if is_locked else self.tr("Lock"))
        for target in (self._view.lock, self.lock):
            set_icon(target, "unlock" if is_locked else "lock")
        self._view.full_screen.setEnabled(not is_locked)
        self._view.part.number.setFocus(Qt.FocusReason.OtherFocusReason)

    def close(self) -> None:
        """Let go of keys and sound."""
        self.keys.set_on(False)
        self.tone.close()
