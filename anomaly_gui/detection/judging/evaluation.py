"""What a model did on images whose label is known: plain values, for tables, files and plots."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from anomaly_gui.detection.judging.metrics import (
    LABELS,
    Confusion,
    Label,
    PrecisionRecall,
    Rate,
    RocCurve,
    average_precision,
    confusion,
    image_auroc,
    precision_recall,
    roc,
)
from anomaly_gui.detection.judging.verdicts import Verdict, is_anomalous


@dataclass(frozen=True)
class LabelledScore:
    """An image, its true label, and what the model said of it.

    `score` is a log-likelihood, or None when there is none; only "cannot judge" goes without a score. Raises
    ValueError for anything that contradicts itself.
    """

    path: Path
    label: Label
    score: float | None
    verdict: Verdict

    def __post_init__(self) -> None:
        if self.label not in LABELS or self.verdict not in set(Verdict):
            raise ValueError(f"{self.path}: unknown label or verdict: {self.label!r}, {self.verdict!r}")
        if self.score is None and self.verdict != Verdict.CANNOT_JUDGE:
            raise ValueError(f"{self.path}: the verdict {self.verdict!r} needs a score")
        if self.score is not None and not math.isfinite(self.score):
            raise ValueError(f"{self.path}: the score {self.score} is not finite")


@dataclass(frozen=True)
class LabelCounts:
    """How many images of each label."""

    normal: int
    anomalous: int


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Everything known about a model on labelled images.

    The rates, counts and curves are of the judged images: those with a score whose verdict is not "cannot
    judge". `not_judged` counts the others by label, so that no image is lost. "not sure" images are judged
    ones: they enter false alarms, misses and all else by `score < threshold` like the rest, and `not_sure`
    tells how many of them there are.

    The four lists hold the worst image first: of normal images the lowest score, of anomalous ones the
    highest. `passed` are normal images judged good, `found` anomalous images judged anomalous. What needs
    both classes (`auroc`, `average_precision`, `roc`, `precision_recall`) is None when one is missing.
    """

    auroc: float | None
    average_precision: float | None
    threshold: float
    confusion: Confusion
    false_alarm: Rate
    miss: Rate
    roc: RocCurve | None
    precision_recall: PrecisionRecall | None
    false_alarms: tuple[LabelledScore, ...]
    misses: tuple[LabelledScore, ...]
    passed: tuple[LabelledScore, ...]
    found: tuple[LabelledScore, ...]
    not_sure: LabelCounts
    not_judged: LabelCounts
    images: tuple[LabelledScore, ...]


def evaluate_scores(images: Sequence[LabelledScore], threshold: float) -> Evaluation:
    """Compare what a model said at `threshold` with the labels of the images.

    The verdicts should come from the same threshold; only "not sure" and "cannot judge" are read from them.
    Raises ValueError for a threshold that is not a number.

    >>> good, bad = (LabelledScore(Path("a.png"), "normal", -3.0, Verdict.GOOD),
    ...              LabelledScore(Path("b.png"), "anomalous", -9.0, Verdict.DEFECT))
    >>> result = evaluate_scores([good, bad], threshold=-5.0)
    >>> result.auroc, result.confusion.defects_found, result.miss.count
    (1.0, 1, 0)
    """
    judged = [image for image in images if image.verdict != Verdict.CANNOT_JUDGE]
    scores, labels = [_require_score(image) for image in judged], [image.label for image in judged]
    counts = confusion(scores, labels, threshold)
    return Evaluation(
        auroc=image_auroc(scores, labels),
        average_precision=average_precision(scores, labels),
        threshold=float(threshold),
        confusion=counts,
        false_alarm=Rate.of(counts.false_alarms, counts.false_alarms + counts.normal_judged_good),
        miss=Rate.of(counts.misses, counts.misses + counts.defects_found),
        roc=roc(scores, labels),
        precision_recall=precision_recall(scores, labels),
        false_alarms=_worst_first(judged, "normal", threshold, below=True),
        misses=_worst_first(judged, "anomalous", threshold, below=False),
        passed=_worst_first(judged, "normal", threshold, below=False),
        found=_worst_first(judged, "anomalous", threshold, below=True),
        not_sure=_count_labels(image for image in images if image.verdict == Verdict.NOT_SURE),
        not_judged=_count_labels(image for image in images if image.verdict == Verdict.CANNOT_JUDGE),
        images=tuple(images),
    )


def _require_score(image: LabelledScore) -> float:
    """Return the score of a judged image."""
    if image.score is None:
        raise ValueError(f"{image.path}: no score")
    return image.score


def _worst_first(
    judged: Sequence[LabelledScore], label: Label, threshold: float, *, below: bool
) -> tuple[LabelledScore, ...]:
    """Return the images of a label on one side of the threshold, least like their label first."""
    chosen = [
        image
        for image in judged
        if image.label == label and is_anomalous(_require_score(image), threshold) is below
    ]
    return tuple(sorted(chosen, key=_require_score, reverse=label == "anomalous"))


def _count_labels(images: Iterable[LabelledScore]) -> LabelCounts:
    """Count images by label."""
    labels = [image.label for image in images]
    return LabelCounts(labels.count("normal"), labels.count("anomalous"))
