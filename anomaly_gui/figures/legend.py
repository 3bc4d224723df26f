"""Legends below a picture, where they cover no point."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal
from unicodedata import east_asian_width

from anomaly_gui.detection.judging.metrics import Label
from anomaly_gui.figures.score_data import NamedThreshold, ScatterData
from anomaly_gui.figures.style import CLASS_STYLES, LINES, TEXT, THRESHOLD, format_score
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import FigureBase

_LETTERS_PER_INCH = 11


def count_classes(data: ScatterData) -> dict[Label | None, str]:
    """Return what the legend says of each class that is there, in a fixed order."""
    counts = {label: int(data.select_label(label).sum()) for label in CLASS_STYLES}
    return {label: f"{translate(CLASS_STYLES[label].name)} ({n:,})" for label, n in counts.items() if n}


def draw_thresholds(
    axes: "Axes", thresholds: Sequence[NamedThreshold], which: Literal["x", "y"]
) -> "list[Artist]":
    """Draw thresholds as black lines, the first one solid, and return them for the legend."""
    line = axes.axvline if which == "x" else axes.axhline
    lines: list[Artist] = []
    for i, (name, value) in enumerate(thresholds):
        text = f"{name} ({format_score(value)})"
        style = LINES[i % len(LINES)]
        lines.append(line(value, color=THRESHOLD, linewidth=1.5, linestyle=style, label=text, zorder=5))
    return lines


def say_empty(axes: "Axes") -> None:
    """Say that there is nothing to draw, and take away numbers that would mean nothing."""
    axes.set(xticks=[], yticks=[])
    axes.text(
        0.5, 0.5, translate("no images"), transform=axes.transAxes, ha="center", va="center", color=TEXT
    )


def put_legend_below(figure: "FigureBase", handles: "list[Artist]", *, width: float) -> None:
    """Put a legend below the axes, in as many columns as its longest text leaves room for.

    `width` is that of the figure, or of the part of it that the axes have, in inches.
    """
    if not handles:
        return
    longest = max(_measure_text(str(handle.get_label())) for handle in handles) + 6
    columns = int(width * _LETTERS_PER_INCH / longest)
    figure.legend(handles=handles, loc="outside lower center", ncols=max(1, min(columns, len(handles), 3)))


def _measure_text(text: str) -> int:
    """Return how many Latin letters take as much room."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
