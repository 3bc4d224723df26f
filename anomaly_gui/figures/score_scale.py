"""An axis of scores on which the surroundings of the threshold stay readable and no score is lost.

Scores of defects may lie a hundred times further from the threshold than those of good parts. The axis is
linear where the normal scores and the thresholds lie. Where scores reach much further, it is compressed
beyond: logarithmic, joined without a kink. Every score keeps its place in the order, and ticks are true.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from anomaly_gui.figures.score_data import ScatterData
from anomaly_gui.figures.style import FAINT, format_score, use_minus_sign
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import Patch

Floats = npt.NDArray[np.float64]

_FAR = 5.0  # compressed when scores reach this many spans of the normal scores beyond them
_PADDING = 0.04
_MOST_TICKS = {"x": 8, "y": 12}  # numbers side by side take more room than one over the other


@dataclass(frozen=True)
class ScoreScale:
    """A scale that is linear from `low` to `high` and logarithmic beyond; `width` is where that sets in."""

    low: float
    high: float
    width: float

    def forward(self, scores: npt.ArrayLike) -> Floats:
        """Return where scores are drawn, in units of score near the middle."""
        values = np.asarray(scores, dtype=np.float64)
        inner = np.clip(values, self.low, self.high)
        beyond = values - inner
        return np.asarray(inner + np.sign(beyond) * self.width * np.log1p(np.abs(beyond) / self.width))

    def inverse(self, positions: npt.ArrayLike) -> Floats:
        """Return the scores that are drawn at the positions."""
        values = np.asarray(positions, dtype=np.float64)
        inner = np.clip(values, self.low, self.high)
        beyond = values - inner
        return np.asarray(inner + np.sign(beyond) * self.width * np.expm1(np.abs(beyond) / self.width))


def choose_scale(data: ScatterData) -> ScoreScale:
    """Choose a scale for scores: linear throughout unless some lie far out."""
    lowest, highest = _find_extent(data)
    low, high = _find_middle(data)
    span = high - low
    farthest = max(low - lowest, highest - high, 0.0)
    return ScoreScale(
        low=low - span / 2 if lowest < low - _FAR * span else -math.inf,
        high=high + span / 2 if highest > high + _FAR * span else math.inf,
        width=_choose_log_width(span, farthest),
    )


def _choose_log_width(span: float, farthest: float) -> float:
    """Return how soon to compress: a compressed part ends up as large as two spans at most."""
    width = span / 2
    while width * math.log1p(farthest / width) > 2 * span:
        width *= 0.9
    return width


def _find_extent(data: ScatterData) -> tuple[float, float]:
    """Return the lowest and the highest number the axis must show."""
    shown = [*data.values.tolist(), *(threshold.value for threshold in data.thresholds)] or [0.0, 1.0]
    return min(shown), max(shown)


def _find_middle(data: ScatterData) -> tuple[float, float]:
    """Return the range to show in full: nearly all normal scores, and the thresholds near them."""
    anomalous = data.select_label("anomalous")
    scores = data.values if anomalous.all() else data.values[~anomalous]
    low, high = (
        (float(edge) for edge in np.quantile(scores, (0.01, 0.99))) if scores.size else _find_extent(data)
    )
    reach = _FAR * (_widen_range(low, high)[1] - _widen_range(low, high)[0])
    near = [t.value for t in data.thresholds if low - reach <= t.value <= high + reach]
    return _widen_range(min([low, *near]), max([high, *near]))


def _widen_range(low: float, high: float) -> tuple[float, float]:
    """Give a range some width where all numbers are (nearly) the same."""
    size = max(abs(low), abs(high), 1.0)
    extra = 0.05 * size if high - low < 1e-6 * size else 0.0
    return low - extra, high + extra


def apply_scale(axes: "Axes", data: ScatterData, which: Literal["x", "y"]) -> list["Patch"]:
    """Give one axis the scale of the scores, and return what the legend should say of it."""
    scale = choose_scale(data)
    bottom, top = _find_limits(scale, *_find_extent(data))
    ticks = _choose_ticks(scale, bottom, top, _MOST_TICKS[which])
    functions = (scale.forward, scale.inverse)
    if which == "x":
        axes.set_xscale("function", functions=functions)
        axes.set_xlim(bottom, top)
        axes.set_xticks(ticks, labels=_format_ticks(ticks))
    else:
        axes.set_yscale("function", functions=functions)
        axes.set_ylim(bottom, top)
        axes.set_yticks(ticks, labels=_format_ticks(ticks))
    return _shade_compressed(axes.axvspan if which == "x" else axes.axhspan, scale, bottom, top)


def _find_limits(scale: ScoreScale, lowest: float, highest: float) -> tuple[float, float]:
    """Return the ends of the axis: every score, and some air."""
    low, high = (float(scale.forward(edge)) for edge in _widen_range(lowest, highest))
    air = _PADDING * (high - low)
    return float(scale.inverse(low - air)), float(scale.inverse(high + air))


def _choose_ticks(scale: ScoreScale, bottom: float, top: float, most: int) -> list[float]:
    """Return round numbers to label: evenly in the linear part, further and further apart beyond it."""
    from matplotlib.ticker import MaxNLocator

    low, high = max(bottom, scale.low), min(top, scale.high)
    room = float(scale.forward(top) - scale.forward(bottom)) / most
    locator = MaxNLocator(max(3, int((high - low) / room)), steps=[1, 2, 5, 10])
    even = [float(tick) for tick in locator.tick_values(low, high) if low <= tick <= high]
    below = _step_outward(scale, even[0], bottom, room) if bottom < low else []
    above = _step_outward(scale, even[-1], top, room) if top > high else []
    return [*below[::-1], *even, *above]


def _step_outward(scale: ScoreScale, start: float, end: float, room: float) -> list[float]:
    """Return round numbers from `start` (left out) on to `end`, at least `room` apart when drawn."""
    sign, ticks = math.copysign(1.0, end - start), [start]
    powers = range(math.floor(math.log10(scale.width)), math.ceil(math.log10(abs(end - start))) + 1)
    for step, unit in ((digit * 10.0**power, 10.0**power) for power in powers for digit in (1, 2, 5)):
        tick = round((start + sign * step) / unit) * unit
        apart = abs(float(scale.forward(tick) - scale.forward(ticks[-1])))
        if (end - tick) * sign >= 0 and (tick - ticks[-1]) * sign > 0 and apart >= room:
            ticks.append(tick)
    return ticks[1:]


def _format_ticks(ticks: list[float]) -> list[str]:
    """Write ticks with as many decimals as tell them apart."""
    step = float(min(np.diff(ticks), default=1.0))
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))  # steps are 1, 2 or 5 times a power of ten
    pattern = f",.{decimals}f" if decimals <= 6 and max(map(abs, ticks)) < 1e10 else ".4g"
    return [use_minus_sign(format(tick, pattern)) for tick in ticks]


def _shade_compressed(
    span: Callable[..., "Patch"], scale: ScoreScale, bottom: float, top: float
) -> list["Patch"]:
    """Tint the compressed parts of the axis."""
    shades = []
    if scale.low > bottom:
        shades.append(
            span(
                bottom,
                scale.low,
                label=translate("compressed scale below {score}", score=format_score(scale.low)),
            )
        )
    if scale.high < top:
        shades.append(
            span(
                scale.high,
                top,
                label=translate("compressed scale above {score}", score=format_score(scale.high)),
            )
        )
    for shade in shades:
        shade.set(facecolor=FAINT, edgecolor="none", zorder=0)
    return shades
