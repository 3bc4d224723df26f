"""Keeping a window on its screen: at twice the scale a screen has half the room."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QRect
    from PySide6.QtWidgets import QWidget

_FRAME = 40  # pixels: the title above, and what a system draws around


def fit_into_screen(window: QWidget, room: QRect | None = None) -> None:
    """Make a window no larger than its screen, and move it onto it; `room` in place of the screen's."""
    room = room or window.screen().availableGeometry()
    width, height = min(window.width(), room.width()), min(window.height(), room.height() - _FRAME)
    if (width, height) == (window.width(), window.height()):
        return
    window.resize(width, height)
    left = min(max(window.x(), room.left()), room.right() + 1 - window.width())
    top = min(max(window.y(), room.top()), room.bottom() + 1 - window.height() - _FRAME)  # of the frame
    window.move(max(left, room.left()), max(top, room.top()))
