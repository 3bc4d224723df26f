"""What a drag in the plot does: move it, select the images in a rectangle, or zoom into one."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from anomaly_gui.gui.style.icons import set_icon

if TYPE_CHECKING:
    from collections.abc import Callable

_ICONS = {"V": "move", "S": "select", "Z": "zoom-in", "F": "fit"}  # by key


class Drag(Enum):
    """What dragging does."""

    MOVE = 0
    SELECT = 1
    ZOOM = 2


class PlotBox(pg.ViewBox):
    """A view whose drags move it, select or zoom; with Shift held they always select."""

    rectangle_dragged = Signal(object)  # a QRectF of what is selected
    zoomed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.drag = Drag.MOVE

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:
        selects = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        drag = Drag.SELECT if selects else self.drag
        if axis is not None or drag is Drag.MOVE or event.button() != Qt.MouseButton.LeftButton:
            super().mouseDragEvent(event, axis)
            return
        event.accept()
        start, end = event.buttonDownPos(), event.pos()
        if not event.isFinish():
            self.updateScaleBox(start, end)
            return
        self.rbScaleBox.hide()
        area = QRectF(self.mapToView(start), self.mapToView(end)).normalized()
        if drag is Drag.SELECT:
            self.rectangle_dragged.emit(area)
        elif area.width() > 0 and area.height() > 0:
            self.setRange(area, padding=0)
            self.zoomed.emit()


class PlotTools(QWidget):
    """Buttons, and actions for a menu, that choose what dragging does."""

    def __init__(self, box: PlotBox, fit: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = box
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(2)
        group = QActionGroup(self)
        moves = self.tr("Dragging moves the plot; the wheel zooms")
        selects = self.tr("Dragging selects the images in a rectangle; so it does with Shift held")
        zooms = self.tr("Dragging zooms into a rectangle")
        self.actions_of = {
            Drag.MOVE: self._make_action(self.tr("Move"), "V", moves),
            Drag.SELECT: self._make_action(self.tr("Select"), "S", selects),
            Drag.ZOOM: self._make_action(self.tr("Zoom"), "Z", zooms),
        }
        for drag, action in self.actions_of.items():
            action.setCheckable(True)
            action.setData(drag.value)
            action.triggered.connect(self._on_chosen)
            group.addAction(action)
        self.actions_of[Drag.MOVE].setChecked(True)
        self.fit = self._make_action(self.tr("Show all"), "F", self.tr("Show every point"))
        self.fit.triggered.connect(fit)
        self._buttons = [QToolButton() for _ in range(len(self.actions_of) + 1)]
        for action, button in zip((*self.actions_of.values(), self.fit), self._buttons, strict=True):
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setAutoRaise(True)
            row.addWidget(button)

    def _make_action(self, text: str, key: str, tip: str) -> QAction:
        action = QAction(text, self)
        action.setShortcut(key)
        set_icon(action, _ICONS[key])
        action.setToolTip(f"{tip} ({key})")
        return action

    def show_texts(self, *, are_shown: bool) -> None:
        """Have words beside the icons, or not where there is little room."""
        styles = Qt.ToolButtonStyle
        for button in self._buttons:
            button.setToolButtonStyle(
                styles.ToolButtonTextBesideIcon if are_shown else styles.ToolButtonIconOnly
            )

    @Slot(int)
    def show_for_tab(self, index: int) -> None:
        """Be there for the first tab only: that of the plot."""
        self.setVisible(index == 0)

    @Slot()
    def _on_chosen(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self._box.drag = Drag(int(action.data()))
