"""How an image would look in another light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray

_WHITE = 255


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
