"""An entry of a menu, with a key, for each kind of defect that has been named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QKeySequence

from anomaly_gui.gui.inspect.remark_fields import FIRST_KEY, LAST_KEY
from anomaly_gui.gui.style.action_icons import give_icon
from anomaly_gui.gui.widgets.plain_text import escape_title

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from anomaly_gui.gui.state.said.remarks import Remarks
    from anomaly_gui.gui.state.session import Session


class KindActions(QObject):
    """Labels the selected images as defects of a kind.

    Attributes
    ----------
    actions : one for each key there is; those without a kind are out of sight
    """

    def __init__(self, menu: QMenu, session: Session, remarks: Remarks, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._remarks = session, remarks
        self.actions = [self._add_action(menu, key) for key in range(FIRST_KEY, LAST_KEY + 1)]
        remarks.changed.connect(self._show_kinds)
        self._show_kinds()

    def _add_action(self, menu: QMenu, key: int) -> QAction:
        action = QAction(self)
        action.setShortcut(QKeySequence(str(key)))
        action.setData(key - FIRST_KEY)
        action.triggered.connect(self._on_kind_triggered)
        give_icon(action, self._on_kind_triggered.__qualname__)
        menu.addAction(action)
        return action

    @Slot()
    def _show_kinds(self) -> None:
        kinds = self._remarks.list_kinds()
        for index, action in enumerate(self.actions):
            action.setVisible(index < len(kinds))
            if index < len(kinds):
                action.setText(self.tr("Label defect: %1").replace("%1", escape_title(kinds[index])))

    @Slot()
    def _on_kind_triggered(self) -> None:
        action, rows = self.sender(), self._session.selection
        if isinstance(action, QAction) and rows:
            self._remarks.set_kind(rows, self._remarks.list_kinds()[int(action.data())])
