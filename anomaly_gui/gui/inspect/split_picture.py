"""A picture under its anomaly map, all over or to the right of a divider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from anomaly_gui.gui.widgets.map_layer import MapMode, MapSettings, colour_map
from anomaly_gui.gui.widgets.picture_view import PictureView

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from anomaly_gui.detection.arrays.kinds import FloatArray

_GRIP = 7  # pixels to either side of the divider, in which it is taken
RIM, LINE = QColor(0, 0, 0, 170), QColor(255, 255, 255)
"""The colours of what is drawn over pictures: seen on dark and on light ones."""


class SplitPicture(PictureView):
    """Shows the map as the settings say; where it is split, the divider stays while the picture moves."""

    def __init__(self, settings: MapSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._map = QPixmap()
        self._values: FloatArray | None = None
        self._palette = settings.palette
        self.setViewportUpdateMode(PictureView.ViewportUpdateMode.FullViewportUpdate)
        self.setResizeAnchor(PictureView.ViewportAnchor.AnchorViewCenter)
        settings.changed.connect(self._on_settings_changed)

    def lay_map(self, anomaly_map: FloatArray | None) -> None:
        """Lay another map (rows, columns) over the picture; None for none."""
        self._values = anomaly_map
        self._colour_map()
        self.viewport().update()

    def _colour_map(self) -> None:
        self._palette = self._settings.palette
        self._map = QPixmap() if self._values is None else colour_map(self._values, self._palette)

    @Slot()
    def _on_settings_changed(self) -> None:
        if self._palette is not self._settings.palette:
            self._colour_map()
        self.viewport().update()

    @property
    def _shows_map(self) -> bool:
        return self._settings.mode is not MapMode.IMAGE and not self._map.isNull()

    @property
    def _is_split(self) -> bool:
        return self._settings.mode is MapMode.SPLIT and self._shows_map and not self.picture_rect.isEmpty()

    @property
    def _in_sight(self) -> QRect:
        """The part of the window in which the picture is."""
        picture = self.mapFromScene(self.picture_rect).boundingRect()
        return picture.intersected(self.viewport().rect())

    @property
    def divider_x(self) -> int:
        """Where the divider is, in pixels from the view's left edge."""
        room = self._in_sight
        return room.left() + round(self._settings.divider * room.width())

    @property
    def _area_of_map(self) -> QRectF:
        """Where the map is shown, in pixels of the picture."""
        if not self._is_split:
            return self.picture_rect
        left = self.mapToScene(QPoint(self.divider_x, 0)).x()
        whole = self.picture_rect
        return QRectF(QPointF(left, whole.top()), whole.bottomRight())

    def _is_at_divider(self, position: QPoint) -> bool:
        return self._is_split and abs(position.x() - self.divider_x) <= _GRIP

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:  # noqa: ARG002 - Qt's signature
        if not self._shows_map:
            return
        painter.save()
        painter.setClipRect(self._area_of_map, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(self._settings.opacity)
        painter.drawPixmap(self.picture_rect, self._map, QRectF(self._map.rect()))
        painter.restore()

    def _draw_divider(self, painter: QPainter) -> None:
        room, x = self._in_sight, self.divider_x
        painter.save()
        painter.resetTransform()  # from here on in pixels of the view
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(x - 2, room.top(), 4, room.height(), RIM)
        painter.fillRect(x - 1, room.top(), 2, room.height(), LINE)
        painter.setPen(QPen(RIM, 1.5))
        painter.setBrush(LINE)
        painter.drawRoundedRect(QRectF(x - 6, room.center().y() - 14, 12, 28), 6, 6)
        for offset in (-2, 2):
            painter.drawLine(x + offset, room.center().y() - 5, x + offset, room.center().y() + 5)
        painter.restore()
