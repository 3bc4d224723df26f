import numpy as np
import pytest
from scipy.stats import betabinom

from anomaly_gui.detection.grouping.groups import Groups
from anomaly_gui.detection.judging.promise import (
    BROKEN,
    KEPT,
    TOO_FEW,
    _chance_of_more,
    describe_difference,
    examine_promise,
)
from anomaly_gui.detection.judging.thresholds import (
    HELD_OUT,
    GoodScores,
    Threshold,
    by_false_alarm_rate,
    with_expectation,
)


def _threshold(parts, rate, seed=0):
    good = GoodScores(np.random.default_rng(seed).normal(size=parts), Groups(np.arange(parts), ""), HELD_OUT)
    return with_expectation(by_false_alarm_rate(good, rate), good)


def _outcome(threshold, rejected, of):
    mask = np.arange(of) < rejected
    return examine_promise(threshold, mask, np.ones(of)).outcome


def test_a_kept_promise_is_called_broken_once_in_a_hundred_times():
    rng, broken, times = np.random.default_rng(1), 0, 3000
    for trial in range(times):
        threshold = _threshold(100, 0.02, trial)
        promise = examine_promise(threshold, rng.normal(size=80) < threshold.value, np.ones(80))
        broken += promise.outcome == BROKEN
    assert broken / times <= 0.015


def test_eighteen_of_eighteen_rejected_is_broken_and_said():
    promise = examine_promise(_threshold(90, 0.02), np.ones(18, bool), np.ones(18), "brighter by 22 %")
    assert promise.outcome == BROKEN
    assert str(promise) == (
        "18 of 18 good parts rejected; promised 2 of 100: these images differ from those learned "
        "(brighter by 22 %)."
    )


def test_few_good_parts_tell_nothing_and_many_that_pass_keep_the_promise():
    threshold = _threshold(200, 0.01)
    assert _outcome(threshold, 0, 20) == TOO_FEW
    assert _outcome(threshold, 0, 120) == KEPT
    assert _outcome(threshold, 2, 400) == KEPT
    assert _outcome(threshold, 12, 120) == BROKEN


def test_shots_of_one_part_count_as_one():
    threshold = _threshold(100, 0.01)
    shots = examine_promise(threshold, np.ones(12, bool), np.full(12, 1 / 12))
    assert (shots.parts, shots.images, shots.outcome) == (1, 12, TOO_FEW)
    assert examine_promise(threshold, np.ones(12, bool), np.ones(12)).outcome == BROKEN


def test_chances_are_those_of_scipy():
    for alarms, parts, a, b in ((0, 5, 1, 4), (3, 40, 2, 99), (40, 40, 1, 30)):
        assert _chance_of_more(alarms, parts, a, b) == pytest.approx(betabinom.sf(alarms - 1, parts, a, b))


def test_nothing_is_said_where_nothing_was_promised_or_seen():
    assert examine_promise(_threshold(50, 0.02), np.zeros(0, bool), np.zeros(0)) is None
    assert examine_promise(Threshold(0.0, "manual", "set by hand"), np.ones(3, bool), np.ones(3)) is None


def test_what_differs_is_said_where_it_is_seen():
    rng = np.random.default_rng(0)
    learned = np.array([100, 40, 0.3]) * np.exp(rng.normal(0, 0.01, (50, 3)))
    assert describe_difference(learned, learned[:20]) == ""
    assert describe_difference(learned, learned[:20] * [1.22, 1, 1]) == "brighter by 22 %"
    assert describe_difference(learned, learned[:20] * [1, 0.7, 0.5]) == (
        "poorer in contrast by 30 %, less sharp by 50 %"
    )
    assert describe_difference(learned[:0], learned) == ""
