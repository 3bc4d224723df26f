from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from threadpoolctl import ThreadpoolController

from anomaly_gui.detection.arrays.products import products_on_one_core


def count_threads():
    return {one["num_threads"] for one in ThreadpoolController().select(user_api="blas").info()}


@pytest.fixture
def two_threads():
    with ThreadpoolController().limit(limits=2, user_api="blas"):
        yield


def count_limited():
    with products_on_one_core():
        return count_threads()


@pytest.mark.usefixtures("two_threads")
def test_any_thread_may_ask_for_it_whoever_asked_first():
    assert count_limited() == {1}
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(count_limited).result() == {1}
        assert pool.submit(count_threads).result() == {2}
    assert count_limited() == {1}


@pytest.mark.usefixtures("two_threads")
def test_it_is_lifted_by_the_last_one_whoever_asked_first():
    limit = ExitStack()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(limit.enter_context, products_on_one_core()).result()
        with products_on_one_core():
            pool.submit(limit.close).result()
            assert count_threads() == {1}
    assert count_threads() == {2}
