"""The region of interest: which parts of an image count, and which are ignored.

Points are relative to the image: (0, 0) is its upper left corner, (1, 1) its lower right one, so that a
region fits images of any size. A pixel counts by its centre.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from anomaly_gui.errors import ParameterError, UserError
from anomaly_gui.language import translate
from anomaly_gui.wording import join_list

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, IntArray

Point: TypeAlias = tuple[float, float]

RECTANGLE, ELLIPSE, POLYGON = "rectangle", "ellipse", "polygon"
KINDS = (RECTANGLE, ELLIPSE, POLYGON)
MOST_SHAPES, MOST_CORNERS = 64, 1000

_LEAST_SIZE = 1e-6  # of a side of the image: what is thinner has no area on any image
_RASTER = 64  # pixels a side, to find out whether anything is left
_MOST_BYTES = 16_000_000  # as many shapes with as many corners as are allowed need a third of it


@dataclass(frozen=True)
class Shape:
    """A part of the image that was drawn.

    Parameters
    ----------
    kind : one of `KINDS`
    points : (x, y) each, 0 to 1; two opposite corners, or the three corners and more of a polygon
    keep : True where only such shapes count, False where the shape is ignored

    Raises
    ------
    ParameterError : for anything else, and for a shape without area
    """

    kind: str
    points: tuple[Point, ...]
    keep: bool

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ParameterError(
                translate(
                    "A shape cannot be of the kind {kind!r}: take one of {known}.",
                    kind=self.kind,
                    known=join_list(KINDS),
                )
            )
        if not isinstance(self.keep, bool):
            raise ParameterError(
                translate(
                    "A {kind} is kept (true) or ignored (false), not {value!r}.",
                    kind=self.kind,
                    value=self.keep,
                )
            )
        if not isinstance(self.points, tuple) or not all(map(_is_point, self.points)):
            raise ParameterError(
                translate("The points of a {kind} are pairs of numbers from 0 to 1.", kind=self.kind)
            )
        self._check_number()
        if _measure_thickness(self.points, is_box=self.kind != POLYGON) < _LEAST_SIZE:
            raise ParameterError(translate("A {kind} has no area: draw it larger.", kind=self.kind))

    def _check_number(self) -> None:
        count = len(self.points)
        if self.kind != POLYGON and count != 2:
            raise ParameterError(
                translate(
                    "Of {kind}s two opposite corners are given, not {count:,}.", kind=self.kind, count=count
                )
            )
        if self.kind == POLYGON and not 3 <= count <= MOST_CORNERS:
            raise ParameterError(
                translate(
                    "A polygon has 3 to {most:,} corners, not {count:,}.", most=MOST_CORNERS, count=count
                )
            )

    @property
    def corners(self) -> tuple[Point, ...]:
        """The corners of the polygon, or all four of the box that a rectangle or an ellipse fills."""
        if self.kind == POLYGON:
            return self.points
        (left, top), (right, bottom) = self.points
        return (left, top), (right, top), (right, bottom), (left, bottom)

    def with_corner(self, number: int, point: Point) -> Shape:
        """Return the shape with one of its `corners` elsewhere, a box's opposite one where it was.

        Raises ParameterError where it has no area then.
        """
        if self.kind != POLYGON:
            return replace(self, points=(self.corners[(number + 2) % 4], point))
        return replace(self, points=(*self.points[:number], point, *self.points[number + 1 :]))

    def move_by(self, right: float, down: float) -> Shape:
        """Return the shape elsewhere, as far as it can go inside the image."""
        points = np.asarray(self.points, float)
        way = np.clip((right, down), -points.min(axis=0), 1 - points.max(axis=0))
        moved = np.clip(points + way, 0, 1)  # rounding must not carry it out
        return replace(self, points=tuple((float(x), float(y)) for x, y in moved))

    def draw_mask(self, width: int, height: int) -> BoolArray:
        """Return (height, width), True inside; by the even-odd rule where a polygon crosses itself."""
        points = np.asarray(self.points, float)
        if self.kind == POLYGON:
            return _fill_polygon(points, width, height)
        low, high = points.min(axis=0), points.max(axis=0)
        if self.kind == ELLIPSE:
            return _fill_ellipse((low + high) / 2, (high - low) / 2, width, height)
        mask = np.zeros((height, width), bool)
        (left, right), (top, bottom) = (
            _first_pixels((low[i], high[i]), n) for i, n in enumerate((width, height))
        )
        mask[top:bottom, left:right] = True
        return mask

    def to_values(self) -> dict[str, Any]:
        """Return the shape as JSON can hold it."""
        return {
            "kind": self.kind,
            "points": [[float(x), float(y)] for x, y in self.points],
            "keep": self.keep,
        }

    @classmethod
    def from_values(cls, values: Any) -> Shape:
        """Return the shape that `to_values` described; ParameterError for anything else."""
        if not isinstance(values, dict) or set(values) != {"kind", "points", "keep"}:
            raise ParameterError(
                translate("A shape of the region of interest has a kind, points and keep, nothing else.")
            )
        points = values["points"]
        if not isinstance(points, list) or not all(isinstance(point, list | tuple) for point in points):
            raise ParameterError(
                translate("The points of a shape are a list of pairs of numbers from 0 to 1.")
            )
        return cls(values["kind"], tuple(tuple(point) for point in points), values["keep"])


@dataclass(frozen=True)
class RegionOfInterest:
    """What counts of an image: all that is kept, or everything where nothing is, without what is ignored.

    Raises
    ------
    ParameterError : for too many shapes, and where they leave nothing that counts
    """

    shapes: tuple[Shape, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.shapes, tuple) or not all(isinstance(shape, Shape) for shape in self.shapes):
            raise ParameterError(translate("A region of interest is a tuple of shapes."))
        if len(self.shapes) > MOST_SHAPES:
            raise ParameterError(
                translate(
                    "A region of interest has {most} shapes at most, not {count:,}.",
                    most=MOST_SHAPES,
                    count=len(self.shapes),
                )
            )
        if not self.draw_mask(_RASTER, _RASTER).any():
            raise ParameterError(
                translate("The region of interest leaves nothing that counts: keep more, or ignore less.")
            )

    def __bool__(self) -> bool:
        return bool(self.shapes)

    def draw_mask(self, width: int, height: int) -> BoolArray:
        """Return (height, width), True where pixels count. The order of the shapes does not matter."""
        mask = np.full((height, width), not any(shape.keep for shape in self.shapes))
        for shape in self.shapes:
            if shape.keep:
                mask |= shape.draw_mask(width, height)
        for shape in self.shapes:
            if not shape.keep:
                mask &= ~shape.draw_mask(width, height)
        return mask

    def to_values(self) -> list[dict[str, Any]]:
        """Return the shapes as JSON can hold them."""
        return [shape.to_values() for shape in self.shapes]

    @classmethod
    def from_values(cls, values: Any) -> RegionOfInterest:
        """Return the region that `to_values` described; ParameterError for anything else."""
        if not isinstance(values, list):
            raise ParameterError(translate("A region of interest is a list of shapes."))
        if len(values) > MOST_SHAPES:
            raise ParameterError(
                translate(
                    "A region of interest has {most} shapes at most, not {count:,}.",
                    most=MOST_SHAPES,
                    count=len(values),
                )
            )
        return cls(tuple(map(Shape.from_values, values)))


def read_interest(path: Path) -> RegionOfInterest:
    """Read a region from a JSON file {"shapes": [...]}; UserError for whatever is wrong with it."""
    try:
        content = json.loads(_read_bytes(path).decode("utf-8-sig"))
    except OSError as error:
        why = error.strerror or error
        raise UserError(
            translate("{path} cannot be read: {why}; check its drive and its name.", path=path, why=why)
        ) from error
    except (ValueError, RecursionError) as error:
        raise UserError(
            translate("{path} is not a JSON file with a region of interest: {error}.", path=path, error=error)
        ) from error
    if not isinstance(content, dict) or set(content) != {"shapes"}:
        raise UserError(
            translate(
                '{path} is not a region of interest: it should be {{"shapes": [...]}}, nothing else.',
                path=path,
            )
        )
    try:
        return RegionOfInterest.from_values(content["shapes"])
    except ParameterError as error:
        raise UserError(f"{path}: {error}") from error


def _read_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise ValueError("it is too large")
    return content


def _is_point(point: Any) -> bool:
    return isinstance(point, tuple) and len(point) == 2 and all(map(_is_share, point))


def _is_share(value: Any) -> bool:
    is_number = isinstance(value, int | float | np.floating) and not isinstance(value, bool)
    return is_number and bool(0 <= value <= 1)


def _measure_thickness(points: tuple[Point, ...], *, is_box: bool) -> float:
    """Return the shorter side of a box, or how far corners get from a line through the farthest one."""
    away = np.asarray(points, float) - points[0]
    if is_box:
        return float(np.abs(away[1]).min())
    far = away[np.argmax(np.hypot(*away.T))]
    length = float(np.hypot(*far))
    return float(np.abs(away[:, 0] * far[1] - away[:, 1] * far[0]).max() / length) if length else 0.0


def _first_pixels(positions: Any, count: int) -> IntArray:
    """Return the first of `count` pixels whose centre is at each of the positions or behind it."""
    pixels: IntArray = np.clip(np.ceil(np.asarray(positions) * count - 0.5), 0, count).astype(np.intp)
    return pixels


def _fill_ellipse(centre: FloatArray, radius: FloatArray, width: int, height: int) -> BoolArray:
    x = ((np.arange(width) + 0.5) / width - centre[0]) / radius[0]
    y = ((np.arange(height) + 0.5) / height - centre[1]) / radius[1]
    mask: BoolArray = x**2 + y[:, None] ** 2 <= 1
    return mask


def _fill_polygon(corners: FloatArray, width: int, height: int) -> BoolArray:
    """Count for each pixel the edges that its row crosses before it: inside, they are odd."""
    ends = np.roll(corners, -1, axis=0)
    turned = (corners[:, 1] > ends[:, 1])[:, None]  # downwards: rounding does the same both ways round
    (x0, y0), (x1, y1) = np.where(turned, ends, corners).T, np.where(turned, corners, ends).T
    first, rows = _first_pixels(y0, height), _first_pixels(y1, height) - _first_pixels(y0, height)
    edge = np.repeat(np.arange(len(corners)), rows)
    row = np.arange(len(edge)) - np.repeat(np.cumsum(rows) - rows, rows) + first[edge]
    share = np.clip(((row + 0.5) / height - y0[edge]) / (y1 - y0)[edge], 0, 1)
    column = _first_pixels(x0[edge] + share * (x1 - x0)[edge], width)
    crossings = np.zeros((height, width + 1), np.uint8)  # parity survives the wrap at 256
    np.add.at(crossings, (row, column), 1)
    inside: BoolArray = np.cumsum(crossings[:, :width], axis=1, dtype=np.uint8) % 2 == 1
    return inside
