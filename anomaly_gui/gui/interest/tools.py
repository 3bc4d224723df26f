"""The column of buttons beside a region of interest."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from anomaly_gui.detection.images.region_of_interest import ELLIPSE, POLYGON, RECTANGLE
from anomaly_gui.gui.interest.view import SELECT
from anomaly_gui.gui.style.icons import set_icon

_ICONS = {
    "K": "keep",
    "I": "ignore",
    "R": "rectangle",
    "E": "ellipse",
    "P": "polygon",
    "S": "cursor",
    "Ctrl+Z": "undo",
    "Ctrl+Shift+Z": "redo",
    "Delete": "trash",
    "Ctrl+Delete": "clear",
    "F": "fit",
}  # by key


class RegionTools(QWidget):
    """Buttons with a key each: what a shape means, what the mouse does, and steps that are done at once."""

    keep_chosen = Signal(bool)
    tool_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._keeps, self._tools = QActionGroup(self), QActionGroup(self)
        self._make_choices()
        self._make_steps()
        self._keeps.triggered.connect(self._on_keep_triggered)
        self._tools.triggered.connect(self._on_tool_triggered)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        steps = [self.undo, self.redo, self.remove, self.clear, self.fit]
        for actions in (self._keeps.actions(), self._tools.actions(), steps):
            for action in actions:
                column.addWidget(_make_button(action))
            column.addSpacing(12)
        column.addStretch()

    @property
    def keep(self) -> bool:
        """Tell whether the next shape is kept, not ignored."""
        return bool(self._keeps.checkedAction().data())

    def show_keep(self, keep: bool) -> None:
        """Show another choice without telling anyone."""
        self._keeps.actions()[0 if keep else 1].setChecked(True)

    def describe_tool(self) -> str:
        """Return what to do with the tool that is chosen."""
        drag = self.tr("Drag from one corner to the opposite one. The wheel zooms.")
        hints = {
            RECTANGLE: drag,
            ELLIPSE: drag,
            POLYGON: self.tr(
                "Click each corner. A double click, Enter, or a click on the first corner closes it; "
                "Esc takes back the last corner."
            ),
            SELECT: self.tr("Click a shape to select it, drag it to move it, drag a corner to resize it."),
        }
        return hints[str(self._tools.checkedAction().data())]

    def enable_steps(self, *, undo: bool, redo: bool, remove: bool, clear: bool) -> None:
        """Enable what can be done now."""
        for action, is_possible in (
            (self.undo, undo),
            (self.redo, redo),
            (self.remove, remove),
            (self.clear, clear),
        ):
            action.setEnabled(is_possible)

    def _make_choices(self) -> None:
        keep = self.tr("Only what is kept counts; also changes a selected shape")
        ignore = self.tr("What is ignored does not count; also changes a selected shape")
        select = self.tr("Select, move and resize shapes")
        self._add_choice(self._keeps, self._make_action(self.tr("Keep"), keep, "K"), True)
        self._add_choice(self._keeps, self._make_action(self.tr("Ignore"), ignore, "I"), False)
        for text, tip, key, kind in (
            (self.tr("Rectangle"), self.tr("Draw a rectangle"), "R", RECTANGLE),
            (self.tr("Ellipse"), self.tr("Draw an ellipse"), "E", ELLIPSE),
            (self.tr("Polygon"), self.tr("Draw a polygon, corner by corner"), "P", POLYGON),
        ):
            self._add_choice(self._tools, self._make_action(text, tip, key), kind)
        self._add_choice(self._tools, self._make_action(self.tr("Select"), select, "S"), SELECT)

    def _add_choice(self, group: QActionGroup, action: QAction, value: object) -> None:
        action.setCheckable(True)
        action.setData(value)
        action.setChecked(not group.actions())  # the first
        group.addAction(action)

    def _make_steps(self) -> None:
        self.undo = self._make_action(self.tr("Undo"), self.tr("Undo the last step"), "Ctrl+Z")
        self.redo = self._make_action(
            self.tr("Redo"), self.tr("Do again what was undone"), "Ctrl+Shift+Z", "Ctrl+Y"
        )
        self.remove = self._make_action(
            self.tr("Remove"), self.tr("Remove the selected shape"), "Delete", "Backspace"
        )
        self.clear = self._make_action(self.tr("Clear"), self.tr("Remove all shapes"), "Ctrl+Delete")
        self.fit = self._make_action(self.tr("Whole image"), self.tr("Show the whole image"), "F")

    def _make_action(self, text: str, tip: str, *keys: str) -> QAction:
        action = QAction(text, self)
        action.setShortcuts([QKeySequence(key) for key in keys])
        shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{tip} ({shown})")
        set_icon(action, _ICONS[keys[0]])
        self.addAction(action)
        return action

    @Slot(QAction)
    def _on_keep_triggered(self, action: QAction) -> None:
        self.keep_chosen.emit(bool(action.data()))

    @Slot(QAction)
    def _on_tool_triggered(self, action: QAction) -> None:
        self.tool_chosen.emit(str(action.data()))


def _make_button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    button.setMinimumSize(110, 30)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the image
    return button
