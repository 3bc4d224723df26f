"""A part that lies a little otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import ImageArray

_MARGIN = 0.125  # of the longer side: what a turn and a shift may bring into the picture


@dataclass(frozen=True)
class Nudge:
    """A small turn and shift; what comes into the picture is its own mirror image.

    Parameters
    ----------
    turn : radians
    shift : across and down, in shares of width and height
    """

    turn: float
    shift: tuple[float, float]

    def apply(self, pixels: ImageArray) -> ImageArray:
        """Return (height, width, 3) uint8 turned and shifted."""
        height, width = pixels.shape[:2]
        margin = max(1, min(round(_MARGIN * max(height, width)), height - 1, width - 1))
        wide = Image.fromarray(np.pad(pixels, ((margin, margin), (margin, margin), (0, 0)), "reflect"))
        cosine, sine = np.cos(self.turn), np.sin(self.turn)
        across, down = wide.width / 2, wide.height / 2
        x, y = across + self.shift[0] * width, down + self.shift[1] * height
        coefficients = (
            *(cosine, -sine, x - cosine * across + sine * down),
            *(sine, cosine, y - sine * across - cosine * down),
        )
        turned = wide.transform(wide.size, Image.Transform.AFFINE, coefficients, Image.Resampling.BILINEAR)
        return np.asarray(turned)[margin : margin + height, margin : margin + width]
