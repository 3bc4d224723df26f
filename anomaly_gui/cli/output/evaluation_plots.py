"""The pictures of an evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui import figures
from anomaly_gui.detection.images.decoding.depth import OWN_DEPTH
from anomaly_gui.detection.images.loading import decode_full
from anomaly_gui.detection.judging.evaluation import LabelledColumns
from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.errors import ImageRefusedError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anomaly_gui.detection.judging.evaluation import Evaluation, LabelledScore
    from anomaly_gui.detection.judging.metrics import Label
    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.progress import Progress

_SHOWN = 10


def save_plots(
    result: Evaluation, threshold: Threshold, folder: Path, progress: Progress, depth: int | None
) -> None:
    """Write scatter.png, distribution.png, roc.png, confusion.png and failures.png.

    An image that went away since it was judged is missing from the failures only, with a warning.
    """
    with figures.set_up_drawing():
        lines = (
            figures.NamedThreshold(translate("threshold ({rule})", rule=threshold.rule), threshold.value),
        )
        data = make_scatter_data(result, lines, translate("Good images and known defects"))
        figures.save_figure(figures.draw_scatter(data), folder / "scatter.png")
        figures.save_figure(figures.draw_histogram(data), folder / "distribution.png")
        figures.save_figure(
            figures.draw_confusion(result.confusion, (Verdict.GOOD.told, Verdict.DEFECT.told)),
            folder / "confusion.png",
        )
        figures.save_figure(
            figures.draw_roc(result.roc, result.auroc, _find_operating_point(result)), folder / "roc.png"
        )
        figures.save_figure(
            figures.draw_failures(
                collect_predictions(result, (translate("good parts"), translate("defects")), progress, depth)
            ),
            folder / "failures.png",
        )


def _find_operating_point(result: Evaluation) -> tuple[float, float] | None:
    if result.false_alarm.rate is None or result.miss.rate is None:
        return None
    return result.false_alarm.rate, 1 - result.miss.rate


def make_scatter_data(
    result: Evaluation, thresholds: tuple[figures.NamedThreshold, ...], title: str
) -> figures.ScatterData:
    """Return the judged images as points."""
    images = LabelledColumns.of(result.images)
    return figures.ScatterData(*images.list_scores(~np.isnan(images.scores)), thresholds, title)


def collect_predictions(
    result: Evaluation, names: tuple[str, str], progress: Progress, depth: int | None = OWN_DEPTH
) -> tuple[figures.ClassPredictions, figures.ClassPredictions]:
    """Return a row of wrong and one of right predictions for each label.

    `names` are the plurals the titles use; `depth` is that of `images.ReadingOptions`.
    """

    def pick_shown(images: Sequence[LabelledScore]) -> list[figures.Thumbnail]:
        made = (_make_thumbnail(one, progress, depth) for one in images[:_SHOWN])
        return [thumbnail for thumbnail in made if thumbnail is not None]

    def collect_label(
        name: str, label: Label, wrong: Sequence[LabelledScore], right: Sequence[LabelledScore]
    ) -> figures.ClassPredictions:
        return figures.ClassPredictions(
            name, label, pick_shown(wrong), len(wrong), pick_shown(right), len(right)
        )

    return (
        collect_label(names[0], "normal", result.false_alarms, result.passed),
        collect_label(names[1], "anomalous", result.misses, result.found),
    )


def _make_thumbnail(one: LabelledScore, progress: Progress, depth: int | None) -> figures.Thumbnail | None:
    """Return an image with its score; None, with a warning, where it went away since it was judged."""
    try:
        return None if one.score is None else figures.Thumbnail(decode_full(one.path, depth=depth), one.score)
    except ImageRefusedError as error:
        progress.warn(translate("{error}; it is not shown among the failures.", error=error))
        return None
