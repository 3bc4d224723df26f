"""How a score spreads among good images: what makes two kinds of scores comparable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray


@dataclass(frozen=True)
class Spread:
    """Mean and standard deviation of held-out good images."""

    mean: float
    deviation: float

    @classmethod
    def of(cls, values: FloatArray) -> Spread:
        """Return those of (images,)."""
        return cls(float(np.mean(values)), max(float(np.std(values)), 1e-12))

    def to_values(self) -> list[float]:
        """Return it as JSON values."""
        return [self.mean, self.deviation]

    def standardize(self, values: FloatArray) -> FloatArray:
        """Return values in standard deviations from the mean."""
        standard: FloatArray = (values - self.mean) / self.deviation
        return standard
