"""A soft change from one page to the next: the old one fades over the new one, which works at once."""

from __future__ import annotations

from PySide6.QtCore import QAbstractAnimation, Qt, QVariantAnimation, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QStyle, QWidget

from anomaly_gui.gui.style.tokens import FADE


class PageFade(QWidget):
    """A picture of a page that was, over its successor, for a moment; the mouse goes through it."""

    def __init__(self, page: QWidget, picture: QPixmap) -> None:
        super().__init__(page)
        self._picture = picture
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setGeometry(page.rect())
        self._fading = QVariantAnimation(self)
        self._fading.setStartValue(1.0)
        self._fading.setEndValue(0.0)
        self._fading.setDuration(FADE)
        self._fading.valueChanged.connect(self.update)
        self._fading.finished.connect(self._on_finished)
        self._fading.start(QAbstractAnimation.DeletionPolicy.KeepWhenStopped)
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = QPainter(self)
        painter.setOpacity(float(self._fading.currentValue()))
        painter.drawPixmap(0, 0, self._picture)
        painter.end()

    @Slot()
    def _on_finished(self) -> None:
        self.hide()
        self.deleteLater()


def fade_from(page: QWidget) -> QPixmap | None:
    """Return a picture of a page to be faded out, None where nothing is to move."""
    moves = page.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0
    return page.grab() if moves and page.isVisible() else None
