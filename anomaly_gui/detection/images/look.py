"""How an image looks as a whole: how bright, how rich in contrast, how sharp, and how much of it is empty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray

NUMBERS = 4
"""Of a look, that models hold."""
_HIGHLIGHTS = 0.99  # of the pixels are darker


@dataclass(frozen=True)
class Look:
    """How an image looks at the network's resolution.

    Parameters
    ----------
    brightness : mean of its grey levels, 0 to 255
    contrast : standard deviation of its grey levels
    sharpness : root mean square of second differences along rows and columns, in units of the contrast
    empty : share of the rows, from the last one up, in which nothing varies
    highlights : the grey level that one pixel in a hundred exceeds; None where it was not measured
    """

    brightness: float
    contrast: float
    sharpness: float
    empty: float
    highlights: float | None = None

    @property
    def numbers(self) -> tuple[float, float, float, float]:
        """What models and projects hold of it: brightness, contrast, sharpness and emptiness."""
        return self.brightness, self.contrast, self.sharpness, self.empty

    @classmethod
    def from_pixels(cls, pixels: ImageArray) -> Look:
        """Return the look of (height, width, 3) uint8."""
        grey = _average_channels(pixels)
        contrast = float(grey.std())
        bends = [float((np.diff(grey, 2, axis=axis) ** 2).mean()) for axis in (0, 1)]
        sharpness = float(np.sqrt(sum(bends))) / max(contrast, 1e-6)
        varied = np.flatnonzero(np.ptp(grey, axis=1) > 0)
        empty = 1 - (int(varied[-1]) + 1) / len(grey) if len(varied) else 1.0
        return cls(
            round(float(grey.mean()), 3),
            round(contrast, 4),
            round(sharpness, 5),
            round(empty, 4),
            round(_find_highlights(grey), 3),
        )


def _average_channels(pixels: ImageArray) -> FloatArray:
    """Return the same as `pixels.mean(axis=2)`, (height, width) float32, in a tenth of its time."""
    red, green, blue = (pixels[..., channel] for channel in range(3))
    summed = np.add(red, green, dtype=np.uint16) + blue
    grey: FloatArray = np.true_divide(summed, np.float32(3), dtype=np.float32)
    return grey


def _find_highlights(grey: FloatArray) -> float:
    place = min(int(_HIGHLIGHTS * grey.size), grey.size - 1)
    return float(np.partition(grey, place, axis=None)[place])


def stack_looks(looks: Sequence[Look]) -> FloatArray:
    """Return (images, 4) float32: brightness, contrast, sharpness and emptiness."""
    numbers = [look.numbers for look in looks]  # not copied
    return np.array(numbers, np.float32).reshape(-1, NUMBERS)
