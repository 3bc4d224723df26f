"""Every image's score, in the order of the images."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from anomaly_gui.detection.judging.metrics import Label
from anomaly_gui.figures.canvas import make_figure, set_up_drawing
from anomaly_gui.figures.legend import count_classes, draw_thresholds, put_legend_below, say_empty
from anomaly_gui.figures.score_data import ScatterData
from anomaly_gui.figures.score_scale import apply_scale
from anomaly_gui.figures.style import CLASS_STYLES
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, FigureBase

_WIDTH, _HEIGHT = 9, 5.5  # inches


def draw_scatter(data: ScatterData) -> "Figure":
    """Draw index against score: blue circles normal, pink triangles anomalous, black lines thresholds.

    Points get smaller and fainter the more there are; the axis of scores is compressed where a part of them
    lies far out (see `score_scale`), and says so. Legend below, with counts.
    """
    with set_up_drawing():
        figure = make_figure(_WIDTH, _HEIGHT)
        _draw_panel(figure, data)
        return figure


def draw_scatters(panels: Sequence[ScatterData]) -> "Figure":
    """Draw what several models say of images side by side, each as `draw_scatter` does, on its own scale."""
    with set_up_drawing():
        figure = make_figure(_WIDTH * max(1, len(panels)), _HEIGHT)
        for part, data in zip(figure.subfigures(1, len(panels), squeeze=False)[0], panels, strict=True):
            _draw_panel(part, data)
        return figure


def _draw_panel(figure: "FigureBase", data: ScatterData) -> None:
    from matplotlib.ticker import MaxNLocator

    axes = figure.add_subplot(title=data.title)
    axes.set_xlabel(translate("image index"))
    axes.set_ylabel(translate("score (log-likelihood, higher is more normal)"))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.xaxis.set_major_locator(MaxNLocator(steps=[1, 2, 5, 10], integer=True, min_n_ticks=1))
    axes.set_xlim(*_find_ends(data))
    shades = apply_scale(axes, data, "y")
    counts = count_classes(data)
    handles = [_draw_points(axes, data, label, text) for label, text in counts.items()]
    lines = draw_thresholds(axes, data.thresholds, "y")
    put_legend_below(figure, [*handles, *lines, *shades], width=_WIDTH)
    if not len(data.labels):
        say_empty(axes)


def _find_ends(data: ScatterData) -> tuple[float, float]:
    """Return the ends of the axis of images: all of them, and some air."""
    first, last = (data.positions.min(), data.positions.max()) if len(data.labels) else (0.0, 1.0)
    air = max(0.5, 0.02 * (last - first))
    return float(first - air), float(last + air)


def _draw_points(axes: "Axes", data: ScatterData, label: Label | None, text: str) -> "Artist":
    """Draw the images of a class and return one big mark for the legend."""
    from matplotlib.lines import Line2D

    style, mask, many = CLASS_STYLES[label], data.select_label(label), len(data.labels)
    look: dict[str, Any] = {
        "color": style.colour,
        "marker": style.marker,
        "linestyle": "none",
        "markeredgewidth": 0,
    }
    size = min(6.0, max(1.5, 180 / many**0.5))  # the points' area together stays about the same
    alpha = min(0.85, max(0.35, 25 / many**0.5))
    axes.plot(data.positions[mask], data.values[mask], markersize=size, alpha=alpha, **look)
    return Line2D([], [], label=text, markersize=7, **look)
