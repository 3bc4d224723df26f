"""What the worked example shows: a table, pictures and scores of several methods on the same images."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.cells import cell_len

from anomaly_gui import figures
from anomaly_gui.cli.output.columns import pad_left, pad_right
from anomaly_gui.cli.output.evaluation_plots import collect_predictions, make_scatter_data
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.evaluating import EvaluateRequest, evaluate
from anomaly_gui.detection.judging.evaluation import evaluate_scores
from anomaly_gui.detection.judging.thresholds import TRAINING, by_sigma
from anomaly_gui.detection.training import train
from anomaly_gui.detection.worked_example import AUTOMATIC, SETTINGS, TEXTBOOK
from anomaly_gui.language import mark, translate
from anomaly_gui.results import write_csv

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.judging.evaluation import Evaluation
    from anomaly_gui.detection.judging.metrics import Rate
    from anomaly_gui.detection.model.model import Model
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.detection.settings.train_settings import TrainSettings
    from anomaly_gui.detection.worked_example import Example
    from anomaly_gui.progress import Progress

PICTURES = ("scatter.png", "failures.png", "scores.csv")
_METHODS = {
    "textbook": mark("textbook: mixture, mean - 3 sigma of the training scores"),
    "pooled-textbook": mark("pooled: mean - 3 sigma of the training scores"),
    "pooled": mark("pooled, calibrated: 1 % false alarms promised"),
    "auto": mark("auto, nothing set: 1 % false alarms promised"),
}


@dataclass(frozen=True, eq=False)
class _Judged:
    """A method, by its name among `_METHODS`, and what it says of the images."""

    name: str
    model: Model
    evaluation: Evaluation


def make_demo_report(example: Example, out: Path, progress: Progress, runtime: Runtime) -> str:
    """Train on the ones, judge other ones and sevens, write pictures and scores to `out`.

    Returns the table as text.
    """

    def judge(name: str, settings: TrainSettings) -> _Judged:
        model = train(TrainRequest(example.fit, settings=settings), progress, runtime).model
        request = EvaluateRequest(model, example.normal, example.anomalous)
        return _Judged(name, model, evaluate(request, progress, runtime).evaluation)

    textbook = judge("textbook", TEXTBOOK)
    pooled = judge("pooled", SETTINGS)
    automatic = judge("auto", AUTOMATIC)
    with figures.set_up_drawing():
        _draw_pictures({"textbook": textbook, "auto": automatic}, out, progress)
    _write_scores((pooled, textbook, automatic), out / PICTURES[2])
    return _format_table((textbook, _by_textbook_rule(pooled), pooled, automatic), len(example.fit))


def _by_textbook_rule(pooled: _Judged) -> _Judged:
    """Return the same scores judged by the textbook's threshold."""
    threshold = by_sigma(pooled.model.training.scores, 3, TRAINING)
    evaluation = evaluate_scores(pooled.evaluation.images, threshold.value)
    return replace(pooled, name="pooled-textbook", evaluation=evaluation)


def _draw_pictures(methods: dict[str, _Judged], out: Path, progress: Progress) -> None:
    """Draw each method's scatter beside the others', and its wrong and right images below theirs."""
    panels, classes = [], list[figures.ClassPredictions]()
    for name, one in methods.items():
        line = figures.NamedThreshold(translate(_METHODS[one.name]), one.evaluation.threshold)
        title = translate("{method}: ones (good) and sevens (defects)", method=name)
        panels.append(make_scatter_data(one.evaluation, (line,), title))
        names = translate("{method}: ones", method=name), translate("{method}: sevens", method=name)
        classes += collect_predictions(one.evaluation, names, progress)
    figures.save_figure(figures.draw_scatters(panels), out / PICTURES[0])
    figures.save_figure(figures.draw_failures(classes), out / PICTURES[1])


def _write_scores(methods: tuple[_Judged, _Judged, _Judged], file: Path) -> None:
    """Write a row for each image: the first method's score and verdict, then those of the others."""
    judged = zip(*(one.evaluation.images for one in methods), strict=True)
    rows = (
        (each[0].path.name, each[0].label, *(value for one in each for value in (one.score, one.verdict)))
        for each in judged
    )
    header = ("image", "label", "score", "verdict")
    more = (f"{value} of {name}" for name in ("textbook", "auto") for value in ("score", "verdict"))
    write_csv(file, (*header, *more), rows)


def _format_table(methods: tuple[_Judged, ...], learned: int) -> str:
    names = [translate(_METHODS[one.name]) for one in methods]
    width = max(map(cell_len, names)) + 2
    rows = [
        translate("Learned from {count:,} ones.", count=learned),
        pad_right(translate("method and threshold"), width)
        + pad_left(translate("false alarms"), 14)
        + pad_left(translate("misses"), 18)
        + pad_left("AUROC", 8),
    ]
    for name, one in zip(names, methods, strict=True):
        found = one.evaluation
        alarms, misses = _write_rate(found.false_alarm), _write_rate(found.miss)
        rows.append(
            f"{pad_right(name, width)}{pad_left(alarms, 14)}{pad_left(misses, 18)}{found.auroc:>8.4f}"
        )
    auto = methods[-1]
    rows.append(
        translate(
            "auto: AUROC {auroc:.4f}. To expect: {expected}.",
            auroc=auto.evaluation.auroc,
            expected=auto.model.threshold.expected,
        )
    )
    return "\n".join(rows)


def _write_rate(rate: Rate) -> str:
    return translate("{count:,} of {total:,}", count=rate.count, total=rate.total)
