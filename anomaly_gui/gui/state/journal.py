"""Every decision in a window, written to a file as it is made: after a crash nothing has to be done again."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict, astuple
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from anomaly_gui.gui.state.image_table import ImageLabel, Origin
from anomaly_gui.project.folder import find_journal
from anomaly_gui.project.image_paths import ImagePaths
from anomaly_gui.project.journal_file import add_events, write_events
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from anomaly_gui.gui.state.session import Session

_OF_MODEL = (Origin.TRAINING, Origin.CALIBRATION)  # these images come with the model
_ROWS_A_LINE = 1000


class Journal(QObject):
    """Writes the journal of the model in use, beside its file: a line of JSON for each decision."""

    failed = Signal(str)  # the first time it cannot be written

    def __init__(self, session: Session, find_model_file: Callable[[], Path | None], parent: QObject) -> None:
        """Make a journal. `find_model_file` returns what the model in use was saved as; None for nothing."""
        super().__init__(parent)
        self._session, self._find_model_file = session, find_model_file
        self._is_failing = self._is_paused = False
        session.images_replaced.connect(self.start_again)  # comes with every other model, too
        session.images_added.connect(self._on_images_added)
        session.labels_changed.connect(self._on_labels_changed)
        session.thresholds.changed.connect(self._on_threshold_changed)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Write nothing meanwhile: what comes into the session is read from a journal."""
        self._is_paused = True
        try:
            yield
        finally:
            self._is_paused = False

    @Slot()
    def start_again(self) -> None:
        """Write all there is in place of what was written."""
        self._write(write_events, self._describe_all)

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
        if self._session.waiting:
            yield {"waiting": self._describe_waiting()}

    def _describe_waiting(self) -> list[list[Any]]:
        paths, parts = self._paths, self._session.waiting_parts
        return [
            [paths.write_path(path), int(label), *(astuple(parts[path]) if path in parts else ())]
            for path, label in self._session.waiting.items()
        ]

    @property
    def _file(self) -> Path | None:
        model = self._session.model
        return None if model is None else find_journal(model.file)

    @property
    def _paths(self) -> ImagePaths:
        file = self._file
        if file is None:
            raise ValueError("without a model there is no journal")
        return ImagePaths(file.parents[1])

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
        of, paths = (self._session.table.read_row(row) for row in rows.tolist()), self._paths
        return {
            "rows": [
                [
                    paths.write_path(row.path),
                    row.score,
                    int(row.label),
                    int(row.origin),
                    row.reason,
                    list(row.nearest),
                    row.sha256,
                    None if row.look is None else row.look.numbers,
                    *astuple(row.part),
                ]
                for row in of
            ]
        }

    def _describe_labels(self, rows: np.ndarray) -> dict[str, Any]:
        return {"marks": [rows.tolist(), self._session.table.labels[rows].tolist()]}

    @Slot(int, int)
    def _on_images_added(self, first: int, count: int) -> None:
        self._write(add_events, lambda: [self._describe_rows(np.arange(first, first + count))])

    @Slot(object)
    def _on_labels_changed(self, rows: np.ndarray) -> None:
        self._write(add_events, lambda: [self._describe_labels(rows)])

    @Slot()
    def _on_threshold_changed(self) -> None:
        self._write(add_events, lambda: [self._describe_threshold()])

    @Slot()
    def write_model(self) -> None:
        """Write that the model is in another file now."""
        self._write(add_events, lambda: [self._describe_model(), self._describe_threshold()])

    def _write(
        self,
        write: Callable[[Path, Iterable[dict[str, Any]]], None],
        describe: Callable[[], Iterable[dict[str, Any]]],
    ) -> None:
        file = self._file
        if file is None or self._is_paused:
            return
        try:
            write(file, describe())
        except OSError as error:
            if not self._is_failing:
                self.failed.emit(
                    self.tr("Labels and threshold are not kept for a restart (%1): save the model.").replace(
                        "%1", explain_os_error(error)
                    )
                )
            self._is_failing = True
        else:
            self._is_failing = False
