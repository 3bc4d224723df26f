"""A picture that can be zoomed and moved."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

from anomaly_gui.gui.style.icons import draw_picture
from anomaly_gui.gui.style.scheme import current_scheme

_EMPTY = QSize(160, 100)  # pixels of what is drawn where no picture is
_STEP = 1.2
_LARGEST = 40.0


class PictureView(QGraphicsView):
    """Shows a picture whole until it is zoomed: the wheel zooms, dragging moves it.

    A double click shows it pixel by pixel, another one whole again.

    Attributes
    ----------
    drawn_when_empty : the drawing of the family that is there while no picture is
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setScene(QGraphicsScene(self))
        self._picture = self.scene().addPixmap(QPixmap())
        self.drawn_when_empty = ""
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
        self.fit_picture()

    def fit_picture(self) -> None:
        """Show the whole picture; a small one no coarser than its pixels allow."""
        self._is_fitted = True
        if not self._picture.pixmap().isNull():
            self._show_area(self.picture_rect)

    @property
    def is_whole(self) -> bool:
        """Whether the whole picture is shown, however large the view becomes."""
        return self._is_fitted

    @property
    def picture_rect(self) -> QRectF:
        """Where the picture is in the scene: its size in pixels, from 0; empty for none."""
        return QRectF(self._picture.pixmap().rect())

    def zoom_to(self, area: QRectF) -> None:
        """Show a part of the picture, in its pixels, as large as it fits."""
        if not self.picture_rect.isEmpty():
            self._is_fitted = False
            self._show_area(area)

    def _show_area(self, area: QRectF) -> None:
        self.fitInView(area, Qt.AspectRatioMode.KeepAspectRatio)
        coarse = self.transform().m11() > 2
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not coarse)

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Draw the ground, and on it that there is no picture where there is none."""
        super().drawBackground(painter, rect)
        if self.drawn_when_empty and self.picture_rect.isEmpty():
            colour, scale = current_scheme().edge, self.devicePixelRatioF()
            corner = QRectF(self.viewport().rect()).center() - QPointF(
                _EMPTY.width() / 2, _EMPTY.height() / 2
            )
            painter.save()
            painter.resetTransform()
            painter.drawPixmap(corner, draw_picture(self.drawn_when_empty, _EMPTY, colour, scale))
            painter.restore()

    def show_actual_size(self) -> None:
        """Show one pixel of the picture on one of the screen."""
        self._is_fitted = False
        self.resetTransform()

    def wheelEvent(self, event: QWheelEvent) -> None:
        factor = _STEP if event.angleDelta().y() > 0 else 1 / _STEP
        if self.transform().m11() * factor < _LARGEST:
            self._is_fitted = False
            self.scale(factor, factor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002 - Qt's signature
        if self._is_fitted:
            self.show_actual_size()
        else:
            self.fit_picture()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_fitted:
            self.fit_picture()
