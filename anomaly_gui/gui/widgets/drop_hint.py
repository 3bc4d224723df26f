"""What a drop would do, laid over the part of the window that takes it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QDragEnterEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

_TAKES_FILES = "takes_files"
_INSET, _ROUND, _LINE = 6, 10, 3  # pixels
_COVER = 225  # of 255: what is below stays to be seen


def take_files(widget: QWidget) -> None:
    """Let a widget take the drops over it and over all that is in it."""
    widget.setAcceptDrops(True)
    widget.setProperty(_TAKES_FILES, True)


def let_drops_through(window: QWidget) -> None:
    """Let files dropped on any part of a window reach the window, or the part that says it takes them.

    Pictures, plots and text fields would take them by themselves, and do nothing or write their addresses.
    """
    for widget in window.findChildren(QWidget):
        if widget.acceptDrops() and not widget.property(_TAKES_FILES):
            widget.setAcceptDrops(False)


def has_files(event: QDragEnterEvent) -> bool:
    """Tell whether a drag brings files or folders of this machine."""
    return any(url.isLocalFile() for url in event.mimeData().urls())


class DropHint(QWidget):
    """A sentence over a widget while files are held over it; it goes when they are dropped or taken away."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over, self.text = over, ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        over.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 - Qt's signature
        """Hide when the drag is over."""
        if event.type() in (QEvent.Type.DragLeave, QEvent.Type.Drop):
            self.hide()
        return False

    def show_text(self, text: str) -> None:
        """Say what a drop would do."""
        self.text = text
        self.setAccessibleName(text)
        self.setGeometry(self._over.rect())
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        cover = QColor(self.palette().color(QPalette.ColorRole.Base))
        cover.setAlpha(_COVER)
        area = QRectF(self.rect()).adjusted(_INSET, _INSET, -_INSET, -_INSET)
        painter.setPen(QPen(accent, _LINE, Qt.PenStyle.DashLine))
        painter.setBrush(cover)
        painter.drawRoundedRect(area, _ROUND, _ROUND)
        font = self.font()
        font.setBold(True)
        if self.height() > 200:  # over a whole window it is read from further away
            font.setPointSizeF(font.pointSizeF() * 1.8)
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(area.adjusted(12, 8, -12, -8), words, self.text)
        painter.end()
