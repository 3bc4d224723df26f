"""The worked example: ones are good, sevens are defects; textbook and honest thresholds side by side."""

from __future__ import annotations

import csv
import io
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from PIL import Image

from anomaly_gui.detection.evaluation import Evaluation, LabelledScore, evaluate_scores
from anomaly_gui.detection.images import decode_full
from anomaly_gui.detection.scoring import ScoreRequest, score
from anomaly_gui.detection.thresholds import TRAINING, by_sigma
from anomaly_gui.detection.training import TrainRequest, TrainSettings, train
from anomaly_gui.errors import UserError
from anomaly_gui.figures import (
    ClassPredictions,
    NamedThreshold,
    ScatterData,
    Thumbnail,
    failures_figure,
    save_figure,
    scatter_figure,
)
from anomaly_gui.paths import atomic_write, resource

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays import ImageArray
    from anomaly_gui.detection.metrics import Label
    from anomaly_gui.progress import Progress

SETTINGS = TrainSettings(layer="block3_pool", size=32)
_TO_FIT = 800


@dataclass(frozen=True, eq=False)
class _Digits:
    fit: tuple[Path, ...]
    normal: tuple[Path, ...]
    anomalous: tuple[Path, ...]


def demo_report(out: Path, progress: Progress) -> str:
    """Train on 800 ones, judge the other ones and the sevens, write pictures and scores to `out`.

    Returns the table as text. Writes scatter.png, failures.png and scores.csv.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{out} cannot be made ({error.strerror}); choose another --out.") from error
    with tempfile.TemporaryDirectory() as folder:
        digits = _unpack(Path(folder))
        model = train(TrainRequest(digits.fit, settings=SETTINGS), progress).model
        images = [
            LabelledScore(Path(one.path.name), label, one.score, one.verdict)
            for label, files in _labelled(digits)
            for one in score(ScoreRequest(model, files), progress).images
        ]
        honest = evaluate_scores(images, model.threshold.value)
        textbook = evaluate_scores(images, by_sigma(model.training.scores, 3, TRAINING).value)
        _write_scatter(out / "scatter.png", honest, textbook.threshold)
        save_figure(failures_figure(_predictions(honest, Path(folder))), out / "failures.png")
    _write_scores(out / "scores.csv", honest)
    return _table(honest, textbook, str(model.threshold.expected), out)


def _unpack(folder: Path) -> _Digits:
    with np.load(resource("samples", "mnist_ones_sevens.npz"), allow_pickle=False) as archive:
        ones = _save(archive["ones"], folder, "one")
        sevens = _save(archive["sevens"], folder, "seven")
    return _Digits(ones[:_TO_FIT], ones[_TO_FIT:], sevens)


def _save(images: ImageArray, folder: Path, name: str) -> tuple[Path, ...]:
    paths = tuple(folder / f"{name}_{index:04}.png" for index in range(len(images)))
    for path, pixels in zip(paths, images, strict=True):
        Image.fromarray(pixels).save(path)
    return paths


def _labelled(digits: _Digits) -> tuple[tuple[Label, tuple[Path, ...]], ...]:
    return (("normal", digits.normal), ("anomalous", digits.anomalous))


def _write_scatter(path: Path, honest: Evaluation, textbook: float) -> None:
    data = ScatterData(
        scores=[one.score for one in honest.images if one.score is not None],
        labels=[one.label for one in honest.images if one.score is not None],
        thresholds=(
            NamedThreshold("honest: 1 % false alarms", honest.threshold),
            NamedThreshold("textbook: mean - 3 sigma of the training scores", textbook),
        ),
        title="Ones (good) and sevens (defects)",
    )
    save_figure(scatter_figure(data), path)


def _predictions(result: Evaluation, folder: Path) -> tuple[ClassPredictions, ClassPredictions]:
    def shown(images: tuple[LabelledScore, ...]) -> list[Thumbnail]:
        return [
            Thumbnail(decode_full(folder / one.path), one.score)
            for one in images[:10]
            if one.score is not None
        ]

    def of(
        name: Literal["ones", "sevens"],
        label: Label,
        wrong: tuple[LabelledScore, ...],
        right: tuple[LabelledScore, ...],
    ) -> ClassPredictions:
        return ClassPredictions(name, label, shown(wrong), len(wrong), shown(right), len(right))

    return (
        of("ones", "normal", result.false_alarms, result.passed),
        of("sevens", "anomalous", result.misses, result.found),
    )


def _write_scores(path: Path, result: Evaluation) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["image", "label", "score", "verdict"])
    writer.writerows((one.path, one.label, one.score, one.verdict) for one in result.images)
    with atomic_write(path) as file:
        file.write(text.getvalue().encode("utf-8"))


def _table(honest: Evaluation, textbook: Evaluation, expected: str, out: Path) -> str:
    rows = [f"{'threshold':42}{'false alarms':>20}{'misses':>20}"]
    for name, one in (
        ("honest: 1 % false alarms promised", honest),
        ("textbook: mean - 3 sigma of training scores", textbook),
    ):
        rows.append(
            f"{name:42}"
            f"{f'{one.false_alarm.count} of {one.false_alarm.total}':>20}"
            f"{f'{one.miss.count} of {one.miss.total}':>20}"
        )
    return "\n".join([*rows, f"AUROC {honest.auroc:.4f}. Expected: {expected}.", f"Written to {out}."])
