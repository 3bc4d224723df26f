"""The pictures of an evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anomaly_gui.detection.images import OWN_DEPTH, decode_full
from anomaly_gui.figures import (
    ClassPredictions,
    NamedThreshold,
    ScatterData,
    Thumbnail,
    confusion_figure,
    failures_figure,
    histogram_figure,
    roc_figure,
    save_figure,
    scatter_figure,
)

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.evaluation import Evaluation, LabelledScore
    from anomaly_gui.detection.metrics import Label
    from anomaly_gui.detection.thresholds import Threshold

_SHOWN = 10


def save_plots(result: Evaluation, threshold: Threshold, folder: Path, depth: int | None) -> None:
    """Write scatter.png, distribution.png, roc.png, confusion.png and failures.png."""
    lines = (NamedThreshold(f"threshold ({threshold.rule})", threshold.value),)
    data = scatter_data(result, lines, "Good images and known defects")
    save_figure(scatter_figure(data), folder / "scatter.png")
    save_figure(histogram_figure(data), folder / "distribution.png")
    save_figure(confusion_figure(result.confusion, ("good", "defect")), folder / "confusion.png")
    save_figure(roc_figure(result.roc, result.auroc, _operating_point(result)), folder / "roc.png")
    save_figure(
        failures_figure(predictions(result, ("good parts", "defects"), depth=depth)), folder / "failures.png"
    )


def _operating_point(result: Evaluation) -> tuple[float, float] | None:
    if result.false_alarm.rate is None or result.miss.rate is None:
        return None
    return result.false_alarm.rate, 1 - result.miss.rate


def scatter_data(result: Evaluation, thresholds: tuple[NamedThreshold, ...], title: str) -> ScatterData:
    """Return the judged images as points."""
    judged = [(one.score, one.label) for one in result.images if one.score is not None]
    return ScatterData([score for score, _ in judged], [label for _, label in judged], thresholds, title)


def predictions(
    result: Evaluation,
    names: tuple[str, str],
    folder: Path | None = None,
    depth: int | None = OWN_DEPTH,
) -> tuple[ClassPredictions, ClassPredictions]:
    """Return a row of wrong and one of right predictions for each label.

    `names` are the plurals the titles use; relative paths are taken from `folder`; `depth` is that of
    `images.ReadingOptions`.
    """

    def shown(images: tuple[LabelledScore, ...]) -> list[Thumbnail]:
        return [
            Thumbnail(decode_full(folder / one.path if folder else one.path, depth=depth), one.score)
            for one in images[:_SHOWN]
            if one.score is not None
        ]

    def of(
        name: str, label: Label, wrong: tuple[LabelledScore, ...], right: tuple[LabelledScore, ...]
    ) -> ClassPredictions:
        return ClassPredictions(name, label, shown(wrong), len(wrong), shown(right), len(right))

    return (
        of(names[0], "normal", result.false_alarms, result.passed),
        of(names[1], "anomalous", result.misses, result.found),
    )
