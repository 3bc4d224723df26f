import gc
import tracemalloc
import warnings

import numpy as np
import pytest

from anomaly_gui.detection.arrays import cell_store
from anomaly_gui.detection.arrays.cell_store import CellStore
from anomaly_gui.detection.densities.cell_gaussians import (
    CELL_REGULARIZATION,
    CellGaussians,
)
from anomaly_gui.detection.densities.cell_moments import drop_last_bits, sum_moments
from anomaly_gui.detection.densities.shared_gaussian import SharedGaussian

CELLS, CHANNELS = 6, 10
MEGABYTE = 1 << 20
GROUPS = {
    "of one": np.arange(24),
    "of two": np.arange(24) // 2,
    "of three": np.arange(24) // 3,
    "of five, mixed": np.random.default_rng(3).permutation(np.arange(25) // 5)[:24],
    "of all but one": np.array([1] + [0] * 23),
}


def _features(count, cells=CELLS, channels=CHANNELS, seed=0):
    """Features far from nought whose channels go together, each place in its own way."""
    rng = np.random.default_rng(seed)
    mixed = rng.normal(size=(cells, channels, channels)) / channels**0.5
    drawn = np.einsum("icd,cde->ice", rng.normal(size=(count, cells, channels)), mixed)
    return (drawn + rng.uniform(1, 3, (cells, channels))).astype(np.float32)


def stored(features, cells=CELLS, channels=CHANNELS):
    store = CellStore(cells, channels)
    for one in features:
        store.append(one)
    return store


def _read(store):
    return store.read_cells(np.arange(len(store)))


def _held_out(gaussians, store, groups):
    distances = np.full((len(store), store.cells), np.nan)
    for numbers, found in gaussians.held_out(store, groups):
        assert found.dtype == np.float32
        distances[numbers] = found
    return distances


def _squared(offsets, covariance):
    return np.einsum("id,de,ie->i", offsets, np.linalg.inv(covariance), offsets)


def test_what_is_stored_comes_back_to_three_digits():
    features = _features(7)
    store = stored(features)
    assert (len(store), store.cells, store.channels) == (7, CELLS, CHANNELS)
    np.testing.assert_allclose(_read(store), features, rtol=1e-3, atol=1e-3)
    np.testing.assert_array_equal(_read(store), features.astype(np.float16).astype(np.float32))
    assert _read(store).dtype == np.float32


def test_batches_hold_every_image_once_and_in_order(monkeypatch):
    monkeypatch.setattr(cell_store, "_BATCH_BYTES", 3 * 4 * CELLS * CHANNELS)
    store = stored(_features(8))
    batches = list(store.read_batches())
    assert [len(cells) for _, cells in batches] == [3, 3, 2]
    np.testing.assert_array_equal(np.concatenate([numbers for numbers, _ in batches]), np.arange(8))
    np.testing.assert_array_equal(np.concatenate([cells for _, cells in batches]), _read(store))


def test_an_image_larger_than_a_batch_is_a_batch(monkeypatch):
    monkeypatch.setattr(cell_store, "_BATCH_BYTES", 1)
    assert [len(cells) for _, cells in stored(_features(3)).read_batches()] == [1, 1, 1]


def test_an_empty_store_has_no_batches():
    assert list(stored([]).read_batches()) == []


def test_rows_come_in_the_order_asked_for_and_reading_does_not_disturb_appending():
    features = _features(6)
    store = stored(features[:5])
    np.testing.assert_array_equal(store.read_cells(np.array([4, 0, 4])), _read(store)[[4, 0, 4]])
    store.append(features[5])
    np.testing.assert_allclose(_read(store), features, rtol=1e-3, atol=1e-3)


def test_the_mean_and_the_covariance_of_each_place_are_learned():
    store = stored(_features(24))
    found, features = CellGaussians.fit(store), _read(store).astype(float)
    for place in range(CELLS):
        cells = features[:, place]
        covariance = np.cov(cells.T, bias=True)
        ridge = CELL_REGULARIZATION * np.trace(covariance) / CHANNELS
        expected = _squared(cells - cells.mean(axis=0), covariance + ridge * np.eye(CHANNELS))
        np.testing.assert_allclose(found.distances(_read(store))[:, place], expected, rtol=1e-3)
        np.testing.assert_allclose(found.means[place], cells.mean(axis=0), rtol=1e-5)


def test_places_are_summed_up_in_double_precision(monkeypatch):
    monkeypatch.setattr(cell_store, "_BATCH_BYTES", 7 * 4 * CELLS * CHANNELS)
    store = stored(_features(500))
    means, covariances = sum_moments(store)
    features = _read(store).astype(float)
    expected = [np.cov(features[:, cell].T, bias=True) for cell in range(CELLS)]
    np.testing.assert_allclose(means, features.mean(axis=0), rtol=1e-13)
    np.testing.assert_allclose(covariances, expected, rtol=1e-12, atol=1e-13)


def test_no_bit_of_places_hangs_on_how_images_fall_into_batches(monkeypatch):
    store, groups = stored(_features(200)), np.arange(200) // np.where(np.arange(200) < 150, 1, 3)
    whole = CellGaussians.fit(store)
    held_out, exact = _held_out(whole, store, groups), whole.measure_exactly(_read(store))
    np.testing.assert_allclose(exact, whole.distances(_read(store)), rtol=1e-4)
    for images in (1, 7, 60):
        monkeypatch.setattr(cell_store, "_BATCH_BYTES", images * 4 * CELLS * CHANNELS)
        found = CellGaussians.fit(store)
        for name in ("means", "factors", "ridges"):
            np.testing.assert_array_equal(getattr(found, name), getattr(whole, name))
        np.testing.assert_array_equal(_held_out(found, store, groups), held_out)
        for first in range(0, 200, images):
            some = _read(store)[first : first + images]
            np.testing.assert_array_equal(found.measure_exactly(some), exact[first : first + images])


def test_only_the_last_bits_of_covariances_are_dropped():
    random = np.random.default_rng(0)
    mixed = random.integers(-4096, 4096, (40, 12, 12)) * 2.0 ** random.integers(-12, 9, (40, 1, 1))
    exact = mixed @ mixed.transpose(0, 2, 1) / 30
    ridges = (np.trace(exact, axis1=1, axis2=2) / 60).astype(np.float32)
    rounded, other = exact.copy(), exact * (1 + 1e-15)
    drop_last_bits(rounded, ridges)
    drop_last_bits(other, ridges)
    np.testing.assert_array_equal(rounded, other)
    assert 0 < (np.abs(rounded - exact) / ridges[:, None, None]).max() < 2.0**-22


@pytest.mark.parametrize("kind", GROUPS)
def test_held_out_distances_of_places_are_those_of_fits_without_the_group(kind):
    """Also of images far from the others, which add much to the regularisation of the fit with them."""
    groups, drawn = GROUPS[kind], _features(24)
    drawn[5, :3] += 2.5 * (drawn[5, :3] - drawn[:, :3].mean(axis=0))
    store = stored(drawn)
    found = _held_out(CellGaussians.fit(store), store, groups)
    features = _read(store).astype(float)
    for group in np.unique(groups):
        out = groups == group
        if (~out).sum() < 2:  # there is no fit to one image
            assert np.isfinite(found[out]).all()
            continue
        refit = CellGaussians.fit(stored(features[~out]))
        np.testing.assert_allclose(found[out], refit.distances(_read(store)[out]), rtol=0.04)


def test_held_out_distances_are_longer_than_those_of_the_fit():
    store = stored(_features(24))
    gaussians = CellGaussians.fit(store)
    held_out = _held_out(gaussians, store, np.arange(24))
    assert (held_out > gaussians.distances(_read(store))).all()


def test_an_image_does_not_change_the_distances_of_another():
    store = stored(_features(12))
    for gaussians in (CellGaussians.fit(store), SharedGaussian.fit(store)):
        together = gaussians.distances(_read(store))
        alone = np.concatenate([gaussians.distances(cells[None]) for cells in _read(store)])
        np.testing.assert_allclose(together, alone, rtol=1e-4)


def test_the_fit_does_not_depend_on_how_images_fall_into_batches(monkeypatch):
    store, new = stored(_features(24)), _features(5, seed=1)
    kinds = (CellGaussians, SharedGaussian)
    whole = [kind.fit(store).distances(new) for kind in kinds]
    monkeypatch.setattr(cell_store, "_BATCH_BYTES", 5 * 4 * CELLS * CHANNELS)
    for kind, expected in zip(kinds, whole, strict=True):
        np.testing.assert_allclose(kind.fit(store).distances(new), expected, rtol=1e-3)


@pytest.mark.parametrize("kind", GROUPS)
def test_held_out_distances_of_the_shared_gaussian_are_those_of_refits(kind):
    groups, features = GROUPS[kind], _features(24, cells=20)
    store = stored(features, cells=20)
    found = _held_out(SharedGaussian.fit(store), store, groups)
    for group in np.unique(groups):
        out = groups == group
        refit = SharedGaussian.fit(stored(features[~out], cells=20))
        np.testing.assert_allclose(found[out], refit.distances(_read(store)[out]), rtol=1e-3)


def test_a_place_that_never_varies_is_no_reason_to_cry():
    features = _features(24)
    features[:, 2] = 1.5
    gaussians = CellGaussians.fit(stored(features))
    distances = gaussians.distances(features)
    np.testing.assert_allclose(distances[:, 2], 0, atol=1e-6)
    features[:, 2] += 0.01
    assert gaussians.distances(features)[:, 2].max() < distances[:, [0, 1, 3, 4, 5]].mean()


@pytest.mark.parametrize("kind", [CellGaussians, SharedGaussian])
def test_images_that_are_all_the_same_teach_nothing(kind):
    with pytest.raises(ValueError, match="nothing to learn"):
        kind.fit(stored(np.ones((5, CELLS, CHANNELS), np.float32)))


@pytest.mark.parametrize("fit", [CellGaussians.fit, SharedGaussian.fit])
def test_fitting_takes_little_memory(fit):
    rng = np.random.default_rng(0)
    store = stored((rng.standard_normal((784, 100), np.float32) for _ in range(300)), 784, 100)
    tracemalloc.start()
    try:
        gaussians = fit(store)
        for _ in gaussians.held_out(store, np.arange(300) // 30):
            pass
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 300 * MEGABYTE


def test_a_store_that_nobody_closes_ends_without_a_warning():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        store = CellStore(CELLS, CHANNELS)
        store.append(np.ones((CELLS, CHANNELS), np.float32))
        del store
        gc.collect()
    assert [str(one.message) for one in caught] == []
