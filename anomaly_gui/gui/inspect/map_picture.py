"""A picture under its anomaly map: boxes around its regions, and a divider between picture and map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from anomaly_gui.gui.widgets.map_layer import MapMode, MapSettings, colour_map
from anomaly_gui.gui.widgets.picture_view import PictureView

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.figures.map_colours import Box

    class RegionLike(Box, Protocol):
        """A place above 1.0, such as `anomaly_gui.detection.detectors.anomaly_maps.Region`."""

        @property
        def area(self) -> int:
            """Its pixels."""

        @property
        def peak(self) -> float:
            """The highest value in it."""


_GRIP = 7  # pixels to either side of the divider, in which it is taken
_SMALLEST_BOX = 14.0  # pixels of the window: smaller ones could not be clicked
_SURROUNDINGS = 1.0  # widths of a region shown to either side of it
_LEAST_SHOWN = 0.1  # of the picture's longer side: a few pixels alone tell nothing
_RIM, _LINE = QColor(0, 0, 0, 170), QColor(255, 255, 255)


class MapPicture(PictureView):
    """A picture under its map: boxes around the regions, and the divider between picture and map."""

    region_clicked = Signal(int)

    def __init__(self, settings: MapSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._map = QPixmap()
        self._regions: tuple[RegionLike, ...] = ()
        self._pressed: QPoint | None = None
        self._is_dividing, self._was_whole, self._is_at_region = False, True, False
        # the divider stays where it is while the picture moves under it
        self.setViewportUpdateMode(PictureView.ViewportUpdateMode.FullViewportUpdate)
        self.setResizeAnchor(PictureView.ViewportAnchor.AnchorViewCenter)
        self.viewport().setMouseTracking(True)
        settings.changed.connect(self._on_settings_changed)

    def show_map(self, anomaly_map: FloatArray | None, regions: Sequence[RegionLike] = ()) -> None:
        """Lay another map (rows, columns) over the picture; None for none."""
        self._map = QPixmap() if anomaly_map is None else colour_map(anomaly_map)
        self._regions = () if anomaly_map is None else tuple(regions)
        self.viewport().update()

    def fit_picture(self) -> None:
        self._is_at_region = False
        super().fit_picture()

    def show_region(self, place: int) -> None:
        """Zoom in on a region, so that its surroundings are in sight, too."""
        one, whole = self._regions[place], self.picture_rect
        least = _LEAST_SHOWN * max(whole.width(), whole.height())
        area = _grow_area(
            QRectF(one.x, one.y, one.width, one.height), _SURROUNDINGS * max(one.width, one.height)
        )
        self.zoom_to(_enlarge_area(area, least))
        self._is_at_region = True

    @Slot()
    def _on_settings_changed(self) -> None:
        self.viewport().update()

    # where things are

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

    def box_of(self, region: RegionLike) -> QRectF:
        """Return the box that is drawn around a region, in pixels of the picture, large enough to click."""
        scale = max(self.transform().m11(), 1e-6)
        area = _grow_area(QRectF(region.x, region.y, region.width, region.height), 3 / scale)
        return _enlarge_area(area, _SMALLEST_BOX / scale)

    def region_at(self, place: QPoint) -> int:
        """Return which region's box is at a place in the view, the smallest of several; -1 for none."""
        point = self.mapToScene(place)
        if not self._shows_map or (self._is_split and place.x() < self.divider_x):
            return -1
        hit = [n for n, region in enumerate(self._regions) if self.box_of(region).contains(point)]
        return min(hit, key=lambda n: self._regions[n].width * self._regions[n].height, default=-1)

    def _is_at_divider(self, place: QPoint) -> bool:
        return self._is_split and abs(place.x() - self.divider_x) <= _GRIP

    # drawing

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:  # noqa: ARG002 - Qt's signature
        if not self._shows_map:
            return
        painter.save()
        painter.setClipRect(self._area_of_map, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(self._settings.opacity)
        painter.drawPixmap(self.picture_rect, self._map, QRectF(self._map.rect()))
        painter.restore()
        self._draw_boxes(painter)
        if self._is_split:
            self._draw_divider(painter)

    def _draw_boxes(self, painter: QPainter) -> None:
        painter.save()
        if self._is_split:  # boxes at the edge reach over the picture, but never over the plain half
            painter.setClipRect(self._area_of_map.adjusted(0, -1e6, 1e6, 1e6), Qt.ClipOperation.IntersectClip)
        boxes = [self.box_of(region) for region in self._regions]
        for colour, width in ((_RIM, 4), (_LINE, 2)):
            pen = QPen(colour, width, j=Qt.PenJoinStyle.MiterJoin)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawRects(boxes)
        painter.restore()

    def _draw_divider(self, painter: QPainter) -> None:
        room, x = self._in_sight, self.divider_x
        painter.save()
        painter.resetTransform()  # from here on in pixels of the view
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(x - 2, room.top(), 4, room.height(), _RIM)
        painter.fillRect(x - 1, room.top(), 2, room.height(), _LINE)
        painter.setPen(QPen(_RIM, 1.5))
        painter.setBrush(_LINE)
        painter.drawRoundedRect(QRectF(x - 6, room.center().y() - 14, 12, 28), 6, 6)
        for offset in (-2, 2):
            painter.drawLine(x + offset, room.center().y() - 5, x + offset, room.center().y() + 5)
        painter.restore()

    # the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place, is_left = event.position().toPoint(), event.button() == Qt.MouseButton.LeftButton
        self._pressed = place if is_left else None
        self._was_whole = self.is_whole
        self._is_dividing = is_left and self._is_at_divider(place)
        if not self._is_dividing:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        if self._is_dividing:
            room = self._in_sight
            self._settings.set_divider((place.x() - room.left()) / max(room.width(), 1))
            return
        super().mouseMoveEvent(event)
        if event.buttons() == Qt.MouseButton.NoButton:
            self._show_hint(place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        place, pressed = event.position().toPoint(), self._pressed
        was_dividing, self._is_dividing, self._pressed = self._is_dividing, False, None
        if pressed is None or was_dividing:
            return
        if (place - pressed).manhattanLength() < QApplication.startDragDistance():
            self._click_at(place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._is_at_divider(event.position().toPoint()):
            self._settings.set_divider(0.5)
        elif self._was_whole and self.is_whole:
            super().mouseDoubleClickEvent(event)
        else:  # also when the first of the two clicks showed a region, or the whole again
            self.fit_picture()

    def _click_at(self, place: QPoint) -> None:
        region = self.region_at(place)
        if region >= 0:
            self.show_region(region)
            self.region_clicked.emit(region)
        elif self._is_at_region:
            self.fit_picture()

    def _show_hint(self, place: QPoint) -> None:
        """Say by pointer and tooltip what a click here does."""
        region = self.region_at(place)
        if self._is_at_divider(place):
            self.viewport().setCursor(Qt.CursorShape.SplitHCursor)
            self._picture.setToolTip(self.tr("Drag the divider; a double click puts it in the middle"))
        elif region >= 0:
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
            self._picture.setToolTip(self._describe_region(region))
        else:
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
            self._picture.setToolTip("")

    def _describe_region(self, place: int) -> str:
        one = self._regions[place]
        text = self.tr("Region %1: peak %2, %3 pixels. A click zooms in; one beside it shows the whole")
        text = text.replace("%1", str(place + 1)).replace("%2", f"{one.peak:.2f}")
        return text.replace("%3", f"{one.area:,}")


def _grow_area(area: QRectF, margin: float) -> QRectF:
    return area.adjusted(-margin, -margin, margin, margin)


def _enlarge_area(area: QRectF, side: float) -> QRectF:
    """Return an area with the same centre and no side shorter than this."""
    return _grow_area_to(area, max(area.width(), side), max(area.height(), side))


def _grow_area_to(area: QRectF, width: float, height: float) -> QRectF:
    centre = area.center()
    return QRectF(centre.x() - width / 2, centre.y() - height / 2, width, height)
