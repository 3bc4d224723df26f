"""A picture under its anomaly map: boxes around its regions, and a divider between picture and map."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QApplication, QWidget

from anomaly_gui.gui.inspect.split_picture import LINE, RIM, SplitPicture

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.figures.map_colours import Box
    from anomaly_gui.gui.widgets.map_layer import MapSettings

    class RegionLike(Box, Protocol):
        """A spot above 1.0, such as `anomaly_gui.detection.detectors.anomaly_maps.Region`."""

        @property
        def area(self) -> int:
            """Its pixels."""

        @property
        def peak(self) -> float:
            """The highest value in it; NaN where it is not known any more."""


_SMALLEST_BOX = 14.0  # pixels of the window: smaller ones could not be clicked
_SURROUNDINGS = 1.0  # widths of a region shown to either side of it
_LEAST_SHOWN = 0.1  # of the picture's longer side: a few pixels alone tell nothing


class MapPicture(SplitPicture):
    """A picture under its map: boxes around the regions, which a click shows, and a divider to drag."""

    region_clicked = Signal(int)

    def __init__(self, settings: MapSettings, parent: QWidget | None = None) -> None:
        super().__init__(settings, parent)
        self._regions: tuple[RegionLike, ...] = ()
        self._outlined = 0
        self._pressed: QPoint | None = None
        self._is_dividing, self._was_whole, self._is_at_region = False, True, False
        self.viewport().setMouseTracking(True)

    def show_map(
        self,
        anomaly_map: FloatArray | None,
        regions: Sequence[RegionLike] = (),
        *,
        outlined: int = 0,
    ) -> None:
        """Lay another map (rows, columns) over the picture; None for none.

        The first `outlined` of the regions are drawn without the map, too: a defect shows where.
        """
        self._outlined = outlined
        self._regions = tuple(regions)
        self.lay_map(anomaly_map)

    def fit_picture(self) -> None:
        self._is_at_region = False
        super().fit_picture()

    def show_region(self, index: int) -> None:
        """Zoom in on a region, so that its surroundings are in sight, too."""
        one, whole = self._regions[index], self.picture_rect
        least = _LEAST_SHOWN * max(whole.width(), whole.height())
        area = _grow_area(
            QRectF(one.x, one.y, one.width, one.height), _SURROUNDINGS * max(one.width, one.height)
        )
        self.zoom_to(_enlarge_area(area, least))
        self._is_at_region = True

    # where things are

    def box_of(self, region: RegionLike) -> QRectF:
        """Return the box that is drawn around a region, in pixels of the picture, large enough to click."""
        scale = max(self.transform().m11(), 1e-6)
        area = _grow_area(QRectF(region.x, region.y, region.width, region.height), 3 / scale)
        return _enlarge_area(area, _SMALLEST_BOX / scale)

    def region_at(self, position: QPoint) -> int:
        """Return which region's box is at a position of the view, the smallest of several; -1 for none."""
        point = self.mapToScene(position)
        if self._is_split and position.x() < self.divider_x:
            return -1
        hit = [n for n, region in enumerate(self._drawn) if self.box_of(region).contains(point)]
        return min(hit, key=lambda n: self._regions[n].width * self._regions[n].height, default=-1)

    @property
    def _drawn(self) -> tuple[RegionLike, ...]:
        """The regions with a box: all while the map is shown, the first of a defect's always."""
        return self._regions if self._shows_map else self._regions[: self._outlined]

    # drawing

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        super().drawForeground(painter, rect)
        if self._drawn:
            self._draw_boxes(painter)
        if self._is_split:
            self._draw_divider(painter)

    def _draw_boxes(self, painter: QPainter) -> None:
        painter.save()
        if self._is_split:  # boxes at the edge reach over the picture, but never over the plain half
            painter.setClipRect(self._area_of_map.adjusted(0, -1e6, 1e6, 1e6), Qt.ClipOperation.IntersectClip)
        boxes = [self.box_of(region) for region in self._drawn]
        for colour, width in ((RIM, 4), (LINE, 2)):
            pen = QPen(colour, width, j=Qt.PenJoinStyle.MiterJoin)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawRects(boxes)
        painter.restore()

    # the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        position, is_left = event.position().toPoint(), event.button() == Qt.MouseButton.LeftButton
        self._pressed = position if is_left else None
        self._was_whole = self.is_whole
        self._is_dividing = is_left and self._is_at_divider(position)
        if not self._is_dividing:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        position = event.position().toPoint()
        if self._is_dividing:
            room = self._in_sight
            self._settings.set_divider((position.x() - room.left()) / max(room.width(), 1))
            return
        super().mouseMoveEvent(event)
        if event.buttons() == Qt.MouseButton.NoButton:
            self._show_hint(position)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        position, pressed = event.position().toPoint(), self._pressed
        was_dividing, self._is_dividing, self._pressed = self._is_dividing, False, None
        if pressed is None or was_dividing:
            return
        if (position - pressed).manhattanLength() < QApplication.startDragDistance():
            self._click_at(position)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._is_at_divider(event.position().toPoint()):
            self._settings.set_divider(0.5)
        elif self._was_whole and self.is_whole:
            super().mouseDoubleClickEvent(event)
        else:  # also when the first of the two clicks showed a region, or the whole again
            self.fit_picture()

    def _click_at(self, position: QPoint) -> None:
        region = self.region_at(position)
        if region >= 0:
            self.show_region(region)
            self.region_clicked.emit(region)
        elif self._is_at_region:
            self.fit_picture()

    def _show_hint(self, position: QPoint) -> None:
        """Say by pointer and tooltip what a click here does."""
        region = self.region_at(position)
        if self._is_at_divider(position):
            self.viewport().setCursor(Qt.CursorShape.SplitHCursor)
            self._picture.setToolTip(self.tr("Drag the divider; a double click puts it in the middle"))
        elif region >= 0:
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
            self._picture.setToolTip(self._describe_region(region))
        else:
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
            self._picture.setToolTip("")

    def _describe_region(self, index: int) -> str:
        one = self._regions[index]
        if math.isnan(one.peak):
            text = self.tr("Region %1, as it was recorded. A click zooms in; one beside it shows the whole")
            return text.replace("%1", str(index + 1))
        text = self.tr("Region %1: peak %2, %3 pixels. A click zooms in; one beside it shows the whole")
        text = text.replace("%1", str(index + 1)).replace("%2", f"{one.peak:.2f}")
        return text.replace("%3", f"{one.area:,}")


def _grow_area(area: QRectF, margin: float) -> QRectF:
    return area.adjusted(-margin, -margin, margin, margin)


def _enlarge_area(area: QRectF, side: float) -> QRectF:
    """Return an area with the same centre and no side shorter than this."""
    return _grow_area_to(area, max(area.width(), side), max(area.height(), side))


def _grow_area_to(area: QRectF, width: float, height: float) -> QRectF:
    centre = area.center()
    return QRectF(centre.x() - width / 2, centre.y() - height / 2, width, height)
