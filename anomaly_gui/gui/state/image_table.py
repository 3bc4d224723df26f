"""The images a window shows, column by column."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.images.look import NUMBERS, Look
from anomaly_gui.detection.judging.verdicts import VERDICTS, Verdict, find_verdicts
from anomaly_gui.gui.state.image_columns import ImageColumns, PathList, stack_known_looks
from anomaly_gui.gui.state.part_tag import NO_PART, PartTag

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, IntArray
    from anomaly_gui.detection.detectors.anomaly_maps import AnomalyMap
    from anomaly_gui.detection.judging.metrics import Label
    from anomaly_gui.detection.judging.thresholds import Threshold


class ImageLabel(IntEnum):
    """The label of an image."""

    NONE = 0
    GOOD = 1
    DEFECT = 2


class Origin(IntEnum):
    """Where an image came from."""

    TRAINING = 0
    CALIBRATION = 1
    KNOWN_DEFECTS = 2
    DROPPED = 3


@dataclass(frozen=True)
class Row:
    """One image: `score` is None, with a reason, where it cannot be judged; `map` where none was made.

    `sha256` of the file's bytes is empty, and `look` None, where they are not known. `part` is which part the
    operator's page said it shows.
    """

    path: Path
    score: float | None
    label: ImageLabel
    origin: Origin
    reason: str = ""
    nearest: tuple[int, ...] = ()
    map: AnomalyMap | None = None
    sha256: str = ""
    look: Look | None = None
    part: PartTag = NO_PART


class ImageTable:
    """Columns that grow: an image keeps its row for as long as it is there.

    Parameters
    ----------
    known : the bytes a model was made of, by their sha256
    """

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._known = frozenset(known)
        self._seen = set(self._known)
        self._row_of: dict[str, int] = {}  # the newest of the images with these bytes
        self.sha256s: list[str] = []
        self.paths = PathList()
        self.reasons: list[str] = []
        self.nearest: list[tuple[int, ...]] = []
        self.maps: list[AnomalyMap | None] = []
        self.parts: list[PartTag] = []
        self._scores = np.empty(0)
        self._labels = np.empty(0, np.int8)
        self._origins = np.empty(0, np.int8)
        self._are_unseen = np.empty(0, np.bool_)
        self._are_replaced = np.empty(0, np.bool_)
        self._looks = np.empty((0, NUMBERS), np.float32)

    def __len__(self) -> int:
        return len(self.paths)

    @property
    def scores(self) -> FloatArray:
        """(images,) scores; NaN where there is none."""
        return self._scores[: len(self)]

    @property
    def labels(self) -> IntArray:
        """(images,) values of `ImageLabel`."""
        return self._labels[: len(self)]

    @property
    def origins(self) -> IntArray:
        """(images,) values of `Origin`."""
        return self._origins[: len(self)]

    @property
    def looks(self) -> FloatArray:
        """(images, 4) as of `stack_looks`; NaN where there is none."""
        return self._looks[: len(self)]

    @property
    def unseen_good(self) -> IntArray:
        """The rows of good images that a model was not made of, each of them once, if it has a score."""
        are_unseen = self._are_unseen[: len(self)]
        return np.flatnonzero(are_unseen & (self.labels == ImageLabel.GOOD) & ~np.isnan(self.scores))

    def read_row(self, index: int) -> Row:
        """Return one image."""
        score = float(self._scores[index])
        return Row(
            path=self.paths[index],
            score=None if np.isnan(score) else score,
            label=ImageLabel(int(self._labels[index])),
            origin=Origin(int(self._origins[index])),
            reason=self.reasons[index],
            nearest=self.nearest[index],
            map=self.maps[index],
            sha256=self.sha256s[index],
            look=None if np.isnan(self._looks[index, 0]) else Look(*self._looks[index].tolist()),
            part=self.parts[index],
        )

    def append_rows(self, rows: Sequence[Row]) -> None:
        """Add images at the end."""
        self.append_columns(_make_columns(rows))

    def append_columns(self, columns: ImageColumns) -> None:
        """Add images at the end, column by column."""
        start, end = len(self), len(self) + len(columns)
        self._make_room(end)
        self._scores[start:end], self._labels[start:end] = columns.scores, columns.labels
        self._origins[start:end], self._looks[start:end] = columns.origins, columns.looks
        self._mark_copies(start, columns)
        self.sha256s += columns.sha256s
        self.paths.add(columns.paths)
        self.reasons += columns.reasons
        self.nearest += columns.nearest
        self.maps += columns.maps
        self.parts += columns.parts

    def _mark_copies(self, start: int, columns: ImageColumns) -> None:
        """Tell new images that a model was not made of, and let each stand for its copies before."""
        unseen, seen = [], self._seen
        self._are_replaced[start : start + len(columns)] = False
        are_training = (columns.origins == int(Origin.TRAINING)).tolist()
        for index, (sha256, is_training) in enumerate(zip(columns.sha256s, are_training, strict=True), start):
            unseen.append(bool(sha256) and sha256 not in seen)
            seen.add(sha256)
            if sha256 and not is_training:
                before = self._row_of.get(sha256)
                self._row_of[sha256] = index
                if before is not None:
                    self._replace_copy(before, index)
        self._are_unseen[start : start + len(columns)] = unseen

    def _replace_copy(self, before: int, index: int) -> None:
        """Let an image stand for one with the same bytes that came before; its label stays, if it has one."""
        self._are_replaced[before] = True
        if self._labels[index] == ImageLabel.NONE:
            self._labels[index] = self._labels[before]

    def _make_room(self, count: int) -> None:
        if count > len(self._scores):
            room = max(count, 2 * len(self._scores), 1024)
            self._scores = _grow_column(self._scores, room)
            self._labels = _grow_column(self._labels, room)
            self._origins = _grow_column(self._origins, room)
            self._are_unseen = _grow_column(self._are_unseen, room)
            self._are_replaced = _grow_column(self._are_replaced, room)
            self._looks = _grow_column(self._looks, room)

    def set_labels(self, rows: IntArray, labels: IntArray | ImageLabel) -> None:
        """Set the labels of rows."""
        self._labels[rows] = labels

    def find_other_labels(self, labels: Mapping[Path, ImageLabel]) -> tuple[IntArray, IntArray]:
        """Return the rows of these paths whose label is another, and the labels wanted for them."""
        pairs = [(row, int(labels[path])) for row, path in enumerate(self.paths) if path in labels]
        found = np.array(pairs, np.int64).reshape(-1, 2)
        others = found[self.labels[found[:, 0]] != found[:, 1]]
        return others[:, 0], others[:, 1].astype(np.int8)

    def without_origins(self, origins: Iterable[Origin]) -> ImageTable:
        """Return a table without the images of these origins."""
        keep = np.flatnonzero(~np.isin(self.origins, [int(origin) for origin in origins]))
        table = ImageTable(self._known)
        table.append_rows([self.read_row(index) for index in keep.tolist()])
        return table

    @property
    def shows_training(self) -> bool:
        """Tell whether the training images stand for the good ones: only while no others do."""
        others = (self.labels == ImageLabel.GOOD) & (self.origins != Origin.TRAINING)
        return not bool(others.any())

    @property
    def shown_rows(self) -> IntArray:
        """The rows that are plotted and counted, ascending: of a file given more than once, the newest."""
        are_shown = ~self._are_replaced[: len(self)]
        if not self.shows_training:
            are_shown &= self.origins != Origin.TRAINING
        return np.flatnonzero(are_shown)

    def find_verdict(self, row: int, threshold: Threshold | None) -> Verdict:
        """Return the verdict of an image."""
        return VERDICTS[int(self.find_verdict_codes(np.array([row]), threshold)[0])]

    def find_verdict_codes(self, rows: IntArray, threshold: Threshold | None) -> IntArray:
        """Return the index of each row's verdict in `VERDICTS`, (rows,)."""
        if threshold is None:
            return np.full(len(rows), VERDICTS.index(Verdict.CANNOT_JUDGE), np.int8)
        return threshold.verdicts(self.scores[rows])

    def name_labels(self, rows: IntArray) -> list[Label]:
        """Return the labels of rows that have one."""
        names: tuple[Label, Label] = ("normal", "anomalous")
        return [names[label - 1] for label in self.labels[rows].tolist()]

    @property
    def is_labelled(self) -> BoolArray:
        """(images,) whether an image has a label and a score."""
        labelled: BoolArray = (self.labels != ImageLabel.NONE) & ~np.isnan(self.scores)
        return labelled

    def is_wrong(self, row: int, threshold: float, unsure: float = 0.0) -> bool:
        """Tell whether an image labelled good is judged defect, or the other way round."""
        return bool(self._find_wrong(slice(row, row + 1), threshold, unsure)[0])

    def find_wrong(self, threshold: float, unsure: float = 0.0) -> BoolArray:
        """Return (images,) which are wrong; what is judged "not sure", so far to either side, is not."""
        return self._find_wrong(slice(None), threshold, unsure)

    def _find_wrong(self, rows: slice, threshold: float, unsure: float) -> BoolArray:
        labels, codes = self.labels[rows], find_verdicts(self.scores[rows], threshold, unsure)
        wrong: BoolArray = ((labels == ImageLabel.GOOD) & (codes == VERDICTS.index(Verdict.DEFECT))) | (
            (labels == ImageLabel.DEFECT) & (codes == VERDICTS.index(Verdict.GOOD))
        )
        return wrong


def _make_columns(rows: Sequence[Row]) -> ImageColumns:
    return ImageColumns(
        [row.path for row in rows],
        np.array([np.nan if row.score is None else row.score for row in rows], np.float64),
        np.array([row.label for row in rows], np.int8),
        np.array([row.origin for row in rows], np.int8),
        [row.reason for row in rows],
        [row.nearest for row in rows],
        [row.map for row in rows],
        [row.sha256 for row in rows],
        stack_known_looks([row.look for row in rows]),
        [row.part for row in rows],
    )


def _grow_column(column: np.ndarray, room: int) -> np.ndarray:
    grown = np.empty((room, *column.shape[1:]), column.dtype)
    grown[: len(column)] = column
    return grown
