"""What the window works on: a model, images with labels, and a threshold; every decision can be undone."""

from __future__ import annotations

import getpass
from dataclasses import replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from anomaly_gui.detection.grouping.groups import Groups
from anomaly_gui.detection.judging.metrics import best_f1_threshold
from anomaly_gui.detection.judging.thresholds import (
    CALIBRATION,
    HELD_OUT,
    LABELLED,
    TRAINING,
    GoodScores,
    Threshold,
    by_false_alarm_rate,
    by_sigma,
    with_expectation,
)
from anomaly_gui.detection.judging.verdicts import VERDICTS, Verdict
from anomaly_gui.detection.model.model import ThresholdMove
from anomaly_gui.detection.settings.choices import BEST_F1, FALSE_ALARM_RATE
from anomaly_gui.detection.settings.train_settings import SETTINGS
from anomaly_gui.gui.state.image_table import (
    Counter,
    Counts,
    ImageTable,
    Marked,
    Origin,
    Row,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from anomaly_gui.detection.images.records import ImageRecord
    from anomaly_gui.detection.model.image_result import ImageResult
    from anomaly_gui.gui.state.journal import Kept
    from anomaly_gui.worker.model_summary import ModelSummary

_RATE = SETTINGS["false_alarm_rate"].default


class Session(QObject):
    """The state of the window. Panels read it, ask it for changes, and hear of them by its signals."""

    model_changed = Signal()
    images_added = Signal(int, int)  # first row, and how many
    images_replaced = Signal()
    labels_changed = Signal(object)  # (rows,) of the table
    threshold_previewed = Signal(object)  # a Threshold, while a line is dragged
    threshold_changed = Signal()
    selection_changed = Signal()
    saved_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self.undo_stack.cleanChanged.connect(self._on_clean_changed)
        self.view: ModelSummary | None = None
        self.table = ImageTable()
        self.threshold: Threshold | None = None
        self.honest: Threshold | None = None
        self.moves: tuple[ThresholdMove, ...] = ()
        self.selection: tuple[int, ...] = ()
        self._counter: Counter | None = None
        self._has_unsaved_model = False

    # The model

    def set_model(self, view: ModelSummary, *, is_new: bool) -> None:
        """Take a model that was trained (new: not saved yet) or opened; its own images come with it."""
        self.view, self.threshold, self.moves = view, view.threshold, view.moves
        self.honest = self._honest(view.threshold)
        self._has_unsaved_model = is_new
        self.undo_stack.clear()
        training = view.training
        table = ImageTable(one.sha256 for one in (*training.images, *training.calibration))
        judged = training.judged
        of_judged = [training.images[place] for place in judged]
        table.append(_rows(of_judged, training.held_out[judged], Origin.TRAINING))
        table.append(_rows(training.calibration, training.calibration_scores, Origin.OTHER_DAY))
        self._replace_table(table)
        self.model_changed.emit()
        self.threshold_changed.emit()
        self.saved_changed.emit()

    def restore(self, view: ModelSummary, kept: Kept) -> None:
        """Take a model with the images, labels and threshold it had when the program ended."""
        if kept.saved is not None:
            view = replace(view, threshold=kept.saved, moves=kept.moves)
        self.set_model(view, is_new=kept.is_new)
        if kept.rows:
            first = len(self.table)
            self.table.append(kept.rows)
            self._counter = None
            self.images_added.emit(first, len(kept.rows))
        marks = {row: mark for row, mark in kept.marks.items() if row < len(self.table)}
        if marks:
            self.apply_labels(np.array(list(marks)), np.array(list(marks.values()), np.int8))
        if kept.threshold is not None:
            self.apply_threshold(kept.threshold)

    @property
    def is_new(self) -> bool:
        """Tell whether the model is in no file yet."""
        return self._has_unsaved_model

    @property
    def is_unsaved(self) -> bool:
        """Tell whether the model or its threshold would be lost by closing."""
        return self.view is not None and (self._has_unsaved_model or self.threshold != self.saved_threshold)

    @property
    def saved_threshold(self) -> Threshold | None:
        """The threshold in the file."""
        return self.view.threshold if self.view else None

    def set_saved(self, threshold: Threshold, moves: tuple[ThresholdMove, ...]) -> None:
        """Note that the model is in a file now, with this threshold and these moves."""
        if self.view is None:
            return
        self.moves = moves
        self.view = replace(self.view, threshold=threshold, moves=moves)
        self._has_unsaved_model = False
        self.undo_stack.setClean()
        self.saved_changed.emit()

    def moves_to_save(self) -> tuple[ThresholdMove, ...]:
        """Return the moves of the threshold with the one since the last save."""
        old, new = self.saved_threshold, self.threshold
        if old is None or new is None or old == new:
            return self.moves
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        return (*self.moves, ThresholdMove(now, getpass.getuser(), old.value, new.value, new.rule))

    # The images

    def add_results(self, images: Sequence[ImageResult], origin: Origin, marks: Iterable[Marked]) -> None:
        """Add images that were scored, each with its label."""
        rows = [
            Row(one.path, one.score, mark, origin, one.reason, one.nearest, one.map, one.sha256, one.look)
            for one, mark in zip(images, marks, strict=True)
        ]
        if not rows:
            return
        first = len(self.table)
        self.table.append(rows)
        self._counter = None
        self.images_added.emit(first, len(rows))

    def remove_dropped(self) -> None:
        """Take away the images that do not belong to the model."""
        self._replace_table(self.table.without([Origin.DROPPED, Origin.KNOWN_DEFECTS]))

    def _replace_table(self, table: ImageTable) -> None:
        self.table, self._counter, self.selection = table, None, ()
        self.images_replaced.emit()
        self.selection_changed.emit()

    @property
    def shows_training(self) -> bool:
        """Tell whether the training images stand for the good ones: only while no others do."""
        others = (self.table.marks == Marked.GOOD) & (self.table.origins != Origin.TRAINING)
        return not bool(others.any())

    @property
    def shown(self) -> np.ndarray:
        """The rows that are plotted and counted, ascending."""
        if self.shows_training:
            return np.arange(len(self.table))
        return np.flatnonzero(self.table.origins != Origin.TRAINING)

    def counts(self, threshold: Threshold | None = None) -> Counts | None:
        """Return what a threshold (None: the one in use) does to the images that are shown."""
        threshold = threshold or self.threshold
        if threshold is None:
            return None
        if self._counter is None:
            self._counter = Counter(self.table, self.shown)
        return self._counter.at(threshold.value, threshold.unsure)

    def verdict(self, row: int) -> Verdict:
        """Return the verdict of an image."""
        return self.table.verdict(row, self.threshold)

    def dropped_verdicts(self) -> dict[Verdict, int]:
        """Return how many of the dropped images got each verdict."""
        rows = np.flatnonzero(self.table.origins == Origin.DROPPED)
        counts = np.bincount(self.table.verdict_codes(rows, self.threshold), minlength=len(VERDICTS))
        return dict(zip(VERDICTS, counts.tolist(), strict=True))

    def select(self, rows: Sequence[int]) -> None:
        """Select images everywhere."""
        if tuple(rows) != self.selection:
            self.selection = tuple(rows)
            self.selection_changed.emit()

    def label(self, rows: Sequence[int], mark: Marked) -> None:
        """Label images; can be undone."""
        if rows:
            self.undo_stack.push(_Labelling(self, np.array(rows), mark))

    def apply_labels(self, rows: np.ndarray, marks: np.ndarray | Marked) -> None:
        """Set labels without a trace in the undo stack."""
        self.table.mark(rows, marks)
        self._counter = None
        self.labels_changed.emit(rows)

    # The threshold

    def preview_threshold(self, value: float) -> None:
        """Show what a threshold would do, while it is dragged."""
        if self.threshold is not None:
            self.threshold_previewed.emit(self.threshold.moved_to(value))

    def preview_unsure(self, half_width: float) -> None:
        """Show what a band would do, while it is dragged."""
        if self.threshold is not None:
            self.threshold_previewed.emit(replace(self.threshold, unsure=half_width))

    def move_threshold(self, value: float) -> None:
        """Set the threshold by hand; can be undone."""
        if self.threshold is not None and value != self.threshold.value and np.isfinite(value):
            self.decide(self._expecting(self.threshold.moved_to(float(value))))

    def set_unsure(self, half_width: float) -> None:
        """Set the half width of the band judged "not sure"; can be undone."""
        if self.threshold is not None:
            self.decide(replace(self.threshold, unsure=max(0.0, float(half_width))))

    def set_by_false_alarm_rate(self, rate: float) -> None:
        """Set the threshold by the false alarms it may cause; ParameterError for an impossible rate."""
        good = self.good_scores()
        if good is not None:
            self._decide_by_rule(by_false_alarm_rate(good, rate))

    def set_by_sigma(self, sigmas: float) -> None:
        """Set the threshold by the textbook rule."""
        if self.view is not None:
            self._decide_by_rule(by_sigma(self.view.training.scores, sigmas, TRAINING))

    def set_by_best_f1(self) -> bool:
        """Set the threshold by the labels; return False where there are not both kinds."""
        rows = self.shown[self.table.is_labelled[self.shown]]
        labels = self.table.labels(rows)
        if len(set(labels)) < 2:
            return False
        value = best_f1_threshold(self.table.scores[rows], labels)
        if value is None:
            return False
        self._decide_by_rule(Threshold(value, BEST_F1, LABELLED))
        return True

    def return_to_honest(self) -> None:
        """Set the threshold back to that of the training."""
        if self.honest is not None:
            self.decide(self.honest)

    def good_scores(self) -> GoodScores | None:
        """Return scores of good parts the model was not fitted on."""
        if self.view is None:
            return None
        training = self.view.training
        if len(training.calibration_scores):
            groups = Groups(training.calibration_groups, training.grouped_by)
            return GoodScores(training.calibration_scores, groups, CALIBRATION, training.left_out)
        groups, judged = Groups(training.groups, training.grouped_by), training.judged
        if not len(judged):
            return None
        return GoodScores(
            training.held_out[judged], groups.select_images(judged), HELD_OUT, training.left_out
        )

    def _honest(self, threshold: Threshold) -> Threshold:
        """Return the threshold that keeps its promise: the one given, if that is of this rule."""
        good = self.good_scores()
        if threshold.rule == FALSE_ALARM_RATE or good is None:
            return threshold
        rate = _RATE if threshold.asked_rate is None else threshold.asked_rate
        return replace(self._expecting(by_false_alarm_rate(good, rate)), unsure=threshold.unsure)

    def _decide_by_rule(self, threshold: Threshold) -> None:
        if self.threshold is not None:
            asked = self.threshold.asked_rate if threshold.asked_rate is None else threshold.asked_rate
            threshold = replace(threshold, unsure=self.threshold.unsure, asked_rate=asked)
            self.decide(self._expecting(threshold))

    def _expecting(self, threshold: Threshold) -> Threshold:
        good = self.good_scores()
        return threshold if good is None else with_expectation(threshold, good)

    def decide(self, threshold: Threshold) -> None:
        """Set a threshold; can be undone."""
        if self.threshold is not None and threshold != self.threshold:
            self.undo_stack.push(_Move(self, self.threshold, threshold))

    def apply_threshold(self, threshold: Threshold) -> None:
        """Set a threshold without a trace in the undo stack."""
        self.threshold = threshold
        self.threshold_changed.emit()
        self.saved_changed.emit()

    def _on_clean_changed(self, clean: bool) -> None:  # noqa: ARG002 - Qt's signature
        self.saved_changed.emit()


def _rows(records: Sequence[ImageRecord], scores: np.ndarray, origin: Origin) -> list[Row]:
    return [
        Row(record.path, float(score), Marked.GOOD, origin, "; ".join(record.notes))
        for record, score in zip(records, scores, strict=True)
    ]


class _Move(QUndoCommand):
    def __init__(self, session: Session, old: Threshold, new: Threshold) -> None:
        super().__init__(session.tr("set the threshold"))
        self._session, self._old, self._new = session, old, new

    def redo(self) -> None:
        self._session.apply_threshold(self._new)

    def undo(self) -> None:
        self._session.apply_threshold(self._old)


class _Labelling(QUndoCommand):
    def __init__(self, session: Session, rows: np.ndarray, mark: Marked) -> None:
        super().__init__(session.tr("label %n image(s)", "", len(rows)))
        self._session, self._rows, self._mark = session, rows, mark
        self._old = session.table.marks[rows].copy()

    def redo(self) -> None:
        self._session.apply_labels(self._rows, self._mark)

    def undo(self) -> None:
        self._session.apply_labels(self._rows, self._old)
