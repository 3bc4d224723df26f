"""The arithmetic of the benchmark that says what more cores would bring."""

import pytest

from tests.benchmarks.speed.cores import ALL_WORK, IN_TURN, JUDGING, MEMORY, Costs, reduce_scale

COSTS = Costs(one=0.020, two=0.011, main=0.003, judging=0.002, network=0.008, most=8, memory=0.0004)


def test_the_model_meets_what_was_measured():
    assert COSTS.serial == pytest.approx(0.002)
    assert COSTS.expect_seconds(1) == (pytest.approx(0.020), ALL_WORK)
    assert COSTS.expect_seconds(2) == (pytest.approx(0.011), ALL_WORK)


def test_the_main_thread_is_the_limit_of_many_cores():
    assert COSTS.expect_seconds(4) == (pytest.approx(0.0065), ALL_WORK)
    assert COSTS.list_limits(16)[ALL_WORK] == pytest.approx(0.002 + 0.018 / 16)
    assert COSTS.expect_seconds(16) == (pytest.approx(0.003 + 0.008 / 8), IN_TURN)


def test_memory_can_be_the_limit():
    slow = Costs(one=0.020, two=0.010, main=0.0, judging=0.0, network=0.001, most=8, memory=0.004)
    assert slow.expect_seconds(2) == (pytest.approx(0.010), ALL_WORK)
    assert slow.expect_seconds(8) == (0.004, MEMORY)


@pytest.mark.parametrize(("one", "two", "serial"), [(0.02, 0.009, 0), (0.02, 0.02, 0.02), (0.02, 0.03, 0.02)])
def test_what_is_serial_is_neither_less_than_nothing_nor_more_than_all(one, two, serial):
    assert Costs(one, two, 0, 0, 0, 8, 0).serial == pytest.approx(serial)


@pytest.mark.parametrize(("shape", "scale"), [((1920, 1080), 2), ((5472, 3648), 8), ((400, 300), 1)])
def test_a_jpeg_stays_twice_as_large_as_needed(shape, scale):
    assert reduce_scale(shape, 224) == scale


def test_judging_can_be_the_limit():
    slow = Costs(one=0.020, two=0.010, main=0.0, judging=0.005, network=0.001, most=8, memory=0.0)
    assert slow.expect_seconds(8) == (0.005, JUDGING)
