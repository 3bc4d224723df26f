"""What the window works on: a model, images with labels, and a threshold; every decision can be undone."""

from __future__ import annotations

import getpass
from dataclasses import replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from anomaly_gui.detection.model.image_result import explain_verdict
from anomaly_gui.detection.model.model import ThresholdMove
from anomaly_gui.gui.state.carried import Carried
from anomaly_gui.gui.state.display.score_display import ScoreDisplay
from anomaly_gui.gui.state.image_counts import ImageCounter
from anomaly_gui.gui.state.image_table import ImageLabel, ImageTable, Origin, Row
from anomaly_gui.gui.state.part_tag import NO_PART
from anomaly_gui.gui.state.threshold_state import ThresholdState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from anomaly_gui.detection.images.records import ImageRecord
    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.detection.judging.verdicts import Verdict
    from anomaly_gui.detection.model.image_result import ImageResult
    from anomaly_gui.gui.state.image_counts import ImageCounts
    from anomaly_gui.gui.state.journal_record import JournalRecord
    from anomaly_gui.gui.state.part_tag import PartTag
    from anomaly_gui.worker.model_summary import ModelSummary


class Session(QObject):
    """The state of the window. Panels read it, ask it for changes, and hear of them by its signals."""

    model_changed = Signal()
    images_added = Signal(int, int)  # first row, and how many
    images_replaced = Signal()
    labels_changed = Signal(object)  # (rows,) of the table
    selection_changed = Signal()
    map_added = Signal(int)  # the row
    saved_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self.undo_stack.cleanChanged.connect(self.saved_changed)
        self.thresholds = ThresholdState(self.undo_stack, self)
        self.thresholds.changed.connect(self.saved_changed)
        self.score_display = ScoreDisplay(self.thresholds, self)
        self.model: ModelSummary | None = None
        self.table = ImageTable()
        self.moves: tuple[ThresholdMove, ...] = ()
        self.selection: tuple[int, ...] = ()
        self.waiting: dict[Path, ImageLabel] = {}
        self.waiting_parts: dict[Path, PartTag] = {}
        self._counter: ImageCounter | None = None
        self._has_unsaved_model = False

    # The model

    def set_model(self, model: ModelSummary, *, is_new: bool, carried: Carried | None = None) -> None:
        """Take a model that was trained (new: not saved yet) or opened; its own images come with it.

        Images of `carried` wait to be judged by it, but for those it was made of.
        """
        self.waiting = {} if carried is None else carried.list_waiting(model)
        self.waiting_parts = {} if carried is None else dict(carried.parts)
        self.model, self.moves = model, model.moves
        self.thresholds.take_model(model.threshold, model.training)
        self._has_unsaved_model = is_new
        self.undo_stack.clear()
        training = model.training
        table = ImageTable(one.sha256 for one in (*training.images, *training.calibration))
        judged = training.judged
        of_judged = [training.images[index] for index in judged]
        table.append_rows(_make_rows(of_judged, training.held_out[judged], Origin.TRAINING))
        table.append_rows(_make_rows(training.calibration, training.calibration_scores, Origin.CALIBRATION))
        self._replace_table(table)
        self.model_changed.emit()
        self.thresholds.changed.emit()

    def forget_model(self) -> None:
        """Have no model and no images."""
        self.model, self.moves, self.waiting, self.waiting_parts = None, (), {}, {}
        self.thresholds.forget_model()
        self._has_unsaved_model = False
        self.undo_stack.clear()
        self._replace_table(ImageTable())
        self.model_changed.emit()
        self.thresholds.changed.emit()

    def restore_state(self, model: ModelSummary, record: JournalRecord) -> None:
        """Take a model with the images, labels and threshold it had when it was used last."""
        if record.saved is not None:
            model = replace(model, threshold=record.saved, moves=record.moves)
        self.set_model(model, is_new=record.is_new)
        self.waiting, self.waiting_parts = dict(record.waiting), dict(record.parts)
        first = len(self.table)
        for images in record.images:
            self.table.append_columns(images)
        if len(self.table) > first:
            self._counter = None
            self.images_added.emit(first, len(self.table) - first)
        labels = {row: label for row, label in record.labels.items() if row < len(self.table)}
        if labels:
            self.apply_labels(np.array(list(labels)), np.array(list(labels.values()), np.int8))
        if record.threshold is not None:
            self.thresholds.apply_threshold(record.threshold)

    @property
    def is_new(self) -> bool:
        """Tell whether the model is in no file yet."""
        return self._has_unsaved_model

    @property
    def is_unsaved(self) -> bool:
        """Tell whether the model or its threshold would be lost by closing."""
        return self.model is not None and (self._has_unsaved_model or self.threshold != self.saved_threshold)

    @property
    def threshold(self) -> Threshold | None:
        """The threshold in use."""
        return self.thresholds.current

    @property
    def saved_threshold(self) -> Threshold | None:
        """The threshold in the file."""
        return self.model.threshold if self.model else None

    def set_saved(self, threshold: Threshold, moves: tuple[ThresholdMove, ...]) -> None:
        """Note that the model is in a file now, with this threshold and these moves."""
        if self.model is None:
            return
        self.moves = moves
        self.model = replace(self.model, threshold=threshold, moves=moves)
        self._has_unsaved_model = False
        self.undo_stack.setClean()
        self.saved_changed.emit()

    def list_moves_to_save(self) -> tuple[ThresholdMove, ...]:
        """Return the moves of the threshold with the one since the last save."""
        old, new = self.saved_threshold, self.threshold
        if old is None or new is None or old == new:
            return self.moves
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        return (*self.moves, ThresholdMove(now, getpass.getuser(), old.value, new.value, new.rule))

    # The images

    def add_map(self, image: ImageResult) -> None:
        """Take the map, and the nearest good parts, of an image that is judged already."""
        if self.model is None:
            return
        table, images = self.table, self.model.training.images
        for row in [row for row in self.selection if table.paths[row] == image.path]:
            table.maps[row] = image.map
            if not table.nearest[row]:
                table.nearest[row] = tuple(one for one in image.nearest if images[one].path != image.path)
            self.map_added.emit(row)

    def add_results(
        self,
        images: Sequence[ImageResult],
        origin: Origin,
        labels: Iterable[ImageLabel],
        part: PartTag = NO_PART,
    ) -> None:
        """Add images that were scored, each with its label; all show this part, or each the one it did."""
        rows = [
            Row(
                one.path,
                one.score,
                label,
                origin,
                one.reason,
                one.nearest,
                one.map,
                one.sha256,
                one.look,
                part if part != NO_PART else self.waiting_parts.get(one.path, NO_PART),
            )
            for one, label in zip(images, labels, strict=True)
        ]
        if not rows:
            return
        for row in rows:
            self.waiting.pop(row.path, None)
            self.waiting_parts.pop(row.path, None)
        first = len(self.table)
        self.table.append_rows(rows)
        self._counter = None
        self.images_added.emit(first, len(rows))

    def remove_dropped(self) -> None:
        """Take away the images that do not belong to the model."""
        self.waiting, self.waiting_parts = {}, {}
        self._replace_table(self.table.without_origins([Origin.DROPPED, Origin.KNOWN_DEFECTS]))

    def _replace_table(self, table: ImageTable) -> None:
        self.table, self._counter, self.selection = table, None, ()
        self.images_replaced.emit()
        self.selection_changed.emit()

    def count_images(self, threshold: Threshold | None = None) -> ImageCounts | None:
        """Return what a threshold (None: the one in use) does to the images that are shown."""
        threshold = threshold or self.threshold
        if threshold is None:
            return None
        if self._counter is None:
            self._counter = ImageCounter(self.table, self.table.shown_rows)
        return self._counter.count_at(threshold.value, threshold.unsure)

    def find_verdict(self, row: int) -> Verdict:
        """Return the verdict of an image."""
        return self.table.find_verdict(row, self.threshold)

    def explain_verdict(self, row: int) -> str:
        """Return what is to be said of an image and its verdict."""
        reason, its_map = self.table.reasons[row], self.table.maps[row]
        return reason if its_map is None else explain_verdict(reason, its_map, self.find_verdict(row))

    def select_rows(self, rows: Sequence[int]) -> None:
        """Select images everywhere."""
        if tuple(rows) != self.selection:
            self.selection = tuple(rows)
            self.selection_changed.emit()

    def label_rows(self, rows: Sequence[int], label: ImageLabel) -> None:
        """Label images; can be undone."""
        if rows:
            self.undo_stack.push(_Labelling(self, np.array(rows), label))

    def apply_labels(self, rows: np.ndarray, labels: np.ndarray | ImageLabel) -> None:
        """Set labels without a trace in the undo stack."""
        self.table.set_labels(rows, labels)
        self._counter = None
        self.labels_changed.emit(rows)


def _make_rows(records: Sequence[ImageRecord], scores: np.ndarray, origin: Origin) -> list[Row]:
    return [
        Row(
            record.path,
            float(score),
            ImageLabel.GOOD,
            origin,
            record.remarks,
            sha256=record.sha256,
        )
        for record, score in zip(records, scores, strict=True)
    ]


class _Labelling(QUndoCommand):
    def __init__(self, session: Session, rows: np.ndarray, label: ImageLabel) -> None:
        super().__init__(session.tr("label %n image(s)", "", len(rows)))
        self._session, self._rows, self._label = session, rows, label
        self._old = session.table.labels[rows].copy()

    def redo(self) -> None:
        self._session.apply_labels(self._rows, self._label)

    def undo(self) -> None:
        self._session.apply_labels(self._rows, self._old)
