"""How images of each label were judged, as a table of four counts."""

from typing import TYPE_CHECKING

from anomaly_gui.detection.judging.metrics import Confusion
from anomaly_gui.figures.canvas import make_figure, set_up_drawing
from anomaly_gui.figures.style import ANOMALOUS, FAINT, NORMAL, TEXT
from anomaly_gui.language import translate
from anomaly_gui.wording import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw_confusion(counts: Confusion, names: tuple[str, str] | None = None) -> "Figure":
    """Draw the counts, one row for each label, with the share of the row; mistakes are white, hits tinted."""
    rows = [(counts.normal_judged_good, counts.false_alarms), (counts.misses, counts.defects_found)]
    with set_up_drawing():
        figure = make_figure(6, 4)
        axes = figure.add_subplot(xlim=(0, 2), ylim=(2, 0))
        axes.set_xticks([0.5, 1.5], labels=[translate("judged good"), translate("judged defect")])
        totals = [f"{name}\n({sum(row):,})" for name, row in zip(names or _name_classes(), rows, strict=True)]
        axes.set_yticks([0.5, 1.5], labels=totals)
        axes.tick_params(length=0, labelsize=12)
        axes.xaxis.tick_top()
        for i, row in enumerate(rows):
            _draw_label(axes, i, row)
        axes.spines[:].set_visible(False)
        return figure


def _name_classes() -> tuple[str, str]:
    return translate("normal"), translate("anomalous")


def _draw_label(axes: "Axes", i: int, row: tuple[int, int]) -> None:
    """Draw the two cells of a label."""
    from matplotlib.patches import Rectangle

    colour, remarks = (
        (NORMAL, ("", translate("false alarms"))),
        (ANOMALOUS, (translate("misses"), "")),
    )[i]
    for j, (count, remark) in enumerate(zip(row, remarks, strict=True)):
        tint = (colour, 0.18) if i == j else "white"
        axes.add_patch(
            Rectangle((j + 0.02, i + 0.02), 0.96, 0.96, facecolor=tint, edgecolor=FAINT, linewidth=2)
        )
        below = (
            translate("{share} {remark}", share=percent(count / sum(row), 1), remark=remark)
            if sum(row)
            else translate("no images")
        )
        axes.text(j + 0.5, i + 0.45, f"{count:,}", ha="center", va="center", fontsize=20, color=TEXT)
        axes.text(j + 0.5, i + 0.72, below.strip(), ha="center", va="center", color=TEXT)
