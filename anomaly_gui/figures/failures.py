"""The images a model got wrong, above those it got right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from anomaly_gui.detection.judging.metrics import Label
from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.figures.canvas import make_figure, set_up_drawing
from anomaly_gui.figures.style import CLASS_STYLES, FAINT, TEXT, format_score
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_CELL, _GAP, _MARGIN, _TITLE, _SCORE = 0.9, 0.1, 0.2, 0.42, 0.28  # inches
_NARROWEST = 8.0  # room for the titles


class Thumbnail(NamedTuple):
    """A small picture, uint8 of shape (height, width) or (height, width, 3), and the image's score."""

    pixels: npt.NDArray[np.uint8]
    score: float


@dataclass(frozen=True, eq=False)
class ClassPredictions:
    """The images of one label: those to show, and how many there are in all.

    `name` is the plural the titles use ("ones"). `wrong` and `right` may be shorter than `n_wrong` and
    `n_right` say, in any order; each needs its worst images: of normal images the lowest scores, of anomalous
    ones the highest. Raises ValueError for counts below what is given, and for pixels of another kind.
    """

    name: str
    label: Label
    wrong: Sequence[Thumbnail]
    n_wrong: int
    right: Sequence[Thumbnail]
    n_right: int

    def __post_init__(self) -> None:
        if self.n_wrong < len(self.wrong) or self.n_right < len(self.right):
            raise ValueError(f"{self.name}: more images than their count")
        for pixels, _ in (*self.wrong, *self.right):
            grey_or_rgb = pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] == 3)
            if pixels.dtype != np.uint8 or not grey_or_rgb or not pixels.size:
                raise ValueError(f"{self.name}: cannot show pixels {pixels.dtype} {pixels.shape}")


class _Row(NamedTuple):
    """A title and the thumbnails under it."""

    title: str
    thumbnails: list[Thumbnail]
    colour: str
    frame: float


def draw_failures(classes: Sequence[ClassPredictions], limit: int = 10) -> "Figure":
    """Draw for each class a row of wrong predictions over a row of right ones, worst first, with scores.

    At most `limit` images a row; the titles have the counts. An empty row says "none".
    """
    rows = [row for one in classes for row in _make_rows(one, limit)]
    height = _TITLE + _CELL + _SCORE
    with set_up_drawing():
        width = max(_NARROWEST, limit * (_CELL + _GAP) + 2 * _MARGIN)
        figure = make_figure(width, max(1, len(rows)) * height + _MARGIN, layout="none")
        full = figure.get_size_inches()
        for i, row in enumerate(rows):
            top = full[1] - i * height - _TITLE
            box = (_MARGIN / width, (top - _CELL) / full[1], 1 - 2 * _MARGIN / width, _CELL / full[1])
            _draw_thumbnails(figure.add_axes(box), row, (width - 2 * _MARGIN) / (_CELL + _GAP))
        if not rows:
            figure.text(0.5, 0.5, translate("no images"), ha="center", va="center", color=TEXT)
        return figure


def _make_rows(one: ClassPredictions, limit: int) -> tuple[_Row, _Row]:
    """Return the rows of a class."""
    wrong, right = (Verdict.DEFECT, Verdict.GOOD) if one.label == "normal" else (Verdict.GOOD, Verdict.DEFECT)
    kind = translate("false alarms") if one.label == "normal" else translate("misses")
    total, colour = one.n_wrong + one.n_right, CLASS_STYLES[one.label].colour
    worst = [_pick_worst(images, one.label, limit) for images in (one.wrong, one.right)]
    return (
        _Row(_title_row(one.name, wrong, (one.n_wrong, total), kind, len(worst[0])), worst[0], colour, 3.0),
        _Row(
            _title_row(one.name, right, (one.n_right, total), translate("right"), len(worst[1])),
            worst[1],
            colour,
            1.0,
        ),
    )


def _title_row(name: str, verdict: Verdict, counts: tuple[int, int], kind: str, shown: int) -> str:
    """Return what stands above a row: of `counts` images the first, of which so many are shown."""
    count, total = counts
    if 0 < shown < count:
        kind = translate("{kind}; the {shown} least like their class", kind=kind, shown=shown)
    return translate(
        "{name} judged {verdict}: {count:,} of {total:,} ({kind})",
        name=name,
        verdict=verdict.told,
        count=count,
        total=total,
        kind=kind,
    )


def _pick_worst(images: Sequence[Thumbnail], label: Label, limit: int) -> list[Thumbnail]:
    """Return the images least like their label, worst first."""
    return sorted(images, key=lambda image: image.score, reverse=label == "anomalous")[:limit]


def _draw_thumbnails(axes: "Axes", row: _Row, cells: float) -> None:
    """Draw a row of thumbnails into axes as wide as so many cells."""
    gap = _GAP / (_CELL + _GAP)
    axes.set(xlim=(0, cells), ylim=(0, 1))
    axes.set_axis_off()
    axes.set_title(row.title, loc="left", color=TEXT, pad=6)
    for i, (pixels, score) in enumerate(row.thumbnails):
        _draw_thumbnail(axes, pixels, (i + gap / 2, i + 1 - gap / 2), row)
        axes.text(i + 0.5, -0.07, format_score(score), ha="center", va="top", fontsize=9, color=TEXT)
    if not row.thumbnails:
        axes.text(gap / 2, 0.5, translate("none"), va="center", style="italic", color=TEXT)


def _draw_thumbnail(
    axes: "Axes", pixels: npt.NDArray[np.uint8], sides: tuple[float, float], row: _Row
) -> None:
    """Put a picture into its cell, as large as fits without stretching, framed in the class's colour."""
    from matplotlib.patches import Rectangle

    left, right = sides
    height, width = pixels.shape[0], pixels.shape[1]
    across, up = (0.5 * side / max(height, width) for side in (width * (right - left), height))
    middle = (left + right) / 2
    extent = (middle - across, middle + across, 0.5 - up, 0.5 + up)
    cell = Rectangle((left, 0), right - left, 1, facecolor=FAINT, zorder=0)
    frame = Rectangle((left, 0), right - left, 1, fill=False, clip_on=False, zorder=3)
    frame.set(edgecolor=row.colour, linewidth=row.frame)
    axes.add_patch(cell)
    axes.imshow(pixels, cmap="gray", vmin=0, vmax=255, extent=extent, aspect="auto", zorder=1)
    axes.add_patch(frame)
