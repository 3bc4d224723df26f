"""Where scores stand in the plot, and the axis that names them.

Relative scores keep their places while the threshold moves: the line does, and with it the numbers on the
axis, so that the line is 1.0 always. Far from good parts the axis is logarithmic: one foreign image does not
crush all others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg

from anomaly_gui.detection.judging.relative_scores import LINE, RelativeScale, compress, expand

if TYPE_CHECKING:
    import numpy.typing as npt

    from anomaly_gui.detection.arrays.kinds import FloatArray

_APART = 26  # pixels between two numbers
_ROUND = (1, 2, 5)
_MOST = 40  # numbers on an axis
_FINEST = -6  # a power of ten: no finer numbers are asked for


@dataclass(frozen=True)
class PlotScale:
    """From scores to heights in the plot and back; `anchor` None: heights are the scores themselves."""

    anchor: RelativeScale | None = None

    def to_plot(self, scores: npt.ArrayLike) -> FloatArray:
        """Return where scores (...) stand."""
        values = np.asarray(scores, np.float64)
        return values if self.anchor is None else compress(self.anchor.relate(values))

    def to_score(self, height: float) -> float:
        """Return the score that stands at a height."""
        return height if self.anchor is None else self.anchor.restore(float(expand(height)))

    @property
    def is_relative(self) -> bool:
        """Whether what is worse stands higher."""
        return self.anchor is not None


class ScoreAxis(pg.AxisItem):
    """Names scores at their heights; relative ones count from the line, which is named first."""

    def __init__(self) -> None:
        super().__init__("left")
        self._plot_scale, self._shift = PlotScale(), 0.0

    def show_scale(self, scale: PlotScale, threshold: float | None) -> None:
        """Name scores of another scale, or at another threshold."""
        shift = 0.0
        if scale.anchor is not None and threshold is not None:
            shift = LINE - scale.anchor.relate(threshold)
        if (scale, shift) != (self._plot_scale, self._shift):
            self._plot_scale, self._shift = scale, shift
            self.picture = None
            self.update()

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        """Return the heights that are named, the finer ones after the coarse."""
        if not self._plot_scale.is_relative:
            ticks: list[tuple[float, list[float]]] = super().tickValues(minVal, maxVal, size)
            return ticks
        return [(1.0, [self._height_of(one) for one in self.choose_numbers(minVal, maxVal, size)])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Write the numbers at heights."""
        if not self._plot_scale.is_relative:
            texts: list[str] = super().tickStrings(values, scale, spacing)
            return texts
        numbers = [self._number_at(value) for value in values]
        return [f"{number:,.10g}".replace("-", "\N{MINUS SIGN}") for number in numbers]

    def _height_of(self, number: float) -> float:
        return float(compress(number - self._shift))

    def _number_at(self, height: float) -> float:
        return round(float(expand(height)) + self._shift, -_FINEST)

    def choose_numbers(self, bottom: float, top: float, size: float) -> list[float]:
        """Return round numbers between two heights, so far apart that `size` pixels have room for them."""
        low, high = self._number_at(bottom), self._number_at(top)
        if not (math.isfinite(low) and math.isfinite(high)) or not low < high:
            return []
        room = _APART * (top - bottom) / max(size, 1.0)
        for numbers in _list_even(low, high):
            if len(numbers) < _MOST and self._are_apart(numbers, room):
                return numbers
        return self._thin_out(_list_powers(low, high), room)

    def _are_apart(self, numbers: list[float], room: float) -> bool:
        return bool(np.all(np.diff(compress(np.array(numbers) - self._shift)) >= room))

    def _thin_out(self, numbers: list[float], room: float) -> list[float]:
        """Leave out, of numbers by importance, those that stand too near to one before."""
        chosen: dict[float, float] = {}  # height: number
        for number in numbers:
            height = self._height_of(number)
            if all(abs(height - other) >= room for other in chosen):
                chosen[height] = number
        return sorted(chosen.values())


def _list_even(low: float, high: float) -> list[list[float]]:
    """Return multiples of even steps in a range, of which 1.0 is one; the finest first."""
    found = []
    for power in range(_FINEST, 1):
        for digit in _ROUND if power < 0 else (1,):
            step = digit * 10.0**power
            if (high - low) / step < 2 * _MOST:
                multiples = np.arange(math.ceil(low / step), math.floor(high / step) + 1)
                found.append(np.round(multiples * step, -_FINEST).tolist())
    return found


def _list_powers(low: float, high: float) -> list[float]:
    """Return round numbers in a range too large for even steps: the line, powers of ten, what is between."""
    powers = 10.0 ** np.arange(math.ceil(math.log10(max(abs(low), abs(high), 1.0))) + 1)
    numbers = [LINE, 0.0]
    for digit in _ROUND:
        numbers += (digit * powers).tolist() + (-digit * powers).tolist()
    return [number for number in dict.fromkeys(numbers) if low <= number <= high]
