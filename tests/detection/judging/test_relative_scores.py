import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anomaly_gui.detection.grouping.groups import Groups
from anomaly_gui.detection.judging.relative_scores import (
    LINE,
    RelativeScale,
    find_unit,
    format_relative,
)
from anomaly_gui.detection.judging.thresholds import HELD_OUT, GoodScores, by_false_alarm_rate

SCORES = st.floats(-1e6, 1e6)


def _good(scores):
    scores = np.array(scores, float)
    return GoodScores(scores, Groups(np.arange(len(scores)), "images"), HELD_OUT)


@given(st.lists(SCORES, min_size=1, max_size=50), SCORES)
def test_the_order_is_turned_round_and_the_line_is_one(scores, threshold):
    scale = RelativeScale(threshold, find_unit(_good(scores)))
    values = np.array(scores)
    relative = scale.relate(values)
    assert scale.unit > 0
    assert scale.relate(threshold) == LINE
    assert np.all(np.diff(relative[np.argsort(values)]) <= 0)
    assert not np.any((values < threshold) & (relative < LINE))
    assert np.allclose(scale.restore(relative), values, atol=1e-6 * max(1, np.abs(values).max()))


@pytest.mark.parametrize("middle", [-450.0, 0.0, 30.0])
def test_a_common_good_part_is_zero_at_the_models_own_threshold(middle):
    good = _good(middle + np.random.default_rng(0).normal(0, 10, 200))
    scale = RelativeScale(by_false_alarm_rate(good, 0.01).value, find_unit(good))
    assert abs(scale.relate(float(np.median(good.scores)))) < 1e-9


def test_moving_the_threshold_shifts_all_alike():
    good = _good(np.random.default_rng(0).normal(-400, 10, 200))
    unit, scores = find_unit(good), np.array([-500.0, -400.0, -1e5])
    shift = RelativeScale(-450, unit).relate(scores) - RelativeScale(-430, unit).relate(scores)
    assert np.allclose(shift, shift[0])


def test_scores_that_are_all_the_same_or_none_have_a_unit_all_the_same():
    assert find_unit(None) == 1.0
    assert find_unit(_good([-5.0] * 10)) == pytest.approx(0.05)
    assert find_unit(_good([0.0])) > 0


def test_a_score_beyond_the_line_never_reads_as_on_it():
    assert format_relative(1.0) == "1.00"
    assert format_relative(0.99999) != "1.00"
    assert format_relative(1.00001) == "1.001"
    assert format_relative(-0.999) == "−0.999"
