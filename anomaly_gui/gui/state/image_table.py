"""The images a window shows, column by column, and how many of them are judged wrong at a threshold."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.images.look import NUMBERS, Look, rows_of_looks
from anomaly_gui.detection.judging.metrics import Rate
from anomaly_gui.detection.judging.verdicts import VERDICTS, Verdict, is_anomalous

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, IntArray
    from anomaly_gui.detection.detectors.anomaly_maps import AnomalyMap
    from anomaly_gui.detection.judging.metrics import Label
    from anomaly_gui.detection.judging.thresholds import Threshold


class Marked(IntEnum):
    """The label of an image."""

    NONE = 0
    GOOD = 1
    DEFECT = 2


class Origin(IntEnum):
    """Where an image came from."""

    TRAINING = 0
    OTHER_DAY = 1
    KNOWN_DEFECTS = 2
    DROPPED = 3


@dataclass(frozen=True)
class Row:
    """One image: `score` is None, with a reason, where it cannot be judged; `map` where none was made.

    `sha256` of the file's bytes is empty, and `look` None, where they are not known.
    """

    path: Path
    score: float | None
    mark: Marked
    origin: Origin
    reason: str = ""
    nearest: tuple[int, ...] = ()
    map: AnomalyMap | None = None
    sha256: str = ""
    look: Look | None = None


class ImageTable:
    """Columns that grow: an image keeps its row for as long as it is there.

    Parameters
    ----------
    known : the bytes a model was made of, by their sha256
    """

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._known = frozenset(known)
        self._seen = set(self._known)
        self.sha256s: list[str] = []
        self.paths: list[Path] = []
        self.reasons: list[str] = []
        self.nearest: list[tuple[int, ...]] = []
        self.maps: list[AnomalyMap | None] = []
        self._scores = np.empty(0)
        self._marks = np.empty(0, np.int8)
        self._origins = np.empty(0, np.int8)
        self._are_unseen = np.empty(0, np.bool_)
        self._looks = np.empty((0, NUMBERS), np.float32)

    def __len__(self) -> int:
        return len(self.paths)

    @property
    def scores(self) -> FloatArray:
        """(images,) scores; NaN where there is none."""
        return self._scores[: len(self)]

    @property
    def marks(self) -> IntArray:
        """(images,) values of `Marked`."""
        return self._marks[: len(self)]

    @property
    def origins(self) -> IntArray:
        """(images,) values of `Origin`."""
        return self._origins[: len(self)]

    @property
    def looks(self) -> FloatArray:
        """(images, 4) as of `rows_of_looks`; NaN where there is none."""
        return self._looks[: len(self)]

    @property
    def unseen_good(self) -> IntArray:
        """The rows of good images that a model was not made of, each of them once, if it has a score."""
        are_unseen = self._are_unseen[: len(self)]
        return np.flatnonzero(are_unseen & (self.marks == Marked.GOOD) & ~np.isnan(self.scores))

    def row(self, index: int) -> Row:
        """Return one image."""
        score = float(self._scores[index])
        return Row(
            path=self.paths[index],
            score=None if np.isnan(score) else score,
            mark=Marked(int(self._marks[index])),
            origin=Origin(int(self._origins[index])),
            reason=self.reasons[index],
            nearest=self.nearest[index],
            map=self.maps[index],
            sha256=self.sha256s[index],
            look=None if np.isnan(self._looks[index, 0]) else Look(*self._looks[index].tolist()),
        )

    def append(self, rows: Sequence[Row]) -> None:
        """Add images at the end."""
        start, end = len(self), len(self) + len(rows)
        self._make_room(end)
        self._scores[start:end] = [np.nan if row.score is None else row.score for row in rows]
        self._marks[start:end] = [row.mark for row in rows]
        self._origins[start:end] = [row.origin for row in rows]
        self._looks[start:end] = np.nan
        seen = [place for place, row in enumerate(rows, start) if row.look is not None]
        self._looks[seen] = rows_of_looks([row.look for row in rows if row.look is not None])
        for place, row in enumerate(rows, start):
            self._are_unseen[place] = bool(row.sha256) and row.sha256 not in self._seen
            self._seen.add(row.sha256)
        self.sha256s += [row.sha256 for row in rows]
        self.paths += [row.path for row in rows]
        self.reasons += [row.reason for row in rows]
        self.nearest += [row.nearest for row in rows]
        self.maps += [row.map for row in rows]

    def _make_room(self, count: int) -> None:
        if count > len(self._scores):
            room = max(count, 2 * len(self._scores), 1024)
            self._scores = _grown(self._scores, room)
            self._marks = _grown(self._marks, room)
            self._origins = _grown(self._origins, room)
            self._are_unseen = _grown(self._are_unseen, room)
            self._looks = _grown(self._looks, room)

    def mark(self, rows: IntArray, marks: IntArray | Marked) -> None:
        """Set the labels of rows."""
        self._marks[rows] = marks

    def without(self, origins: Iterable[Origin]) -> ImageTable:
        """Return a table without the images of these origins."""
        keep = np.flatnonzero(~np.isin(self.origins, [int(origin) for origin in origins]))
        table = ImageTable(self._known)
        table.append([self.row(index) for index in keep.tolist()])
        return table

    def verdict(self, row: int, threshold: Threshold | None) -> Verdict:
        """Return the verdict of an image."""
        return VERDICTS[int(self.verdict_codes(np.array([row]), threshold)[0])]

    def verdict_codes(self, rows: IntArray, threshold: Threshold | None) -> IntArray:
        """Return the place of each row's verdict in `VERDICTS`, (rows,)."""
        if threshold is None:
            return np.full(len(rows), VERDICTS.index(Verdict.CANNOT_JUDGE), np.int8)
        return threshold.verdicts(self.scores[rows])

    def labels(self, rows: IntArray) -> list[Label]:
        """Return the labels of rows that have one."""
        names: tuple[Label, Label] = ("normal", "anomalous")
        return [names[mark - 1] for mark in self.marks[rows].tolist()]

    @property
    def is_labelled(self) -> BoolArray:
        """(images,) whether an image has a label and a score."""
        labelled: BoolArray = (self.marks != Marked.NONE) & ~np.isnan(self.scores)
        return labelled

    def is_wrong(self, row: int, threshold: float) -> bool:
        """Tell whether label and verdict of an image differ."""
        score, mark = self._scores[row], self._marks[row]
        return bool(
            (mark == Marked.GOOD and is_anomalous(score, threshold))
            or (mark == Marked.DEFECT and score >= threshold)
        )

    def wrong(self, threshold: float) -> BoolArray:
        """Return (images,) whether label and verdict differ."""
        below = is_anomalous(self.scores, threshold)
        above = self.scores >= threshold
        wrong: BoolArray = ((self.marks == Marked.GOOD) & below) | ((self.marks == Marked.DEFECT) & above)
        return wrong


