"""What the Help menu offers of the help pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication

from anomaly_gui.gui.help.help_places import CONTENTS, GLOSSARY, KEY, KEYS, find_help, open_help
from anomaly_gui.gui.style.icons import set_icon

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMenu

    from anomaly_gui.gui.state.mode import Mode


class HelpMenu(QObject):
    """Adds its actions to a menu; `find_mode` says in which place of the window one is."""

    def __init__(self, menu: QMenu, find_mode: Callable[[], Mode]) -> None:
        super().__init__(menu)
        self._find_mode = find_mode
        self.here = menu.addAction(self.tr("Help on this place"))
        self.here.setShortcut(QKeySequence(KEY))
        set_icon(self.here, "help")
        self.here.triggered.connect(self._on_help_asked)
        for text, address, icon in (
            (self.tr("All help pages"), CONTENTS, "book"),
            (self.tr("Keys"), KEYS, "keyboard"),
            (self.tr("Glossary"), GLOSSARY, "glossary"),
        ):
            action = menu.addAction(text)
            set_icon(action, icon)
            action.setData(address)
            action.triggered.connect(self._on_page_asked)
        menu.addSeparator()

    @Slot()
    def _on_help_asked(self) -> None:
        open_help(find_help(QApplication.focusWidget(), self._find_mode()))

    @Slot()
    def _on_page_asked(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            open_help(str(action.data()))
