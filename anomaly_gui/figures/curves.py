"""How well scores separate the classes: the ROC curve and the distribution of scores."""

from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.judging.metrics import Label, RocCurve
from anomaly_gui.figures.canvas import make_figure, set_up_drawing
from anomaly_gui.figures.legend import count_classes, draw_thresholds, put_legend_below, say_empty
from anomaly_gui.figures.score_data import ScatterData
from anomaly_gui.figures.score_scale import apply_scale, choose_scale
from anomaly_gui.figures.style import ANOMALOUS, CLASS_STYLES, NORMAL, THRESHOLD, UNLABELLED
from anomaly_gui.language import translate
from anomaly_gui.wording import percent

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BINS = 60


def draw_roc(
    curve: RocCurve | None, auroc: float | None, operating_point: tuple[float, float] | None = None
) -> "Figure":
    """Draw the defects found against the false alarms, with the AUROC in the legend.

    `operating_point` is the (false alarm rate, detection rate) at the threshold in use, each from 0 to 1. A
    curve of None, for want of a class, gives a picture that says so.
    """
    with set_up_drawing():
        figure = make_figure(6, 6.6)
        axes = figure.add_subplot(aspect="equal", xlim=(-0.01, 1.01), ylim=(-0.01, 1.01))
        axes.set_xlabel(translate("false alarms (share of normal images)"))
        axes.set_ylabel(translate("defects found (share of anomalous images)"))
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(lambda share, _: percent(share))
        if curve is None or auroc is None:
            axes.text(0.5, 0.5, translate("needs normal and anomalous images"), ha="center", va="center")
        else:
            put_legend_below(figure, _draw_roc_lines(axes, curve, auroc, operating_point), width=6)
        return figure


def _draw_roc_lines(
    axes: "Axes", curve: RocCurve, auroc: float, point: tuple[float, float] | None
) -> "list[Artist]":
    """Draw the curve, chance and the operating point, and return them for the legend."""
    x, y = curve.false_alarm_rate, curve.detection_rate
    lines: list[Artist] = [
        *axes.plot(x, y, color=NORMAL, linewidth=2, label=f"AUROC {auroc:.3f}", clip_on=False),
        *axes.plot(
            [0, 1],
            [0, 1],
            color=UNLABELLED,
            linewidth=1,
            linestyle="dotted",
            label=translate("chance (0.500)"),
        ),
    ]
    if point is not None:
        text = translate(
            "at the threshold: {alarms} false alarms, {found} found",
            alarms=percent(point[0], 1),
            found=percent(point[1], 1),
        )
        (mark,) = axes.plot(point[:1], point[1:], "D", label=text, clip_on=False, zorder=5)
        mark.set(color=ANOMALOUS, markeredgecolor=THRESHOLD)
        lines.append(mark)
    return lines


def draw_histogram(data: ScatterData) -> "Figure":
    """Draw how the scores of each class are spread, as shares of the class, with the thresholds.

    Split, so that a class of few images is seen beside one of many; the legend has the counts. Bins are
    equally wide as drawn: where the axis is compressed they hold more of the scale, see `score_scale`.
    """
    with set_up_drawing():
        figure = make_figure(9, 5)
        axes = figure.add_subplot(title=data.title)
        axes.set_xlabel(translate("score (log-likelihood, higher is more normal)"))
        axes.set_ylabel(translate("share of the images of the class"))
        axes.yaxis.set_major_formatter(lambda share, _: f"{100 * share:.3g} %")
        shades = apply_scale(axes, data, "x")
        bars: list[Artist] = [
            _draw_bars(axes, data, label, text) for label, text in count_classes(data).items()
        ]
        put_legend_below(figure, [*bars, *draw_thresholds(axes, data.thresholds, "x"), *shades], width=9)
        if not bars:
            say_empty(axes)
        return figure


def _draw_bars(axes: "Axes", data: ScatterData, label: Label | None, text: str) -> "Artist":
    """Draw the distribution of a class and return it for the legend."""
    scale, style, scores = choose_scale(data), CLASS_STYLES[label], data.values[data.select_label(label)]
    left, right = scale.forward(axes.get_xlim())
    positions = np.linspace(left, right, _BINS + 1)
    counts, _ = np.histogram(scale.forward(scores), positions)
    return axes.stairs(
        counts / len(scores),
        scale.inverse(positions),
        fill=True,
        facecolor=(style.colour, 0.35),
        edgecolor=style.colour,
        hatch=style.hatch,
        linewidth=1.2,
        label=text,
    )
