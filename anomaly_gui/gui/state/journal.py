"""Every decision in a window, written to a file as it is made: after a crash nothing has to be done again."""

from __future__ import annotations

import json
from dataclasses import asdict, astuple
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from anomaly_gui.gui.state.image_table import ImageLabel, Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from anomaly_gui.gui.state.session import Session

_OF_MODEL = (Origin.TRAINING, Origin.CALIBRATION)  # these images come with the model
_ROWS_A_LINE = 1000


class Journal(QObject):
    """Writes the journal of one window: one line of JSON for each thing that happened."""

    failed = Signal(str)  # the first time it cannot be written

    def __init__(
        self, file: Path, session: Session, find_model_file: Callable[[], Path | None], parent: QObject
    ) -> None:
        """Make a journal. `find_model_file` returns the file of the model in use; None for one in no file."""
        super().__init__(parent)
        self._file, self._session, self._find_model_file = file, session, find_model_file
        self._is_failing = False
        session.images_replaced.connect(self.start_again)
        session.model_changed.connect(self.start_again)
        session.images_added.connect(self._on_images_added)
        session.labels_changed.connect(self._on_labels_changed)
        session.thresholds.changed.connect(self._on_threshold_changed)

    @Slot()
    def start_again(self) -> None:
        """Write all there is in place of what was written."""
        if self._session.model is not None:
            self._write_events(self._describe_all(), "w")

    def _describe_all(self) -> Iterator[dict[str, Any]]:
        table = self._session.table
        yield from (self._describe_model(), self._describe_threshold())
        own = np.isin(table.origins, _OF_MODEL)
        others = np.flatnonzero(~own)
        for start in range(0, len(others), _ROWS_A_LINE):
            yield self._describe_rows(others[start : start + _ROWS_A_LINE])
        relabelled = np.flatnonzero(own & (table.labels != ImageLabel.GOOD))
        if len(relabelled):
            yield self._describe_labels(relabelled)

    def _describe_model(self) -> dict[str, Any]:
        file, saved = self._find_model_file(), self._session.saved_threshold
        return {
            "model": {
                "file": None if file is None else str(file),
                "is_new": self._session.is_new,
                "saved": None if saved is None else asdict(saved),
                "moves": [asdict(move) for move in self._session.moves],
            }
        }

    def _describe_threshold(self) -> dict[str, Any]:
        threshold = self._session.threshold
        return {"threshold": None if threshold is None else asdict(threshold)}

    def _describe_rows(self, rows: np.ndarray) -> dict[str, Any]:
        of = (self._session.table.read_row(row) for row in rows.tolist())
        return {
            "rows": [
                [
                    str(row.path),
                    row.score,
                    int(row.label),
                    int(row.origin),
                    row.reason,
                    list(row.nearest),
                    row.sha256,
                    None if row.look is None else astuple(row.look),
                    *astuple(row.part),
                ]
                for row in of
            ]
        }

    def _describe_labels(self, rows: np.ndarray) -> dict[str, Any]:
        return {"marks": [rows.tolist(), self._session.table.labels[rows].tolist()]}

    @Slot(int, int)
    def _on_images_added(self, first: int, count: int) -> None:
        self._write_events([self._describe_rows(np.arange(first, first + count))])

    @Slot(object)
    def _on_labels_changed(self, rows: np.ndarray) -> None:
        self._write_events([self._describe_labels(rows)])

    @Slot()
    def _on_threshold_changed(self) -> None:
        self._write_events([self._describe_threshold()])

    @Slot()
    def write_model(self) -> None:
        """Write that the model is in another file now."""
        if self._session.model is not None:
            self._write_events([self._describe_model(), self._describe_threshold()])

    def _write_events(self, events: Iterator[dict[str, Any]] | list[dict[str, Any]], mode: str = "a") -> None:
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
