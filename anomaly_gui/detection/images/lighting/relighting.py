"""How an image would look in another light: what its variants are made by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray

_WHITE = 255
_MOST_EXPOSED, _MOST_GAMMA, _MOST_SHADE = 2.0, 1.3, 0.25


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
