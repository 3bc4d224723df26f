from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoStack

from anomaly_gui.detection.judging.thresholds import HELD_OUT, Threshold
from anomaly_gui.gui.state.threshold_state import ThresholdState

SAVED = Threshold(-5.0, "manual", "set by hand", unsure=2.0)
TRAINING = SimpleNamespace(
    scores=np.arange(100.0),
    held_out=np.arange(100.0) - 1,
    judged=np.arange(100),
    groups=np.arange(100),
    grouped_by="by test",
    calibration_scores=np.empty(0),
    calibration_groups=np.empty(0, np.int64),
    left_out=0,
)


@pytest.fixture
def state(qapp):
    parent = QObject()
    state = ThresholdState(QUndoStack(parent), parent)
    state.take_model(SAVED, TRAINING)
    yield state
    parent.deleteLater()


def test_every_step_can_be_undone(state):
    stack, values = state._undo_stack, []
    state.changed.connect(lambda: values.append(state.current.value))
    state.set_value(3.0)
    state.set_by_false_alarm_rate(0.1)
    state.set_by_sigma(1.0)
    assert state.set_by_best_f1(np.array([1.0, 5.0]), ["anomalous", "normal"])
    assert not state.set_by_best_f1(np.array([1.0, 5.0]), ["normal", "normal"])
    assert len(values) == stack.count() == 4
    for _ in range(4):
        stack.undo()
    assert state.current == SAVED


def test_rules_keep_the_band_and_say_what_to_expect(state):
    state.set_by_false_alarm_rate(0.1)
    assert (state.current.unsure, state.current.basis) == (2.0, HELD_OUT)
    state.set_value(12.0)
    assert state.current.unsure == 2.0 and state.current.asked_rate == 0.1
    assert state.current.expected.parts == 100
    state.return_to_calibrated()
    assert state.current == state.calibrated and state.current.rule == "false-alarm-rate"


def test_a_preview_changes_nothing(state):
    shown = []
    state.previewed.connect(shown.append)
    state.preview_value(-7.0)
    state.preview_unsure(4.0)
    assert [(one.value, one.unsure) for one in shown] == [(-7.0, 2.0), (-5.0, 4.0)]
    assert state.current == SAVED and state._undo_stack.count() == 0


def test_without_a_model_nothing_happens(qapp):
    parent = QObject()
    state = ThresholdState(QUndoStack(parent), parent)
    state.set_value(1.0)
    state.set_unsure(1.0)
    state.set_by_sigma(3.0)
    state.set_by_false_alarm_rate(0.1)
    state.return_to_calibrated()
    assert state.current is None and state._undo_stack.count() == 0
    parent.deleteLater()
