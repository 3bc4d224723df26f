"""A picture with its region of interest: what does not count lies in the shade."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsView, QWidget

from anomaly_gui.detection.images.region_of_interest import ELLIPSE, POLYGON, RECTANGLE
from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.gui.state.label_colours import label_colour
from anomaly_gui.gui.widgets.picture_view import PictureView

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QMouseEvent

    from anomaly_gui.detection.images.region_of_interest import Point, Shape

_SHADE = QColor(0, 0, 0, 150)
_HATCH = QColor(255, 255, 255, 50)  # tells shade from a dark part
_HALO = QColor(0, 0, 0, 170)
_HANDLE = 8.0  # pixels of the screen
_NEAR = 8.0  # pixels of the screen: what is as near as that is meant
LEAST_DRAG = 3.0
"""Pixels of the screen: less is a hand that trembles."""


class RegionScene(PictureView):
    """Shows shapes on a picture, the selected one with handles, and one that is being drawn."""

    def __init__(self, image: QImage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDragMode(QGraphicsView.DragMode.NoDrag)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.keep = True
        self.selected = -1
        self._width, self._height = max(image.width(), 1), max(image.height(), 1)
        self._shown: tuple[Shape, ...] = ()
        self._paths: list[tuple[QPainterPath, bool]] = []
        self._draft_kind = RECTANGLE
        self._draft: tuple[Point, ...] = ()
        self._pointer: Point = (0.0, 0.0)
        self.show_image(image)

    def _set_shapes(self, shapes: tuple[Shape, ...]) -> None:
        self._shown = shapes
        self._paths = [(self._make_path(shape.kind, shape.points), shape.keep) for shape in shapes]
        self.viewport().update()

    def _make_path(self, kind: str, points: Iterable[Point]) -> QPainterPath:
        corners = [self._in_scene(point) for point in points]
        path = QPainterPath()
        if kind == POLYGON:
            path.addPolygon(QPolygonF(corners))
            path.closeSubpath()
        elif kind == ELLIPSE:
            path.addEllipse(QRectF(corners[0], corners[1]).normalized())
        else:
            path.addRect(QRectF(corners[0], corners[1]).normalized())
        return path

    def _in_scene(self, point: Point) -> QPointF:
        return QPointF(point[0] * self._width, point[1] * self._height)

    def _on_screen(self, point: Point) -> QPointF:
        """Return where a point of the image is, in pixels of the viewport."""
        return self.viewportTransform().map(self._in_scene(point))

    def drawForeground(self, painter: QPainter, rect: object) -> None:  # noqa: ARG002 - Qt's signature
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.resetTransform()
        painter.drawImage(QPointF(0, 0), self._make_shading())
        for path, keep in self._paths:
            self._draw_line(painter, path, keep)
        if self._draft:
            self._draw_line(painter, self._draft_path(), self.keep)
        self._draw_handles(painter)
        painter.restore()

    def _make_shading(self) -> QImage:
        """Paint what does not count, for each pixel of the screen."""
        ratio = self.devicePixelRatioF()
        shading = QImage(self.viewport().size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        shading.setDevicePixelRatio(ratio)
        shading.fill(Qt.GlobalColor.transparent)
        if self._paths:
            painter = QPainter(shading)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setTransform(self.viewportTransform())
            self._fill_ignored(painter)
            painter.resetTransform()
            mode, area = QPainter.CompositionMode, QRectF(self.viewport().rect())
            painter.setCompositionMode(mode.CompositionMode_SourceIn)
            painter.fillRect(area, _SHADE)
            painter.setCompositionMode(mode.CompositionMode_SourceAtop)
            painter.fillRect(area, QBrush(_HATCH, Qt.BrushStyle.BDiagPattern))
            painter.end()
        return shading

    def _fill_ignored(self, painter: QPainter) -> None:
        black = QBrush(Qt.GlobalColor.black)
        if any(keep for _, keep in self._paths):
            painter.fillRect(QRectF(0, 0, self._width, self._height), black)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOut)
        for path, keep in self._paths:
            if keep:
                painter.fillPath(path, black)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        for path, keep in self._paths:
            if not keep:
                painter.fillPath(path, black)

    def _draw_line(self, painter: QPainter, path: QPainterPath, keep: bool) -> None:
        seen = self.viewportTransform().map(path)  # the line is as wide at any zoom
        for colour, width in ((_HALO, 4), (self._choose_colour(keep), 2)):
            pen = QPen(colour, width)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            if not keep:
                pen.setDashPattern([12 / width, 8 / width])  # in widths: both lines alike
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.strokePath(seen, pen)

    def _choose_colour(self, keep: bool) -> QColor:
        return self.palette().color(QPalette.ColorRole.Accent) if keep else label_colour(ImageLabel.DEFECT)

    def _draft_path(self) -> QPainterPath:
        if self._draft_kind != POLYGON:
            return self._make_path(self._draft_kind, (self._draft[0], self._pointer))
        path = QPainterPath()
        path.addPolygon(QPolygonF([self._in_scene(point) for point in (*self._draft, self._pointer)]))
        return path

    def _draw_handles(self, painter: QPainter) -> None:
        has_selected = 0 <= self.selected < len(self._shown)
        corners = self._shown[self.selected].corners if has_selected else ()
        keep = self._shown[self.selected].keep if has_selected else self.keep
        painter.setPen(QPen(self._choose_colour(keep), 2))
        painter.setBrush(QColor(Qt.GlobalColor.white))
        for corner in (*corners, *self._draft):
            centre = self._on_screen(corner)
            painter.drawRect(QRectF(centre.x() - _HANDLE / 2, centre.y() - _HANDLE / 2, _HANDLE, _HANDLE))

    def _point_under(self, event: QMouseEvent) -> Point:
        """Return the point in the image, the nearest one for a mouse beside it."""
        scene = self.viewportTransform().inverted()[0].map(event.position())
        return clamp_share(scene.x() / self._width), clamp_share(scene.y() / self._height)

    def _is_near(self, position: QPointF, point: Point) -> bool:
        way = self._on_screen(point) - position
        return max(abs(way.x()), abs(way.y())) <= _NEAR

    def _corner_at(self, position: QPointF) -> int | None:
        corners = self._shown[self.selected].corners if self.selected >= 0 else ()
        near = (number for number, corner in enumerate(corners) if self._is_near(position, corner))
        return next(near, None)

    def _shape_at(self, position: QPointF) -> int:
        """Return the number of the shape drawn last of those under the mouse, -1 for none."""
        around = QRectF(position.x() - LEAST_DRAG, position.y() - LEAST_DRAG, 2 * LEAST_DRAG, 2 * LEAST_DRAG)
        area = self.viewportTransform().inverted()[0].mapRect(around)
        hit = (number for number, (path, _) in enumerate(self._paths) if path.intersects(area))
        return max(hit, default=-1)


def clamp_share(value: float) -> float:
    """Return the nearest value that is in the image, 0 to 1."""
    return min(max(value, 0.0), 1.0)