def _grown(column: np.ndarray, room: int) -> np.ndarray:
    grown = np.empty((room, *column.shape[1:]), column.dtype)
    grown[: len(column)] = column
    return grown


@dataclass(frozen=True)
class Counts:
    """What a threshold does to the images that are shown.

    Parameters
    ----------
    false_alarms : among the images labelled good
    misses : among the images labelled defect
    not_sure, not_judged, rejected, total : of all images, labelled or not
    """

    false_alarms: Rate
    misses: Rate
    not_sure: int
    not_judged: int
    rejected: int
    total: int


class Counter:
    """Counts at any threshold, without looking at the images again: fast enough for every step of a drag."""

    def __init__(self, table: ImageTable, rows: IntArray) -> None:
        scores, marks = table.scores[rows], table.marks[rows]
        judged = ~np.isnan(scores)
        self._all = np.sort(scores[judged])
        self._good = np.sort(scores[judged & (marks == Marked.GOOD)])
        self._defects = np.sort(scores[judged & (marks == Marked.DEFECT)])
        self._not_judged = len(scores) - len(self._all)

    def at(self, threshold: float, unsure: float) -> Counts:
        """Return the counts at a threshold with a band of so much on either side."""
        alarms = int(np.searchsorted(self._good, threshold))
        found = int(np.searchsorted(self._defects, threshold))
        sure = unsure <= 0
        low, high = threshold - unsure, threshold + unsure
        band = 0 if sure else int(np.searchsorted(self._all, high, "right") - np.searchsorted(self._all, low))
        return Counts(
            false_alarms=Rate.of(alarms, len(self._good)),
            misses=Rate.of(len(self._defects) - found, len(self._defects)),
            not_sure=band,
            not_judged=self._not_judged,
            rejected=int(np.searchsorted(self._all, threshold)),
            total=len(self._all) + self._not_judged,
        )
