"""A fitted density as plain values, for model files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anomaly_gui.detection.arrays.kinds import FloatArray


@dataclass(frozen=True, eq=False)
class DensityState:
    """What was requested of a density and what it learned.

    Parameters
    ----------
    settings : numbers and words
    arrays : finite, float64 or float32
    """

    settings: Mapping[str, float | str]
    arrays: Mapping[str, FloatArray]

    def check_names(self, settings: set[str], arrays: set[str], also: frozenset[str] = frozenset()) -> None:
        """Raise ValueError unless exactly these settings and arrays are there, but for arrays of `also`."""
        if set(self.settings) != settings or not arrays <= set(self.arrays) <= arrays | also:
            raise ValueError("the density's values are not those of its kind")

    def get_array(
        self, name: str, shape: tuple[int, ...], *, positive: bool = False, kind: str = "float64"
    ) -> FloatArray:
        """Return an array; ValueError for another shape or kind or, if asked, values not above 0."""
        values = self.arrays[name]
        if values.shape != shape or values.dtype != kind:
            raise ValueError(f"{name} is {values.dtype} of shape {values.shape}, not {kind} of {shape}")
        if positive and not (values > 0).all():
            raise ValueError(f"{name} has a value that is not above 0")
        return values

    def get_number(self, name: str, low: float, high: float) -> float:
        """Return a number, or raise ValueError for a word or a value out of range."""
        value = self.settings[name]
        if isinstance(value, str) or not low <= value <= high:
            raise ValueError(f"{name} is {value!r}, not a number from {low:g} to {high:g}")
        return value

    def get_whole_number(self, name: str, low: int, high: int) -> int:
        """Return a whole number, or raise ValueError."""
        value = self.get_number(name, low, high)
        if value != int(value):
            raise ValueError(f"{name} is {value!r}, not a whole number")
        return int(value)
