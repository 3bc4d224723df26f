"""Points as pixels: however many there are, a picture of them costs about the same. Plain numpy.

A scatter of Qt items takes a third of a second at a million points. Here every point is a pixel of an array;
shapes are stamped on the pixels that are taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray, IntArray

CIRCLE, TRIANGLE, SQUARE = "circle", "triangle", "square"
_MOST_STAMPED = 1_500_000  # pixels written one by one; beyond that pixels are shifted as a whole
_HARD = 1.5  # shapes this small have no soft edge: too many points to blend them all
_FINER = 8  # a shape's edge is softened by so many samples a pixel, each way


@dataclass(frozen=True)
class SeenArea:
    """The part of the plane that is seen: its edges, and its size in pixels."""

    left: float
    right: float
    bottom: float
    top: float
    width: int
    height: int

    def find_pixels(self, x: FloatArray, y: FloatArray) -> IntArray:
        """Return which pixels (row * width + column) points lie in, without repeats; others are left out.

        `x` ascends.
        """
        seen = slice(*np.searchsorted(x, (self.left, self.right)))
        columns = ((x[seen] - self.left) * (self.width / (self.right - self.left))).astype(np.int32)
        rows_down = (self.top - y[seen]) * (self.height / (self.top - self.bottom))
        inside = (rows_down >= 0) & (rows_down < self.height) & (columns < self.width)
        taken = np.zeros(self.width * self.height, np.bool_)
        taken[rows_down[inside].astype(np.int32) * self.width + columns[inside]] = True
        return np.flatnonzero(taken)


@dataclass(frozen=True, eq=False)
class Layer:
    """Points of one look: (points,) ascending x, (points,) y, colour as red, green, blue, and a shape."""

    x: FloatArray
    y: FloatArray
    colour: tuple[int, int, int]
    shape: str


def draw_layers(layers: Sequence[Layer], view: SeenArea, radius: float) -> ImageArray:
    """Return (height, width, 4) blue, green, red, alpha, premultiplied, as Qt's ARGB32 lies in memory.

    Later layers lie on earlier ones. `radius` is that of a shape, in pixels.
    """
    picture = np.zeros((view.height * view.width, 4), np.uint8)
    for layer in layers:
        coverage = _cover_pixels(view, view.find_pixels(layer.x, layer.y), layer.shape, radius)
        _lay_on(picture, coverage.reshape(-1), layer.colour)
    return picture.reshape(view.height, view.width, 4)


def radius_for(count: int) -> float:
    """Return a radius, in pixels of a plain screen, that keeps so many points apart.

    >>> radius_for(10), radius_for(2_000), radius_for(1_000_000)
    (5.0, 3.5, 1.0)
    """
    return float(np.clip(round(2 * 160 / max(count, 1) ** 0.5) / 2, 1.0, 5.0))


@lru_cache(maxsize=64)
def _make_stamp(shape: str, radius: float) -> ImageArray:
    """Return the coverage, 0 to 255, of a shape around the middle of a square of odd side."""
    half = int(np.ceil(radius))
    fine = (np.arange((2 * half + 1) * _FINER) + 0.5) / _FINER - half - 0.5
    x, y = fine[None, :], fine[:, None]
    if shape == CIRCLE:
        inside = x**2 + y**2 <= radius**2
    elif shape == TRIANGLE:
        inside = (y <= radius * 0.8) & (np.abs(x) <= (y + radius) * 0.58)
    else:
        inside = (np.abs(x) <= radius * 0.85) & (np.abs(y) <= radius * 0.85)
    side = 2 * half + 1
    share = inside.reshape(side, _FINER, side, _FINER).mean(axis=(1, 3))
    if radius <= _HARD:
        return np.where(share >= 0.4, 255, 0).astype(np.uint8)
    coverage: ImageArray = np.rint(255 * share).astype(np.uint8)
    return coverage


def _cover_pixels(view: SeenArea, pixels: IntArray, shape: str, radius: float) -> ImageArray:
    """Return (height, width): how much of each pixel the shapes on these pixels cover, 0 to 255."""
    stamp = _make_stamp(shape, radius)
    half = len(stamp) // 2
    margin = half  # shapes on the edge are cut by taking it away again
    wide = view.width + 2 * margin
    canvas = np.zeros((view.height + 2 * margin) * wide, np.uint8)
    rows, columns = np.divmod(pixels, view.width)
    centres = (rows + margin) * wide + columns + margin
    offsets = [
        (int(stamp[row, column]), (row - half) * wide + column - half)
        for row, column in zip(*np.nonzero(stamp), strict=True)
    ]
    if len(centres) * len(offsets) <= _MOST_STAMPED:
        for value, offset in sorted(offsets):  # the faint edges first, so that the full ones stay
            canvas[centres + offset] = value
    else:
        taken = np.zeros(len(canvas), np.bool_)
        taken[centres] = True
        inner = slice(margin * wide + margin, len(canvas) - margin * wide - margin)
        for value, offset in sorted(offsets):
            moved = canvas[inner.start + offset : inner.stop + offset]
            np.copyto(moved, np.uint8(value), where=taken[inner])
    return canvas.reshape(-1, wide)[margin:-margin, margin:-margin]


def _lay_on(picture: ImageArray, coverage: ImageArray, colour: tuple[int, int, int]) -> None:
    red, green, blue = colour
    picture.view(np.uint32)[coverage == 255] = 255 << 24 | red << 16 | green << 8 | blue
    pixels = np.flatnonzero((coverage - 1).view(np.uint8) < 254)  # neither 0 nor 255
    if not len(pixels):
        return
    share = coverage[pixels].astype(np.uint16)[:, None]
    above = np.array([blue, green, red, 255], np.uint16) * share
    below = picture[pixels].astype(np.uint16) * (255 - share)
    picture[pixels] = ((above + below + 127) // 255).astype(np.uint8)
