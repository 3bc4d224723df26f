"""The threshold in use: set by hand or by a rule, and every step of it can be undone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from anomaly_gui.detection.judging.relative_scores import find_unit
from anomaly_gui.detection.judging.threshold_rules import (
    add_expectation,
    by_best_f1,
    choose_good_scores,
    find_promising_threshold,
    replace_threshold,
)
from anomaly_gui.detection.judging.thresholds import (
    TRAINING,
    GoodScores,
    Threshold,
    by_false_alarm_rate,
    by_sigma,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.detection.judging.metrics import Label
    from anomaly_gui.detection.model.model import TrainingRecord


class ThresholdState(QObject):
    """Holds the threshold; the window's parts ask it for another one, and hear of it by its signals.

    Attributes
    ----------
    current : the threshold in use
    calibrated : the one that keeps what it promises
    good : scores of good parts the model was not fitted on
    unit : how many units of score one is on the relative scale
    """

    previewed = Signal(object)  # a Threshold, while a line is dragged
    changed = Signal()

    def __init__(self, undo_stack: QUndoStack, parent: QObject) -> None:
        super().__init__(parent)
        self._undo_stack = undo_stack
        self._training_scores: FloatArray = np.empty(0)
        self.current: Threshold | None = None
        self.calibrated: Threshold | None = None
        self.good: GoodScores | None = None
        self.unit = 1.0

    def take_model(self, threshold: Threshold, training: TrainingRecord) -> None:
        """Take the threshold of another model. The session says so when the rest of it is there, too."""
        self.good = choose_good_scores(training)
        self.unit = find_unit(self.good)
        self._training_scores = training.scores
        self.current, self.calibrated = threshold, find_promising_threshold(threshold, self.good)

    def forget_model(self) -> None:
        """Have no threshold. The session says so when the rest of the model is gone, too."""
        self.current = self.calibrated = self.good = None
        self._training_scores = np.empty(0)
        self.unit = 1.0

    def preview_value(self, value: float) -> None:
        """Show what a threshold would do, while it is dragged."""
        if self.current is not None:
            self.previewed.emit(self.current.moved_to(value))

    def preview_unsure(self, half_width: float) -> None:
        """Show what a band would do, while it is dragged."""
        if self.current is not None:
            self.previewed.emit(replace(self.current, unsure=half_width))

    def set_value(self, value: float) -> None:
        """Set the threshold by hand; can be undone."""
        if self.current is not None and value != self.current.value and np.isfinite(value):
            self.choose_threshold(add_expectation(self.current.moved_to(float(value)), self.good))

    def set_unsure(self, half_width: float) -> None:
        """Set the half width of the band judged "not sure"; can be undone."""
        if self.current is not None:
            self.choose_threshold(replace(self.current, unsure=max(0.0, float(half_width))))

    def set_by_false_alarm_rate(self, rate: float) -> None:
        """Set the threshold by the false alarms it may cause; ParameterError for an impossible rate."""
        if self.good is not None:
            self._choose_by_rule(by_false_alarm_rate(self.good, rate))

    def set_by_sigma(self, sigmas: float) -> None:
        """Set the threshold by the textbook rule."""
        if self.current is not None:
            self._choose_by_rule(by_sigma(self._training_scores, sigmas, TRAINING))

    def set_by_best_f1(self, scores: FloatArray, labels: Sequence[Label]) -> bool:
        """Set the threshold by (images,) labelled scores; return False where there are not both kinds."""
        best = by_best_f1(scores, labels)
        if best is not None:
            self._choose_by_rule(best)
        return best is not None

    def return_to_calibrated(self) -> None:
        """Set the threshold back to that of the training."""
        if self.calibrated is not None:
            self.choose_threshold(self.calibrated)

    def _choose_by_rule(self, threshold: Threshold) -> None:
        if self.current is not None:
            self.choose_threshold(replace_threshold(self.current, threshold, self.good))

    def choose_threshold(self, threshold: Threshold) -> None:
        """Set a threshold; can be undone."""
        if self.current is not None and threshold != self.current:
            self._undo_stack.push(_Move(self, self.current, threshold))

    def apply_threshold(self, threshold: Threshold) -> None:
        """Set a threshold without a trace in the undo stack."""
        self.current = threshold
        self.changed.emit()


class _Move(QUndoCommand):
    def __init__(self, state: ThresholdState, old: Threshold, new: Threshold) -> None:
        super().__init__(state.tr("set the threshold"))
        self._state, self._old, self._new = state, old, new

    def redo(self) -> None:
        self._state.apply_threshold(self._new)

    def undo(self) -> None:
        self._state.apply_threshold(self._old)
