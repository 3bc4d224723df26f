"""All keys on one sheet, read from the menus themselves: what it says is true."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QMenu, QTextBrowser, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QMenuBar

translate = QCoreApplication.translate
_SHORTCUT = re.compile(r"\(&\w\)")


def list_keys(menus: QMenuBar) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the title of each menu with its actions that have a key: keys, and what they do."""
    found = []
    for top in menus.actions():
        menu = top.menu()
        if isinstance(menu, QMenu):
            keys = [(_name_keys(action), _plain_text(action)) for action in _walk_actions(menu)]
            found.append((_plain_text(top), [pair for pair in keys if all(pair)]))
    return [(title, keys) for title, keys in found if keys]


def _walk_actions(menu: QMenu) -> Iterator[QAction]:
    for action in menu.actions():
        below = action.menu()
        if isinstance(below, QMenu):
            yield from _walk_actions(below)
        elif not action.isSeparator():
            yield action


def _plain_text(action: QAction) -> str:
    """Return an action's text without its shortcut, which Chinese has in brackets behind the words."""
    return _SHORTCUT.sub("", action.text()).replace("&", "").rstrip("…")


def _name_keys(action: QAction) -> str:
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


class KeySheet(QDialog):
    """Shows them; stays beside the window while one works."""

    def __init__(self, menus: QMenuBar, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.sheet = QTextBrowser()
        self.sheet.setHtml(_make_sheet([*list_keys(menus), *_list_others()]))
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        box.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.sheet)
        layout.addWidget(box)
        self.resize(460, 620)


def _list_others() -> list[tuple[str, list[tuple[str, str]]]]:
    plot = [
        ("↑ ↓ PgUp PgDn", translate("KeySheet", "move the threshold")),
        ("V S Z F", translate("KeySheet", "dragging moves, selects, zooms; show all")),
    ]
    inspect = [
        (
            translate("KeySheet", "letters, digits"),
            translate("KeySheet", "the part's number, typed or scanned; Enter ends it"),
        )
    ]
    return [(translate("KeySheet", "In the plot"), plot), (translate("KeySheet", "Inspect"), inspect)]


def _make_sheet(groups: list[tuple[str, list[tuple[str, str]]]]) -> str:
    parts = []
    for title, keys in groups:
        rows = "".join(
            f'<tr><td width="140"><b>{escape(key)}</b></td><td>{escape(text)}</td></tr>' for key, text in keys
        )
        parts.append(f'<h3>{escape(title)}</h3><table cellpadding="2" width="100%">{rows}</table>')
    return "".join(parts)
