"""Sums over rows about one shift, from which mean, covariance and Ledoit-Wolf's shrinkage follow exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.arrays.moments import Moments, combine_shrinkage

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray

_FAR = 100.0  # times the variance, by which a shift may be off in square before digits are lost


@dataclass(frozen=True, eq=False)
class RowSums:
    """What a part's rows, less a shift, add up to; all in double precision.

    Parameters
    ----------
    shift : (features,) the same of all parts
    count : of rows
    total : (features,) their sum
    scatter : (features, features) the sum of their products
    cubic : (features,) the sum of rows times their squared length: the first of Ledoit-Wolf's terms
    quartic : the sum of their lengths to the power of four: the second
    largest : absolute value in any row, with the shift
    """

    shift: FloatArray
    count: int
    total: FloatArray
    scatter: FloatArray
    cubic: FloatArray
    quartic: float
    largest: float

    @classmethod
    def from_rows(cls, rows: FloatArray, shift: FloatArray) -> RowSums:
        """Return those of (rows, features).

        Raises
        ------
        ValueError : a value is not finite
        """
        rows = np.asarray(rows, np.float64)
        if not np.isfinite(rows).all():
            raise ValueError("X contains NaN or infinity.")
        shifted = rows - shift
        squares = np.einsum("ij,ij->i", shifted, shifted)
        return cls(
            shift,
            len(rows),
            shifted.sum(axis=0),
            shifted.T @ shifted,
            squares @ shifted,
            float((squares**2).sum()),
            float(np.abs(rows).max(initial=0)),
        )

    def merge(self, other: RowSums) -> RowSums:
        """Return those of the rows of both.

        Raises
        ------
        ValueError : they are about different shifts
        """
        if not np.array_equal(self.shift, other.shift):
            raise ValueError("sums about different shifts cannot be added")
        return RowSums(
            self.shift,
            self.count + other.count,
            self.total + other.total,
            self.scatter + other.scatter,
            self.cubic + other.cubic,
            self.quartic + other.quartic,
            max(self.largest, other.largest),
        )

    @property
    def offset(self) -> FloatArray:
        """The mean, less the shift, (features,)."""
        return self.total / self.count

    def find_moments(self) -> Moments:
        """Return count, mean and scatter about the mean."""
        offset = self.offset
        scatter = self.scatter - self.count * np.outer(offset, offset)
        return Moments(self.count, self.shift + offset, scatter)

    def is_far(self) -> bool:
        """Tell whether the shift lies so far from the mean that it costs digits."""
        square = float(self.offset @ self.offset)
        variance = float(np.trace(self.scatter)) / self.count - square
        return square > _FAR * variance

    def estimate_shrinkage(self) -> float:
        """Return the shrinkage of Ledoit and Wolf; see `estimate_shrinkage` of `moments`."""
        features = len(self.shift)
        if features == 1:
            return 0.0
        moments = self.find_moments()
        return combine_shrinkage(moments.scatter / self.count, self._sum_fourth(), self.count, features)

    def _sum_fourth(self) -> float:
        """Return the sum of the lengths to the power of four of the rows less their mean.

        With z a row less the shift, q its squared length and m the mean of all z, that is the sum of
        `(q - 2 m'z + m'm)^2`, multiplied out.
        """
        offset = self.offset
        square = float(offset @ offset)
        squares = float(np.trace(self.scatter))
        along = float(offset @ self.scatter @ offset)
        return (
            self.quartic
            - 4 * float(offset @ self.cubic)
            + 4 * along
            + 2 * square * squares
            - 3 * self.count * square**2
        )
