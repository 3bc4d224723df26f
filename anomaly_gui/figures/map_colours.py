"""The colours of anomaly maps: one fixed scale, the same for every image, so that a good part stays clear.

1.0 is the level that only the promised share of good images exceeds anywhere. Lightness falls all along the
scale: who sees no hues, or prints none, still sees what is worse.
"""

from collections.abc import Iterable
from enum import Enum
from typing import Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray
from anomaly_gui.errors import ParameterError
from anomaly_gui.language import translate

LIMIT = 1.0
"""The value that only the promised share of good images exceeds anywhere; regions lie above it."""
HIGHEST = 2.0
"""The value from which on all have the same colour."""
TICKS = (0.0, 0.5, 1.0, 1.5, 2.0)
"""What a legend names."""

_STOPS = (  # value, red, green, blue, and how much it covers: nothing up to 0.5, all from 1.0 on
    (0.5, 255, 238, 120, 0),
    (0.75, 250, 213, 40, 140),
    (1.0, 247, 140, 10, 255),
    (1.5, 210, 25, 35, 255),
    (2.0, 112, 0, 104, 255),
)
_COOL_STOPS = (  # the same for parts that are yellow, orange or red themselves
    (0.5, 170, 245, 255, 0),
    (0.75, 70, 215, 250, 140),
    (1.0, 0, 160, 250, 255),
    (1.5, 50, 60, 215, 255),
    (2.0, 30, 0, 100, 255),
)
_STEPS = 400
_LINES_IN_IMAGE = 400  # so many times wider than its box's line is a picture
_RIM, _LINE = (0, 0, 0), (255, 255, 255)  # one of both stands out from any picture and from the map


class Box(Protocol):
    """A rectangle in pixels of the whole image, such as a region's."""

    @property
    def x(self) -> int:
        """Its first column."""

    @property
    def y(self) -> int:
        """Its first row."""

    @property
    def width(self) -> int:
        """Its columns."""

    @property
    def height(self) -> int:
        """Its rows."""


class Palette(Enum):
    """Which colours a map is drawn in; the window's settings keep the value."""

    WARM = "warm"
    COOL = "cool"


def _make_table(of: tuple[tuple[float, int, int, int, int], ...]) -> ImageArray:
    stops = np.array(of, dtype=np.float64)
    values = np.linspace(0, HIGHEST, _STEPS + 1)
    channels = [np.interp(values, stops[:, 0], stops[:, column]) for column in range(1, 5)]
    table = np.rint(np.stack(channels, axis=-1)).astype(np.uint8)
    table.setflags(write=False)
    return table


LUT = _make_table(_STOPS)
"""The colours of evenly spaced values from 0 to `HIGHEST`: (401, 4) uint8 RGBA, not premultiplied."""
TABLES = {Palette.WARM: LUT, Palette.COOL: _make_table(_COOL_STOPS)}
"""The same for each palette."""


def colour_values(values: npt.ArrayLike, palette: Palette = Palette.WARM) -> ImageArray:
    """Return the colours of map values of any shape (...): (..., 4) uint8 RGBA, not premultiplied.

    The scale is fixed. Values below 0.5 are transparent, and so is what is not a number.
    """
    known = np.nan_to_num(np.atleast_1d(np.asarray(values, dtype=np.float32)), nan=0.0)
    np.clip(known, 0, HIGHEST, out=known)
    known *= np.float32(_STEPS / HIGHEST)
    indices = np.rint(known, out=known).astype(np.uint16)
    colours = TABLES[palette].view(np.uint32).ravel().take(indices)  # four bytes at once
    return colours.view(np.uint8).reshape(*np.shape(values), 4)


def stretch_map(anomaly_map: FloatArray, width: int, height: int) -> npt.NDArray[np.float32]:
    """Return a map (rows, columns) as (height, width) float32, in between bilinear.

    Where the map is finer than that, the highest of the values that fall together is kept: a small hot spot
    does not vanish from a thumbnail. Raises `ParameterError` for a map that has not rows and columns.
    """
    values = np.asarray(anomaly_map, dtype=np.float32)
    if values.ndim != 2 or not values.size:
        raise ParameterError(
            translate(
                "An anomaly map has rows and columns; this one has the shape {shape}.", shape=values.shape
            )
        )
    values = np.ascontiguousarray(_keep_peaks(_keep_peaks(values, height, 0), width, 1))
    smooth = Image.fromarray(values).resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(smooth, dtype=np.float32)


def _keep_peaks(values: npt.NDArray[np.float32], length: int, axis: int) -> npt.NDArray[np.float32]:
    """Bring an axis to a length by taking maxima, if it is longer."""
    if values.shape[axis] <= length:
        return values
    starts = np.arange(length) * values.shape[axis] // length
    return np.asarray(np.maximum.reduceat(values, starts, axis=axis))


def overlay_map(image: ImageArray, anomaly_map: FloatArray, opacity: float = 0.6) -> ImageArray:
    """Return an image (height, width, 3) uint8 with its map (rows, columns) over it, of the same shape.

    `opacity`, 0 to 1, is how much the strongest colours cover. Raises `ParameterError` for another one, and
    for a map that has not rows and columns.
    """
    if not 0 <= opacity <= 1:
        raise ParameterError(
            translate("The opacity lies between 0 and 1; this one is {opacity}.", opacity=opacity)
        )
    height, width, _ = image.shape
    coloured = colour_values(stretch_map(anomaly_map, width, height))
    cover = np.rint(np.arange(256) * opacity).astype(np.uint8)[coloured[..., 3]]
    above, below = Image.fromarray(coloured[..., :3]), Image.fromarray(image)
    return np.asarray(Image.composite(above, below, Image.fromarray(cover)))


def draw_boxes(image: ImageArray, regions: Iterable[Box]) -> ImageArray:
    """Return an image (height, width, 3) uint8 with a box around each region; the line grows with it."""
    picture = Image.fromarray(image)  # a copy: what is handed in stays as it is
    draw = ImageDraw.Draw(picture)
    line = max(1, round(max(picture.size) / _LINES_IN_IMAGE))
    for region in regions:
        draw.rectangle(_pad_box(region, 3 * line, picture.size), outline=_RIM, width=3 * line)
        draw.rectangle(_pad_box(region, 2 * line, picture.size), outline=_LINE, width=line)
    return np.asarray(picture)


def _pad_box(box: Box, margin: int, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the corners of a box with a margin, as far as it lies in the picture."""
    right, bottom = size[0] - 1, size[1] - 1
    left, top = min(max(box.x - margin, 0), right), min(max(box.y - margin, 0), bottom)
    far_right = max(left, min(box.x + box.width - 1 + margin, right))
    return left, top, far_right, max(top, min(box.y + box.height - 1 + margin, bottom))
