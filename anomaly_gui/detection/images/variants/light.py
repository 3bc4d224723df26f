"""The light an image was taken in: how bright it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, ImageArray

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Of the pixels, below whose grey level lies so much: a defect moves some of these levels, light all."""

NUMBERS = len(SHARES) + 1
"""Of a light."""

_WHITE = 255


@dataclass(frozen=True)
class Light:
    """How bright an image is at the network's resolution.

    Parameters
    ----------
    levels : of grey, 0 to 255, for each of `SHARES`
    clipped : share of the pixels that are as bright as can be in one colour at least, 0 to 1
    """

    levels: tuple[float, ...]
    clipped: float

    @classmethod
    def from_pixels(cls, pixels: ImageArray, counted: BoolArray | None = None) -> Light:
        """Return the light of (height, width, 3) uint8; of some pixels only, (height, width), if asked."""
        some = pixels.reshape(-1, 3) if counted is None or not counted.any() else pixels[counted]
        red, green, blue = some.T  # sums over an axis of three take many times as long
        grey = np.add(red, green, dtype=np.uint16) + blue
        below = np.cumsum(np.bincount(grey, minlength=3 * _WHITE + 1)) / len(grey)
        levels = np.searchsorted(below, SHARES) / 3
        clipped = float((np.maximum(np.maximum(red, green), blue) == _WHITE).mean())
        return cls(tuple(round(float(level), 2) for level in levels), round(clipped, 4))

    @property
    def is_known(self) -> bool:
        """Whether it was measured."""
        return not np.isnan(self.clipped)

    def to_values(self) -> list[float]:
        """Return it as numbers: the levels, then what is clipped."""
        return [*self.levels, self.clipped]

    @classmethod
    def from_values(cls, values: Sequence[float]) -> Light:
        """Return the light that had these numbers."""
        return cls(tuple(map(float, values[:-1])), float(values[-1]))


UNKNOWN = Light((float("nan"),) * len(SHARES), float("nan"))
"""Of what was cached before light was measured."""


def stack_lights(lights: Sequence[Light]) -> FloatArray:
    """Return (images, 6) float32: the levels, then what is clipped."""
    return np.array([light.to_values() for light in lights], np.float32).reshape(-1, NUMBERS)
