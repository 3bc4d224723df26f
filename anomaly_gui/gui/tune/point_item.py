"""All points of a scatter as one item: drawn as a picture of what is seen, whatever their number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.gui.state.label_colours import label_colour
from anomaly_gui.gui.tune.point_raster import (
    CIRCLE,
    SQUARE,
    TRIANGLE,
    Layer,
    SeenArea,
    draw_layers,
    radius_for,
)

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray

_SHAPES = {ImageLabel.GOOD: CIRCLE, ImageLabel.DEFECT: TRIANGLE, ImageLabel.NONE: SQUARE}
_ORDER = (ImageLabel.NONE, ImageLabel.GOOD, ImageLabel.DEFECT)  # what must not be overlooked lies on top


class PointItem(pg.GraphicsObject):
    """Points with a label each. x is the index in the list, from 0."""

    def __init__(self) -> None:
        super().__init__()
        self._y: FloatArray = np.empty(0, np.float32)
        self._x_of: dict[ImageLabel, FloatArray] = {}
        self._y_of: dict[ImageLabel, FloatArray] = {}

    def set_points(self, scores: FloatArray, labels: IntArray) -> None:
        """Show (points,) scores, NaN for none, with their `ImageLabel` values."""
        self.prepareGeometryChange()
        self._y = scores.astype(np.float32)
        seen = np.isfinite(self._y)
        for label in _ORDER:
            indices = np.flatnonzero((labels == label) & seen)
            self._x_of[label], self._y_of[label] = indices.astype(np.float32), self._y[indices]
        self.update()

    def boundingRect(self) -> QRectF:
        """Return all that is seen: what is drawn is a picture of that."""
        return QRectF(self.viewRect())

    def viewTransformChanged(self) -> None:
        """Hear from pyqtgraph that another part is seen."""
        self.prepareGeometryChange()
        super().viewTransformChanged()

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,  # noqa: ARG002 - Qt's signature
        widget: QWidget | None = None,  # noqa: ARG002
    ) -> None:
        box = self.getViewBox()
        if box is None or not len(self._y):
            return
        ratio = painter.device().devicePixelRatioF()
        (left, right), (bottom, top) = box.viewRange()
        size = box.rect().size()
        width, height = round(size.width() * ratio), round(size.height() * ratio)
        if width < 1 or height < 1 or right <= left or top <= bottom:
            return
        view = SeenArea(left, right, bottom, top, width, height)
        count = int(np.clip(min(right, len(self._y)) - max(left, 0), 1, None))
        picture = draw_layers(self._make_layers(), view, radius_for(count) * ratio)
        image = QImage(picture.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
        corner = painter.worldTransform().map(QPointF(left, top))
        painter.save()
        painter.resetTransform()
        painter.drawImage(QRectF(corner.x(), corner.y(), width / ratio, height / ratio), image)
        painter.restore()

    def _make_layers(self) -> list[Layer]:
        layers = []
        for label in _ORDER:
            colour = label_colour(label)
            plain = colour.red(), colour.green(), colour.blue()
            layers.append(Layer(self._x_of[label], self._y_of[label], plain, _SHAPES[label]))
        return layers
