"""Every decision in a window, written to a file as it is made: after a crash nothing has to be done again."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, astuple, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from anomaly_gui.detection.images.look import Look
from anomaly_gui.detection.judging.thresholds import Threshold
from anomaly_gui.detection.model.model import ThresholdMove
from anomaly_gui.gui.state.image_table import Marked, Origin, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anomaly_gui.gui.state.documents import Documents
    from anomaly_gui.gui.state.session import Session

_OF_MODEL = (Origin.TRAINING, Origin.OTHER_DAY)  # these images come with the model
_ROWS_A_LINE = 1000


@dataclass
class Kept:
    """What a journal says was there.

    Parameters
    ----------
    file : where the model was saved or opened; None for a new one
    is_new : whether the model is in no file yet
    saved, moves : the threshold in the file, and the moves that led to it
    threshold : as it was last
    rows : the images that do not come with the model
    marks : labels by row of the whole table
    """

    file: Path | None = None
    is_new: bool = True
    saved: Threshold | None = None
    threshold: Threshold | None = None
    moves: tuple[ThresholdMove, ...] = ()
    rows: list[Row] = field(default_factory=list)
    marks: dict[int, Marked] = field(default_factory=dict)


class Journal(QObject):
    """Writes the journal of one window: one line of JSON for each thing that happened."""

    failed = Signal(str)  # the first time it cannot be written

    def __init__(self, file: Path, session: Session, documents: Documents, parent: QObject) -> None:
        super().__init__(parent)
        self._file, self._session, self._documents = file, session, documents
        self._is_failing = False
        session.images_replaced.connect(self.start_again)
        session.model_changed.connect(self.start_again)
        session.images_added.connect(self._on_images_added)
        session.labels_changed.connect(self._on_labels_changed)
        session.threshold_changed.connect(self._on_threshold_changed)
        documents.changed.connect(self._on_documents_changed)

    @Slot()
    def start_again(self) -> None:
        """Write all there is in place of what was written."""
        if self._session.view is not None:
            self._write(self._everything(), "w")

    def _everything(self) -> Iterator[dict[str, Any]]:
        table = self._session.table
        yield from (self._model(), self._threshold())
        own = np.isin(table.origins, _OF_MODEL)
        others = np.flatnonzero(~own)
        for start in range(0, len(others), _ROWS_A_LINE):
            yield self._rows(others[start : start + _ROWS_A_LINE])
        relabelled = np.flatnonzero(own & (table.marks != Marked.GOOD))
        if len(relabelled):
            yield self._marks(relabelled)

    def _model(self) -> dict[str, Any]:
        file, saved = self._documents.file, self._session.saved_threshold
        return {
            "model": {
                "file": None if file is None else str(file),
                "is_new": self._session.is_new,
                "saved": None if saved is None else asdict(saved),
                "moves": [asdict(move) for move in self._session.moves],
            }
        }

    def _threshold(self) -> dict[str, Any]:
        threshold = self._session.threshold
        return {"threshold": None if threshold is None else asdict(threshold)}

    def _rows(self, rows: np.ndarray) -> dict[str, Any]:
        of = (self._session.table.row(row) for row in rows.tolist())
        return {
            "rows": [
                [
                    str(row.path),
                    row.score,
                    int(row.mark),
                    int(row.origin),
                    row.reason,
                    list(row.nearest),
                    row.sha256,
                    None if row.look is None else astuple(row.look),
                ]
                for row in of
            ]
        }

    def _marks(self, rows: np.ndarray) -> dict[str, Any]:
        return {"marks": [rows.tolist(), self._session.table.marks[rows].tolist()]}

    @Slot(int, int)
    def _on_images_added(self, first: int, count: int) -> None:
        self._write([self._rows(np.arange(first, first + count))])

    @Slot(object)
    def _on_labels_changed(self, rows: np.ndarray) -> None:
        self._write([self._marks(rows)])

    @Slot()
    def _on_threshold_changed(self) -> None:
        self._write([self._threshold()])

    @Slot()
    def _on_documents_changed(self) -> None:
        if self._session.view is not None:
            self._write([self._model(), self._threshold()])

    def _write(self, events: Iterator[dict[str, Any]] | list[dict[str, Any]], mode: str = "a") -> None:
        try:
            with self._file.open(mode, encoding="ascii") as file:
                file.writelines(json.dumps(event) + "\n" for event in events)
        except OSError as error:
            if not self._is_failing:
                self.failed.emit(
                    self.tr("Labels and threshold are not kept for a restart (%1): save the model.").replace(
                        "%1", str(error.strerror)
                    )
                )
            self._is_failing = True
        else:
            self._is_failing = False


def read_journal(file: Path) -> Kept:
    """Read what a journal says; a line that was not written to its end, and what follows it, is left out."""
    kept = Kept()
    with file.open(encoding="ascii") as lines, suppress(ValueError, KeyError, TypeError):
        for line in lines:
            _take(kept, json.loads(line, parse_constant=_refuse))
    return kept


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text} is no score or threshold")


def _take(kept: Kept, event: dict[str, Any]) -> None:
    if "model" in event:
        of = event["model"]
        kept.file, kept.is_new = None if of["file"] is None else Path(of["file"]), bool(of["is_new"])
        kept.saved = None if of["saved"] is None else Threshold.from_values(of["saved"])
        kept.moves = tuple(ThresholdMove(**move) for move in of["moves"])
    if event.get("threshold"):
        kept.threshold = Threshold.from_values(event["threshold"])
    for path, score, mark, origin, reason, nearest, sha256, look in event.get("rows", ()):
        seen = None if look is None else Look(*look)
        kept.rows.append(
            Row(Path(path), score, Marked(mark), Origin(origin), reason, tuple(nearest), None, sha256, seen)
        )
    if "marks" in event:
        kept.marks.update(zip(event["marks"][0], map(Marked, event["marks"][1]), strict=True))
