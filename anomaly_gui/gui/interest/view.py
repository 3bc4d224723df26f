"""What the mouse does to a region of interest: it draws, selects, moves and resizes shapes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent

from anomaly_gui.detection.images.region_of_interest import MOST_CORNERS, POLYGON, RECTANGLE, Shape
from anomaly_gui.errors import ParameterError
from anomaly_gui.gui.interest.scene import LEAST_DRAG, RegionScene, clamp_share

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from anomaly_gui.detection.images.region_of_interest import Point

SELECT = "select"


@dataclass
class _Grip:
    """A shape held by the mouse, at one of its corners or (None) as a whole."""

    number: int
    corner: int | None
    shape: Shape
    start: Point
    pressed: QPointF
    is_dragged: bool = False


class RegionView(RegionScene):
    """Turns what the mouse does into facts; whoever hears of them answers with `show_shapes`.

    The middle button moves the picture, the wheel zooms.
    """

    drawn = Signal(str, object)  # kind, points
    changed = Signal(int, object)  # number, the new Shape
    selection_changed = Signal()
    drawing_changed = Signal()
    problem_met = Signal(str)

    def __init__(self, image: QImage, parent: QWidget | None = None) -> None:
        super().__init__(image, parent)
        self._tool = RECTANGLE
        self._grip: _Grip | None = None
        self._hand: QPointF | None = None
        self.viewport().setMouseTracking(True)
        self.set_tool(RECTANGLE)

    @property
    def is_drawing(self) -> bool:
        """Tell whether a shape was begun and is not finished."""
        return bool(self._draft)

    def set_tool(self, tool: str) -> None:
        """Take `SELECT`, or the kind of shape to be drawn; a shape that was begun is dropped."""
        self._tool = tool
        self._draft_kind = tool
        self._set_draft(())
        if tool != SELECT:
            self.select_shape(-1)
        is_drawn = tool != SELECT
        self.viewport().setCursor(Qt.CursorShape.CrossCursor if is_drawn else Qt.CursorShape.ArrowCursor)

    def show_shapes(self, shapes: tuple[Shape, ...], selected: int = -1) -> None:
        """Show these shapes; with the tool `SELECT`, one of them with handles, or none for -1."""
        self._grip = None
        self._set_shapes(shapes)
        self.select_shape(selected if self._tool == SELECT else -1)

    def select_shape(self, number: int) -> None:
        """Give a shape handles, or none for -1."""
        self.selected = number
        self.viewport().update()
        self.selection_changed.emit()

    def finish_shape(self) -> None:
        """Close the shape that was begun."""
        if self._draft_kind != POLYGON:
            self._finish_box()
        elif len(self._draft) < 3:
            self.problem_met.emit(self.tr("A polygon needs three corners at least."))
        else:
            points = self._draft
            self._set_draft(())
            self.drawn.emit(POLYGON, points)

    def _finish_box(self) -> None:
        points = (self._draft[0], self._pointer)
        self._set_draft(())
        way = self._on_screen(points[1]) - self._on_screen(points[0])
        if min(abs(way.x()), abs(way.y())) < LEAST_DRAG:
            self.problem_met.emit(self.tr("Press the button at one corner, and let go at the opposite one."))
        else:
            self.drawn.emit(self._draft_kind, points)

    def drop_corner(self) -> None:
        """Take back the last corner of the shape that was begun, or its beginning."""
        self._set_draft(self._draft[:-1])

    def _set_draft(self, points: tuple[Point, ...]) -> None:
        self._draft = points
        self.viewport().update()
        self.drawing_changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pointer = self._point_under(event)
        if event.button() == Qt.MouseButton.MiddleButton:
            self._hand = event.position()
        elif event.button() != Qt.MouseButton.LeftButton:
            return
        elif self._tool == SELECT:
            self._take_hold(event.position())
        elif self._tool == POLYGON:
            self._add_corner(event.position())
        else:
            self._set_draft((self._pointer,))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)  # remembers what is under the mouse, for the wheel
        self._pointer = self._point_under(event)
        if self._hand is not None:
            self._scroll_by(event.position() - self._hand)
            self._hand = event.position()
        elif self._grip is not None:
            self._drag_shape(self._grip, event.position())
        elif self._draft:
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            self._hand = None
        elif event.button() == Qt.MouseButton.LeftButton and self._grip is not None:
            self._let_go(self._grip)
        elif event.button() == Qt.MouseButton.LeftButton and self._draft and self._tool != POLYGON:
            self._pointer = self._point_under(event)
            self.finish_shape()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._tool != POLYGON:
            self.mousePressEvent(event)
        elif self._draft and event.button() == Qt.MouseButton.LeftButton:
            self.finish_shape()  # its first click has set the last corner

    def _scroll_by(self, way: QPointF) -> None:
        for bar, distance in ((self.horizontalScrollBar(), way.x()), (self.verticalScrollBar(), way.y())):
            bar.setValue(bar.value() - round(distance))

    def _add_corner(self, position: QPointF) -> None:
        is_closed = len(self._draft) >= 3 and self._is_near(position, self._draft[0])
        if is_closed or len(self._draft) == MOST_CORNERS:
            self.finish_shape()
        else:
            self._set_draft((*self._draft, self._pointer))

    def _take_hold(self, position: QPointF) -> None:
        corner = self._corner_at(position)
        if corner is None:
            self.select_shape(self._shape_at(position))
        if self.selected >= 0:
            shape = self._shown[self.selected]
            self._grip = _Grip(self.selected, corner, shape, self._pointer, position)

    def _drag_shape(self, grip: _Grip, position: QPointF) -> None:
        grip.is_dragged |= (position - grip.pressed).manhattanLength() >= LEAST_DRAG
        if grip.is_dragged:
            shapes = list(self._shown)
            shapes[grip.number] = self._move_shape(grip, shapes[grip.number])
            self._set_shapes(tuple(shapes))

    def _move_shape(self, grip: _Grip, shown: Shape) -> Shape:
        right, down = self._pointer[0] - grip.start[0], self._pointer[1] - grip.start[1]
        try:
            if grip.corner is None:
                return grip.shape.move_by(right, down)
            x, y = grip.shape.corners[grip.corner]
            return grip.shape.with_corner(grip.corner, (clamp_share(x + right), clamp_share(y + down)))
        except ParameterError:  # a corner on its opposite one: what is shown stays until the mouse moves on
            return shown

    def _let_go(self, grip: _Grip) -> None:
        self._grip = None
        shape = self._shown[grip.number]
        if shape != grip.shape:
            self.changed.emit(grip.number, shape)
