"""What a model did on images whose label is known: plain values, for tables, files and plots."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, overload

import numpy as np

from anomaly_gui.detection.images.path_list import ChosenPaths
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
from anomaly_gui.detection.judging.verdicts import VERDICTS, Verdict, is_anomalous

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, IntArray


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


@dataclass(frozen=True, eq=False)
class LabelledColumns(Sequence[LabelledScore]):
    """The same of very many images in little memory: each is made when it is asked for.

    Parameters
    ----------
    files : of all images
    labels, verdicts : (images,) indices in `LABELS` and `VERDICTS`
    scores : (images,) float64, NaN where there is none
    which : those of the images that are meant, in their order; None: all
    """

    files: Sequence[Path]
    labels: IntArray
    scores: FloatArray
    verdicts: IntArray
    which: IntArray | None = None

    @classmethod
    def of(cls, images: Sequence[LabelledScore]) -> LabelledColumns:
        """Return images in columns, of which all are meant."""
        if isinstance(images, LabelledColumns):
            return images.pack()
        return cls(
            [image.path for image in images],
            np.array([LABELS.index(image.label) for image in images], np.int8),
            np.array([np.nan if image.score is None else image.score for image in images], np.float64),
            np.array([VERDICTS.index(Verdict(image.verdict)) for image in images], np.int8),
        )

    def __len__(self) -> int:
        return len(self.scores if self.which is None else self.which)

    @overload
    def __getitem__(self, index: int) -> LabelledScore: ...

    @overload
    def __getitem__(self, index: slice) -> LabelledColumns: ...

    def __getitem__(self, index: int | slice) -> LabelledScore | LabelledColumns:
        """Return what was said of an image, or of some of them."""
        if isinstance(index, slice):
            return self.choose(np.arange(*index.indices(len(self))))
        place = range(len(self))[index] if self.which is None else int(self.which[index])
        score = float(self.scores[place])
        label, verdict = LABELS[self.labels[place]], VERDICTS[self.verdicts[place]]
        return LabelledScore(self.files[place], label, None if math.isnan(score) else score, verdict)

    def choose(self, indices: IntArray) -> LabelledColumns:
        """Return some of the images, by their indices, in any order."""
        which = (indices if self.which is None else self.which[indices]).astype(np.int32)
        return LabelledColumns(self.files, self.labels, self.scores, self.verdicts, which)

    def pack(self) -> LabelledColumns:
        """Return the images that are meant without the others."""
        which = self.which
        if which is None:
            return self
        files = ChosenPaths(self.files, which)
        return LabelledColumns(files, self.labels[which], self.scores[which], self.verdicts[which])

    def list_scores(self, chosen: BoolArray) -> tuple[FloatArray, list[Label]]:
        """Return the scores and the labels of some of all images, by a mask."""
        return self.scores[chosen], [LABELS[label] for label in self.labels[chosen].tolist()]


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
    false_alarms: Sequence[LabelledScore]
    misses: Sequence[LabelledScore]
    passed: Sequence[LabelledScore]
    found: Sequence[LabelledScore]
    not_sure: LabelCounts
    not_judged: LabelCounts
    images: Sequence[LabelledScore]


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
    known = LabelledColumns.of(images)
    is_judged = known.verdicts != VERDICTS.index(Verdict.CANNOT_JUDGE)
    scores, labels = known.list_scores(is_judged)
    counts = confusion(scores, labels, threshold)
    sides = _Sides(known, is_judged, threshold)
    return Evaluation(
        auroc=image_auroc(scores, labels),
        average_precision=average_precision(scores, labels),
        threshold=float(threshold),
        confusion=counts,
        false_alarm=Rate.of(counts.false_alarms, counts.false_alarms + counts.normal_judged_good),
        miss=Rate.of(counts.misses, counts.misses + counts.defects_found),
        roc=roc(scores, labels),
        precision_recall=precision_recall(scores, labels),
        false_alarms=sides.sort_worst_first("normal", below=True),
        misses=sides.sort_worst_first("anomalous", below=False),
        passed=sides.sort_worst_first("normal", below=False),
        found=sides.sort_worst_first("anomalous", below=True),
        not_sure=_count_labels(known, known.verdicts == VERDICTS.index(Verdict.NOT_SURE)),
        not_judged=_count_labels(known, ~is_judged),
        images=known if isinstance(images, LabelledColumns) else tuple(images),
    )


@dataclass(frozen=True, eq=False)
class _Sides:
    """Judged images on both sides of a threshold."""

    known: LabelledColumns
    is_judged: BoolArray
    threshold: float

    def sort_worst_first(self, label: Label, *, below: bool) -> LabelledColumns:
        """Return the images of a label on one side of the threshold, least like their label first."""
        known = self.known
        is_chosen = self.is_judged & (known.labels == LABELS.index(label))
        is_chosen &= is_anomalous(known.scores, self.threshold) == below
        chosen = np.flatnonzero(is_chosen)
        scores = known.scores[chosen]
        order = np.argsort(-scores if label == "anomalous" else scores, kind="stable")
        return known.choose(chosen[order])


def _count_labels(images: LabelledColumns, chosen: BoolArray) -> LabelCounts:
    """Count images by label."""
    return LabelCounts(*np.bincount(images.labels[chosen], minlength=len(LABELS)).tolist())
