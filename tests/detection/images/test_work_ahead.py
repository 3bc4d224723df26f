"""Work in threads whose results come in order, and what becomes of it when the items end badly."""

import threading

import pytest

from anomaly_gui.detection.images.reading import work_ahead
from anomaly_gui.progress import CancelledError


def _count_to(last, error=None):
    yield from range(last)
    if error is not None:
        raise error


def test_results_come_in_the_order_of_the_items():
    assert list(work_ahead(range(50), lambda item: item**2, workers=4, ahead=7)) == [i**2 for i in range(50)]
    assert list(work_ahead([], str, ahead=3)) == []


def test_what_was_begun_is_yielded_before_the_items_trouble_is_raised():
    found = []
    with pytest.raises(CancelledError):
        found.extend(work_ahead(_count_to(5, CancelledError()), str, workers=1, ahead=3))
    results = work_ahead(_count_to(5, CancelledError()), str, workers=1, ahead=3)
    assert [next(results) for _ in range(5)] == ["0", "1", "2", "3", "4"]
    with pytest.raises(CancelledError):
        next(results)


def test_no_more_is_begun_than_was_asked_for():
    begun = []
    results = work_ahead(range(20), begun.append, workers=1, ahead=4)
    next(results)
    results.close()
    assert len(begun) <= 4


def test_items_are_taken_by_who_asks_and_work_is_done_elsewhere():
    def name_threads():
        for _ in range(3):
            yield threading.current_thread().name

    mine = threading.current_thread().name
    for taken, done in work_ahead(
        name_threads(), lambda name: (name, threading.current_thread().name), ahead=2
    ):
        assert taken == mine != done
