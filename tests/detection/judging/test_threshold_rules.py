from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from anomaly_gui.detection.judging.threshold_rules import (
    add_expectation,
    by_best_f1,
    choose_good_scores,
    find_promising_threshold,
    replace_threshold,
)
from anomaly_gui.detection.judging.thresholds import (
    CALIBRATION,
    HELD_OUT,
    LABELLED,
    TRAINING,
    by_false_alarm_rate,
    by_sigma,
)
from anomaly_gui.detection.settings.train_settings import SETTINGS


@dataclass
class Scored:
    held_out: np.ndarray = field(default_factory=lambda: np.arange(200.0))
    judged: np.ndarray = field(default_factory=lambda: np.arange(200))
    groups: np.ndarray = field(default_factory=lambda: np.arange(200) // 2)
    grouped_by: str = "by test"
    calibration_scores: np.ndarray = field(default_factory=lambda: np.empty(0))
    calibration_groups: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    left_out: int = 0


def test_calibration_images_come_before_held_out_scores():
    held_out = choose_good_scores(Scored(left_out=3))
    assert (held_out.basis, held_out.groups.count, held_out.parts) == (HELD_OUT, 100, 103)
    calibrated = choose_good_scores(
        Scored(calibration_scores=np.arange(4.0), calibration_groups=np.array([0, 0, 1, 1]))
    )
    assert (calibrated.basis, calibrated.groups.count, len(calibrated.scores)) == (CALIBRATION, 2, 4)


def test_only_images_that_a_network_never_saw_count():
    good = choose_good_scores(Scored(judged=np.arange(0, 200, 4)))
    assert good.scores.tolist() == list(range(0, 200, 4)) and good.groups.count == 50
    assert choose_good_scores(Scored(judged=np.empty(0, np.int64))) is None


def test_best_f1_needs_both_labels():
    threshold = by_best_f1(np.array([3.0, 4.0, 1.0]), ["normal", "normal", "anomalous"])
    assert (threshold.value, threshold.rule, threshold.basis) == (2.0, "best-f1", LABELLED)
    assert by_best_f1(np.array([3.0, 4.0]), ["normal", "normal"]) is None
    assert by_best_f1(np.empty(0), []) is None


def test_another_threshold_keeps_the_band_and_the_rate_asked_for():
    good = choose_good_scores(Scored())
    first = replace(by_false_alarm_rate(good, 0.05), unsure=2.5)
    moved = replace_threshold(first, by_sigma(good.scores, 3.0, TRAINING), good)
    assert (moved.unsure, moved.asked_rate, moved.rule) == (2.5, 0.05, "sigma")
    assert moved.expected is not None and moved.expected.parts == 100
    again = replace_threshold(moved, by_false_alarm_rate(good, 0.1), good)
    assert (again.unsure, again.asked_rate) == (2.5, 0.1)


def test_nothing_is_expected_where_no_good_scores_are():
    threshold = by_sigma(np.arange(10.0), 1.0, TRAINING)
    assert add_expectation(threshold, None) is threshold
    assert add_expectation(threshold, choose_good_scores(Scored())).expected is not None


@pytest.mark.parametrize("asked", [None, 0.2])
def test_a_threshold_without_a_promise_gets_one(asked):
    good = choose_good_scores(Scored())
    textbook = replace(by_sigma(good.scores, 3.0, TRAINING), asked_rate=asked, unsure=1.5)
    honest = find_promising_threshold(textbook, good)
    assert honest.rule == "false-alarm-rate" and honest.unsure == 1.5
    assert honest.asked_rate == (SETTINGS["false_alarm_rate"].default if asked is None else asked)
    assert find_promising_threshold(honest, good) is honest
    assert find_promising_threshold(textbook, None) is textbook
