"""The menu of languages: that of the system, and each that the program speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup

from anomaly_gui.gui.state.display.languages import LANGUAGE, OF_SYSTEM, name_language
from anomaly_gui.gui.style.icons import set_icon
from anomaly_gui.language import list_languages

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow, QMenu

    from anomaly_gui.gui.state.preferences import Preferences


class LanguageActions(QObject):
    """Adds them to the menu View; whoever makes windows does what they say."""

    chosen = Signal(str)  # the code of a language, or `OF_SYSTEM`

    def __init__(self, window: QMainWindow, preferences: Preferences, view_menu: QMenu) -> None:
        super().__init__(window)
        self._preferences = preferences
        view_menu.addSeparator()
        self.menu = view_menu.addMenu(self.tr("Language"))
        set_icon(self.menu.menuAction(), "language")
        group = QActionGroup(self)
        for code in (OF_SYSTEM, *list_languages()):
            action = self.menu.addAction(name_language(code) if code else self.tr("As the system"))
            action.setData(code)
            action.setCheckable(True)
            action.triggered.connect(self._on_triggered)
            group.addAction(action)
        self.show_chosen()

    def show_chosen(self) -> None:
        """Check what was chosen last."""
        chosen = self._preferences.read_text(LANGUAGE)
        known = (OF_SYSTEM, *list_languages())
        self.menu.actions()[known.index(chosen) if chosen in known else 0].setChecked(True)

    @Slot()
    def _on_triggered(self) -> None:
        action = self.sender()
        if isinstance(action, QAction) and action.data() != self._preferences.read_text(LANGUAGE):
            self.chosen.emit(str(action.data()))
