"""How an image looks as a whole: how bright, how rich in contrast, how sharp."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays import FloatArray, ImageArray


@dataclass(frozen=True)
class Look:
    """How an image looks at the network's resolution.

    Parameters
    ----------
    brightness : mean of its grey levels, 0 to 255
    contrast : standard deviation of its grey levels
    sharpness : root mean square of second differences along rows and columns, in units of the contrast
    """

    brightness: float
    contrast: float
    sharpness: float

    @classmethod
    def of(cls, pixels: ImageArray) -> Look:
        """Return the look of (height, width, 3) uint8."""
        grey = pixels.mean(axis=2, dtype=np.float32)
        contrast = float(grey.std())
        bends = [float((np.diff(grey, 2, axis=axis) ** 2).mean()) for axis in (0, 1)]
        sharpness = float(np.sqrt(sum(bends))) / max(contrast, 1e-6)
        return cls(round(float(grey.mean()), 3), round(contrast, 4), round(sharpness, 5))

    @property
    def values(self) -> tuple[float, float, float]:
        """The three numbers."""
        return self.brightness, self.contrast, self.sharpness


def rows_of_looks(looks: list[Look]) -> FloatArray:
    """Return (images, 3) float32: brightness, contrast, sharpness."""
    return np.array([look.values for look in looks], np.float32).reshape(-1, 3)
