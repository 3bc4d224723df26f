from functools import reduce

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.covariance import ledoit_wolf_shrinkage

from anomaly_gui.cluster.engine import list_merges
from anomaly_gui.cluster.training.row_sums import RowSums
from anomaly_gui.detection.arrays.moments import Moments, estimate_shrinkage

EXACT = 1e-10


def _rows(count, features, seed):
    random = np.random.default_rng(seed)
    rows = random.normal(size=(count, features)) @ random.normal(size=(features, features))
    return (rows + 5 * random.normal(size=features)).astype(np.float32)


def _merge_in_tree(parts):
    held = dict(enumerate(parts))
    for first, second, _ in list_merges(len(parts)):
        held[first] = held[first].merge(held.pop(second))
    return held[0]


def _assert_alike(one, other):
    size = max(float(np.abs(one).max()), float(np.abs(other).max()))
    np.testing.assert_allclose(one, other, rtol=EXACT, atol=EXACT * size)


@given(
    sizes=st.lists(st.integers(0, 40), min_size=1, max_size=12).filter(lambda sizes: sum(sizes) >= 3),
    features=st.integers(2, 9),
    seed=st.integers(0, 1000),
    away=st.floats(-8, 8),
)
def test_merged_parts_tell_what_one_pass_over_all_rows_tells(sizes, features, seed, away):
    rows = _rows(sum(sizes), features, seed)
    shift = rows[0].astype(np.float64) + away
    parts = [RowSums.from_rows(part, shift) for part in np.split(rows, np.cumsum(sizes)[:-1])]
    merged, at_once = _merge_in_tree(parts), Moments.from_rows(rows)
    moments = merged.find_moments()
    assert merged.count == at_once.count
    _assert_alike(moments.mean, at_once.mean)
    _assert_alike(moments.scatter, at_once.scatter)
    assert merged.estimate_shrinkage() == pytest.approx(estimate_shrinkage(rows), rel=EXACT, abs=EXACT)
    assert merged.largest == np.abs(rows).max()


@given(order=st.permutations(range(7)), seed=st.integers(0, 100))
def test_any_order_tells_the_same(order, seed):
    rows = _rows(70, 5, seed)
    shift = rows[:10].astype(np.float64).mean(axis=0)
    parts = [RowSums.from_rows(part, shift) for part in np.split(rows, 7)]
    one, other = _merge_in_tree(parts), reduce(RowSums.merge, [parts[number] for number in order])
    _assert_alike(one.find_moments().scatter, other.find_moments().scatter)
    assert one.estimate_shrinkage() == pytest.approx(other.estimate_shrinkage(), rel=EXACT, abs=EXACT)


@given(shift=st.lists(st.floats(-20, 20), min_size=4, max_size=4), seed=st.integers(0, 100))
def test_the_shift_changes_nothing_that_is_told(shift, seed):
    rows = _rows(60, 4, seed)
    about, plain = RowSums.from_rows(rows, np.array(shift)), RowSums.from_rows(rows, rows[0].astype(float))
    _assert_alike(about.find_moments().scatter, plain.find_moments().scatter)
    if not about.is_far():
        assert about.estimate_shrinkage() == pytest.approx(plain.estimate_shrinkage(), rel=1e-8, abs=1e-8)


def test_the_same_parts_in_the_same_tree_give_the_same_bytes():
    rows = _rows(200, 16, 0)
    parts = [RowSums.from_rows(part, rows[0].astype(float)) for part in np.array_split(rows, 9)]
    one, other = _merge_in_tree(parts), _merge_in_tree(list(parts))
    assert one.scatter.tobytes() == other.scatter.tobytes() and one.quartic == other.quartic


@pytest.mark.parametrize(("count", "features"), [(300, 20), (12, 30)])
def test_shrinkage_is_scikit_learns(count, features):
    rows = _rows(count, features, 3).astype(float)
    sums = RowSums.from_rows(rows, rows[0])
    assert sums.estimate_shrinkage() == pytest.approx(ledoit_wolf_shrinkage(rows), rel=1e-9)


def test_a_shift_far_from_the_mean_is_told():
    rows = _rows(50, 4, 1)
    assert not RowSums.from_rows(rows, rows[0].astype(float)).is_far()
    assert RowSums.from_rows(rows, rows.mean(axis=0).astype(float) + 1e4).is_far()


def test_sums_about_different_shifts_are_not_added():
    rows = _rows(4, 3, 0)
    with pytest.raises(ValueError, match="shift"):
        RowSums.from_rows(rows, np.zeros(3)).merge(RowSums.from_rows(rows, np.ones(3)))


def test_values_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="NaN"):
        RowSums.from_rows(np.array([[1.0, np.nan]]), np.zeros(2))
