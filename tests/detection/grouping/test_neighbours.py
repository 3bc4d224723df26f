import tracemalloc

import numpy as np
import pytest
from sklearn.decomposition import PCA

from anomaly_gui.detection.arrays.row_store import RowStore
from anomaly_gui.detection.grouping import neighbours
from anomaly_gui.detection.grouping.neighbours import KeyedPairs, find_nearest_pairs, whiten_features

WANTED = 20


def _unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _with_copies(count, copies):
    """Vectors in all directions; the last are copies of the first, at cosines from 0.6 to 0.9."""
    rng = np.random.default_rng(0)
    rows = _unit(rng.standard_normal((count, 512), np.float32))
    alike = rng.uniform(0.6, 0.9, (copies, 1)).astype(np.float32)
    noise = _unit(rng.standard_normal((copies, 512), np.float32))
    rows[-copies:] = alike * rows[:copies] + np.sqrt(1 - alike**2) * noise
    return _unit(rows), np.stack([np.arange(copies), np.arange(count - copies, count)], axis=1)


def _as_set(pairs):
    return set(map(tuple, pairs.tolist()))


def test_forest_finds_the_copies_among_many(monkeypatch):
    rows, copies = _with_copies(6000, 1500)
    monkeypatch.setattr(neighbours, "EXACT_UP_TO", 0)
    monkeypatch.setattr(neighbours, "_LARGEST_LEAF", 400)  # as many leaves as 24,000 rows would have
    pairs = _as_set(find_nearest_pairs(rows, WANTED))
    assert len(_as_set(copies) & pairs) > 0.98 * len(copies)
    assert len(pairs) <= len(rows) * WANTED
    assert all(low < high for low, high in pairs)


def test_forest_finds_the_same_each_time(monkeypatch):
    monkeypatch.setattr(neighbours, "EXACT_UP_TO", 0)
    monkeypatch.setattr(neighbours, "_LARGEST_LEAF", 50)
    rows, _ = _with_copies(600, 100)
    np.testing.assert_array_equal(find_nearest_pairs(rows, WANTED), find_nearest_pairs(rows, WANTED))


def test_forest_of_one_leaf_is_the_exact_search(monkeypatch):
    rows, _ = _with_copies(700, 200)
    exact = find_nearest_pairs(rows, WANTED)
    monkeypatch.setattr(neighbours, "EXACT_UP_TO", 0)
    np.testing.assert_array_equal(find_nearest_pairs(rows, WANTED), exact)


@pytest.mark.parametrize("at_once", [256, 70])
def test_a_row_has_those_of_highest_cosine(monkeypatch, at_once):
    monkeypatch.setattr(neighbours, "_COMPARED_AT_ONCE", at_once)
    rows, _ = _with_copies(300, 50)
    cosines = rows @ rows.T
    np.fill_diagonal(cosines, -1)
    nearest = np.argsort(-cosines, axis=1)[:, :3]
    expected = {(min(i, j), max(i, j)) for i, them in enumerate(nearest.tolist()) for j in them}
    assert _as_set(find_nearest_pairs(rows, 3)) == expected


def test_forest_copes_with_rows_that_are_all_the_same(monkeypatch):
    monkeypatch.setattr(neighbours, "EXACT_UP_TO", 0)
    monkeypatch.setattr(neighbours, "_LARGEST_LEAF", 50)
    rows = np.zeros((400, 8), np.float32)
    rows[:, 0] = 1
    pairs = find_nearest_pairs(rows, 5)
    assert len(np.unique(pairs)) == 400


def test_forest_takes_fewer_neighbours_than_wanted_from_small_leaves(monkeypatch):
    monkeypatch.setattr(neighbours, "EXACT_UP_TO", 0)
    monkeypatch.setattr(neighbours, "_LARGEST_LEAF", 2)
    monkeypatch.setattr(neighbours, "_TREES", 3)
    rows, _ = _with_copies(60, 20)
    pairs = find_nearest_pairs(rows, WANTED)
    assert 0 < len(pairs) <= 60 * 3 / 2
    assert (pairs[:, 0] < pairs[:, 1]).all()


def _whitened_by_pca(features, ridge=0.01):
    pca = PCA(min(*features.shape, 512), svd_solver="full")
    scores = pca.fit_transform(features.astype(np.float64))
    mean_variance = pca.explained_variance_.sum() / features.shape[1]
    return _unit(scores / np.sqrt((1 - ridge) * pca.explained_variance_ + ridge * mean_variance + 1e-12))


@pytest.mark.parametrize(("rows", "columns"), [(900, 60), (80, 200), (700, 600)])
def test_whitened_rows_have_the_cosines_of_principal_components(monkeypatch, rows, columns):
    rng = np.random.default_rng(0)
    features = rng.normal(size=(rows, columns)) @ rng.normal(size=(columns, columns)) + 5
    expected = _whitened_by_pca(features)
    monkeypatch.setattr(neighbours, "_ROWS_AT_ONCE", 64)
    found = whiten_features(features.astype(np.float32))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found @ found.T, expected @ expected.T, atol=1e-4)


def test_some_rows_of_a_store_are_whitened_as_if_alone():
    features = np.random.default_rng(0).normal(size=(50, 6)).astype(np.float32)
    store = RowStore(6, np.float32)
    for row in features:
        store.append(row)
    some = np.arange(3, 50, 2)
    np.testing.assert_allclose(whiten_features(store, some), whiten_features(features[some]), atol=1e-5)


def test_rows_that_are_all_the_same_are_whitened_to_nought():
    np.testing.assert_array_equal(whiten_features(np.ones((9, 3))), 0)


def test_pairs_as_numbers_are_those_of_a_table():
    random = np.random.default_rng(3)
    rows = np.sort(random.choice(40_000, 20_000, replace=False))
    nearest = random.integers(-1, len(rows), (len(rows), 4))
    more = np.sort(random.choice(rows, (50, 2)), axis=1)
    own = np.broadcast_to(np.arange(len(rows))[:, None], nearest.shape)
    table = np.sort(rows[np.stack([own, nearest], axis=2)[nearest >= 0]], axis=1)
    pairs = KeyedPairs.with_nearest(nearest.astype(np.int32), rows, 40_000, more)
    np.testing.assert_array_equal(pairs[:], np.unique(np.concatenate([table, more]), axis=0))
    np.testing.assert_array_equal(pairs[7:11], pairs[:][7:11])


def test_pairs_of_many_images_take_the_memory_of_one_number_each():
    nearest = np.random.default_rng(0).integers(0, 50_000, (50_000, 20)).astype(np.int32)
    tracemalloc.start()
    pairs = KeyedPairs.with_nearest(nearest, np.arange(50_000), 50_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(pairs) > 990_000
    assert peak < 16 * nearest.size  # 8 bytes for each, and what one block takes
