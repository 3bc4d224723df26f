"""The light an image was taken in: how bright it is, and how it would look in another light."""

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
_MOST_EXPOSED, _MOST_GAMMA, _MOST_SHADE = 2.0, 1.3, 0.25


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
        grey = some.sum(axis=1, dtype=np.uint16)
        below = np.cumsum(np.bincount(grey, minlength=3 * _WHITE + 1)) / len(grey)
        levels = np.searchsorted(below, SHARES) / 3
        clipped = float((some.max(axis=1) == _WHITE).mean())
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


@dataclass(frozen=True)
class Relighting:
    """Another light on an image, and a camera that clips.

    Parameters
    ----------
    exposure : times as much light
    gamma : exponent of grey levels from 0 to 1; above 1 the middle ones are darker
    shade : by so much more at one end of the picture than in its middle, and less at the other: 0.1 is 10 %
    direction : in which the light grows, radians
    """

    exposure: float = 1.0
    gamma: float = 1.0
    shade: float = 0.0
    direction: float = 0.0

    def apply(self, pixels: ImageArray) -> ImageArray:
        """Return (height, width, 3) uint8 in this light."""
        table = (self.exposure * _WHITE * (np.arange(256) / _WHITE) ** self.gamma).astype(np.float32)
        lit = table[pixels]
        if self.shade:
            lit *= self._draw_shade(*pixels.shape[:2])[:, :, None]
        relit: ImageArray = np.clip(np.rint(lit), 0, _WHITE).astype(np.uint8)
        return relit

    def _draw_shade(self, height: int, width: int) -> FloatArray:
        down, across = np.linspace(-1, 1, height)[:, None], np.linspace(-1, 1, width)
        along = down * np.sin(self.direction) + across * np.cos(self.direction)
        field: FloatArray = (1 + self.shade * along / np.abs(along).max()).astype(np.float32)
        return field


def draw_relighting(sha256: str, number: int) -> Relighting:
    """Return the light of a file's variant: the same for the same bytes and number.

    Exposure, gamma and shade are drawn together, exposure and gamma evenly by their logarithms.
    """
    rng = np.random.default_rng([number, int(sha256[:15], 16)])
    exposure, gamma, shade = rng.uniform(-1, 1, 3)
    return Relighting(
        round(float(_MOST_EXPOSED**exposure), 4),
        round(float(_MOST_GAMMA**gamma), 4),
        round(_MOST_SHADE * abs(float(shade)), 4),
        round(float(rng.uniform(0, 2 * np.pi)), 4),
    )
