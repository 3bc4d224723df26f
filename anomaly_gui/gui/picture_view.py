"""A picture that can be zoomed and moved."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

_STEP = 1.2
_LARGEST = 40.0


class PictureView(QGraphicsView):
    """Shows a picture whole until it is zoomed: the wheel zooms, dragging moves it.

    A double click shows it pixel by pixel, another one whole again.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setScene(QGraphicsScene(self))
        self._picture = self.scene().addPixmap(QPixmap())
        self._is_fitted = True
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setMinimumSize(120, 120)

    def show_image(self, image: QImage) -> None:
        """Show another picture, whole; a null image for none."""
        self._picture.setPixmap(QPixmap.fromImage(image))
        self.scene().setSceneRect(QRectF(self._picture.pixmap().rect()))
        self.fit()

    def fit(self) -> None:
        """Show the whole picture; a small one no coarser than its pixels allow."""
        self._is_fitted = True
        if not self._picture.pixmap().isNull():
            self.fitInView(self._picture, Qt.AspectRatioMode.KeepAspectRatio)
            coarse = self.transform().m11() > 2
            self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not coarse)

    def show_actual_size(self) -> None:
        """Show one pixel of the picture on one of the screen."""
        self._is_fitted = False
        self.resetTransform()

    def wheelEvent(self, event: QWheelEvent) -> None:
        factor = _STEP if event.angleDelta().y() > 0 else 1 / _STEP
        if self.transform().m11() * factor < _LARGEST:
            self._is_fitted = False
            self.scale(factor, factor)

    def mouseDoubleClickEvent(self, event: object) -> None:  # noqa: ARG002 - Qt's signature
        if self._is_fitted:
            self.show_actual_size()
        else:
            self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_fitted:
            self.fit()
