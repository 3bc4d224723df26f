from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anomaly_gui.detection.grouping.groups import Groups
from anomaly_gui.detection.judging.thresholds import (
    HELD_OUT,
    TRAINING,
    GoodScores,
    by_false_alarm_rate,
    by_sigma,
    with_expectation,
)
from anomaly_gui.errors import ParameterError


def _good(scores, numbers=None):
    numbers = np.arange(len(scores)) if numbers is None else np.asarray(numbers)
    return GoodScores(np.asarray(scores, float), Groups(numbers, "by test"), HELD_OUT)


def test_takes_the_conformal_rank():
    assert by_false_alarm_rate(_good(np.arange(399)), 0.02).value == 7  # the 8th lowest: 8 / 400 is 2 %
    assert by_false_alarm_rate(_good(np.arange(99)), 0.01).value == 0


def test_a_rate_between_two_ranks_takes_a_score_between_theirs():
    assert by_false_alarm_rate(_good(np.arange(400)), 0.02).value == pytest.approx(7.02)  # 8.02 of 401
    assert by_false_alarm_rate(_good(np.arange(97)), 0.02).value == pytest.approx(0.96)


@pytest.mark.parametrize("parts", [60, 97, 148])
@pytest.mark.parametrize("draw", ["normal", "exponential", "standard_t"])
def test_promise_is_met_between_ranks_whatever_the_tail(parts, draw):
    rng = np.random.default_rng(0)
    sample = {
        "normal": rng.normal,
        "exponential": lambda size: -rng.exponential(size=size),
        "standard_t": lambda size: rng.standard_t(2, size),
    }[draw]
    rates = []
    for _ in range(600):
        value = by_false_alarm_rate(_good(sample(size=parts)), 0.02).value
        rates.append(np.mean(sample(size=400) < value))
    assert 0.01 < np.mean(rates) <= 0.0215  # the mean of 600 trials is known to 0.0007


def test_says_what_too_few_parts_can_promise():
    threshold = by_false_alarm_rate(_good(np.arange(40)), 0.01)
    assert threshold.value == 0
    assert threshold.promised_rate == pytest.approx(1 / 41)
    assert "2.4 %" in threshold.warnings[0]
    assert "99 parts" in threshold.warnings[0]


def test_promise_is_met_on_new_parts():
    rng = np.random.default_rng(0)
    rates = []
    for _ in range(400):
        value = by_false_alarm_rate(_good(rng.normal(size=150)), 0.02).value
        rates.append(np.mean(rng.normal(size=400) < value))
    assert 0.015 < np.mean(rates) <= 0.021


def test_promise_is_met_on_new_parts_shot_several_times():
    rng = np.random.default_rng(0)
    rates = []
    for _ in range(300):
        parts, sizes = rng.normal(size=150), rng.integers(1, 7, 150)
        scores = np.repeat(parts, sizes) + rng.normal(0, 0.1, sizes.sum())
        value = by_false_alarm_rate(_good(scores, np.repeat(np.arange(150), sizes)), 0.02).value
        rates.append(np.mean(rng.normal(size=400) + rng.normal(0, 0.1, 400) < value))
    assert 0.015 < np.mean(rates) <= 0.023  # the mean of 300 trials is known to 0.001


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60),
    st.floats(0.001, 0.5),
    st.integers(1, 5),
)
def test_rejects_no_more_of_the_parts_it_was_chosen_from_than_asked(scores, rate, size):
    good = _good(scores, np.arange(len(scores)) // size)
    threshold = by_false_alarm_rate(good, rate)
    rejected = good.groups.weights[good.scores < threshold.value].sum()
    assert rejected <= rate * (good.groups.count + 1) + 1e-6


def test_interval_counts_parts_not_images():
    scores = np.repeat(np.arange(50.0), 4)
    threshold = by_sigma(scores, 2, TRAINING)
    expected = with_expectation(threshold, _good(scores, np.repeat(np.arange(50), 4))).expected
    alone = with_expectation(threshold, _good(scores)).expected
    assert (expected.parts, expected.images) == (50, 200)
    assert expected.high > alone.high


def test_textbook_rule_says_what_it_is():
    threshold = by_sigma(np.array([0.0, 2.0]), 3, TRAINING)
    assert threshold.value == -2
    assert "promises nothing" in threshold.warnings[0]


@pytest.mark.parametrize("rate", [0, 1, -0.1, float("nan")])
def test_impossible_rates(rate):
    with pytest.raises(ParameterError, match="between 0 and 1"):
        by_false_alarm_rate(_good([1, 2]), rate)


def test_parts_left_out_count_as_rejected_and_move_no_threshold():
    good = _good(np.arange(99.0))
    with_one_out = replace(good, left_out=1)
    threshold, other = by_false_alarm_rate(good, 0.02), by_false_alarm_rate(with_one_out, 0.02)
    assert other.value == threshold.value
    assert (threshold.promised_rate, other.promised_rate) == (0.02, pytest.approx(3 / 101))
    expected = with_expectation(other, with_one_out).expected
    assert (expected.parts, expected.images, expected.rate) == (100, 100, pytest.approx(0.03))
