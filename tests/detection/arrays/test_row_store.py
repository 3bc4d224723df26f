import numpy as np
import pytest

from anomaly_gui.detection.arrays import row_store
from anomaly_gui.detection.arrays.row_store import ChosenRows, RowStore
from anomaly_gui.errors import UserError


def _filled(count, length=5, dtype=np.float32):
    values = np.random.default_rng(0).normal(size=(count, length)).astype(dtype)
    store = RowStore(length, dtype)
    for row in values:
        store.append(row)
    return store, values


@pytest.fixture(params=[10**9, 20 * 5 * 4, 0], ids=["in memory", "partly on disk", "on disk"])
def in_memory(request, monkeypatch):
    monkeypatch.setattr(row_store, "IN_MEMORY", request.param)


def test_it_reads_as_an_array(in_memory):
    store, values = _filled(57)
    assert len(store) == 57
    assert store.shape == values.shape
    np.testing.assert_array_equal(np.asarray(store), values)
    for part in (slice(0, 10), slice(15, 25), slice(50, 200), slice(None), slice(57, 60), slice(-3, None)):
        np.testing.assert_array_equal(store[part], values[part])
    numbers = np.array([56, 0, 21, 20, 19, 56])
    np.testing.assert_array_equal(store[numbers], values[numbers])


def test_rows_can_be_added_after_some_were_read(in_memory):
    store, values = _filled(30)
    _ = store[3:9]
    store.append(values[7])
    np.testing.assert_array_equal(store[29:31], np.stack([values[29], values[7]]))


def test_a_store_of_nothing():
    store = RowStore(3, np.uint8)
    assert store.shape == (0, 3)
    assert np.asarray(store).shape == (0, 3)


def test_a_full_disk_is_told(monkeypatch):
    class Full:
        def seek(self, place):
            pass

        def write(self, data):
            raise OSError(28, "No space left on device")

        def close(self):
            pass

    monkeypatch.setattr(row_store, "IN_MEMORY", 0)
    monkeypatch.setattr(row_store.tempfile, "TemporaryFile", lambda **_: Full())
    with pytest.raises(UserError, match="No space left on device"):
        RowStore(3, np.uint8).append(np.zeros(3))


def test_chosen_rows_are_those_of_the_store_and_do_not_grow(in_memory):
    store, values = _filled(30)
    numbers = np.array([0, 1, 2, 5, 9, 10, 29])
    chosen = ChosenRows(store, numbers)
    assert (len(chosen), chosen.shape) == (7, (7, values.shape[1]))
    np.testing.assert_array_equal(np.asarray(chosen), values[numbers])
    np.testing.assert_array_equal(chosen[2:6], values[numbers[2:6]])
    np.testing.assert_array_equal(chosen[np.array([6, 0, 3])], values[numbers[[6, 0, 3]]])
    assert chosen[7:].shape == (0, values.shape[1])
    again = ChosenRows(chosen, np.array([1, 6]))
    np.testing.assert_array_equal(np.asarray(again), values[[1, 29]])
    with pytest.raises(TypeError, match="do not grow"):
        chosen.append(values[0])
