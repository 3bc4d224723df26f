"""The small parts that pages are put together from: cards, buttons, badges, empty states."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from anomaly_gui.gui.style.icons import draw_picture, renew_icon, set_icon
from anomaly_gui.gui.style.scheme import current_scheme
from anomaly_gui.gui.style.tokens import ROOM, WIDE

_PICTURE = QSize(160, 100)
_NARROWEST = 220  # pixels of a sentence in the middle of nothing
_LOWEST = 200  # pixels from which on a picture stands above it


def make_card(frame: QFrame) -> None:
    """Draw a frame as a card: a ground of its own, and round corners in place of a box."""
    _set_look(frame, "card")


def make_notice(frame: QFrame) -> None:
    """Draw a frame as what asks for an answer, or offers one: in the accent."""
    _set_look(frame, "notice")


def make_primary(button: QPushButton, *, is_on: bool = True) -> None:
    """Draw a button as what comes next, or as any other again. There is one at most on a page."""
    button.setProperty("primary", is_on)
    _renew_look(button)
    renew_icon(button)  # which stands on the accent now


def make_large(button: QPushButton) -> None:
    """Draw a button high, to be hit again and again without looking for it."""
    button.setProperty("large", True)


def make_tight(button: QToolButton) -> None:
    """Draw a button of a word alone with less air around it: several stand in a narrow row."""
    button.setAutoRaise(True)
    button.setProperty("tight", True)


def _renew_look(widget: QWidget) -> None:
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def _set_look(widget: QWidget, name: str) -> None:
    if isinstance(widget, QFrame) and not isinstance(widget, QLabel):
        widget.setFrameShape(QFrame.Shape.NoFrame)  # the sheet draws what is around it
    widget.setProperty(name, True)


class Badge(QLabel):
    """A short word or a count on a pill."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("badge", True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)


class IconButton(QToolButton):
    """A button of an icon alone; its name is read aloud, and is its tooltip."""

    def __init__(self, icon: str, name: str, tip: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_icon(self, icon)
        self.setAccessibleName(name)
        self.setToolTip(tip or name)
        self.setAutoRaise(True)


class EmptyState(QWidget):
    """What stands where nothing is yet: a picture, a sentence, and at most one button that ends it.

    Attributes
    ----------
    button : None without an action
    """

    def __init__(self, picture: str, sentence: str, action: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = picture
        self._drawing = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.says = QLabel(sentence, wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.says.setMinimumWidth(_NARROWEST)
        self.button = QPushButton(action) if action else None
        column = QVBoxLayout(self)
        column.setContentsMargins(WIDE, WIDE, WIDE, WIDE)
        column.setSpacing(ROOM)
        column.addStretch(1)
        column.addWidget(self._drawing)
        column.addWidget(self.says)
        if self.button is not None:
            make_primary(self.button)
            column.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the picture out where there is room for the words alone."""
        super().resizeEvent(event)
        self._drawing.setVisible(self.height() >= _LOWEST)

    def _draw(self) -> None:
        scale = self.devicePixelRatioF()
        self._drawing.setPixmap(
            draw_picture(f"picture-{self._picture}", _PICTURE, current_scheme().faint, scale)
        )


class ElidedLabel(QLabel):
    """One line that takes the room there is: what does not fit ends in an ellipsis, and is in the tooltip."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(text)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = QPainter(self)
        area, text = self.contentsRect(), self.text()
        shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        self.style().drawItemText(
            painter,
            area,
            self.alignment().value,
            self.palette(),
            self.isEnabled(),
            shown,
            self.foregroundRole(),
        )
        painter.end()
