"""How a score spreads among good images: what makes two kinds of scores comparable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray

_TO_DEVIATION = 1.4826  # from the median deviation of a normal distribution to its standard deviation


@dataclass(frozen=True)
class Spread:
    """Mean and standard deviation of held-out good images, or what stands for them."""

    mean: float
    deviation: float

    @classmethod
    def of(cls, values: FloatArray) -> Spread:
        """Return those of (images,)."""
        return cls(float(np.mean(values)), max(float(np.std(values)), 1e-12))

    @classmethod
    def of_most(cls, values: FloatArray) -> Spread:
        """Return median and scaled median deviation of (images,): what a few odd images do not move."""
        middle = float(np.median(values))
        deviation = _TO_DEVIATION * float(np.median(np.abs(values - middle)))
        return cls(middle, max(deviation, 0.1 * float(np.std(values)), 1e-12))

    def to_values(self) -> list[float]:
        """Return it as JSON values."""
        return [self.mean, self.deviation]

    def standardize(self, values: FloatArray) -> FloatArray:
        """Return values in standard deviations from the mean."""
        standard: FloatArray = (values - self.mean) / self.deviation
        return standard
