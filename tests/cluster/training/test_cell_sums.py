import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anomaly_gui.cluster.training.cell_sums import PlaceSums
from anomaly_gui.detection.arrays.cell_store import CellStore

CELLS, CHANNELS = 6, 4


def _store(images):
    store = CellStore(images.shape[1], images.shape[2])
    for image in images:
        store.append(image)
    return store


@given(
    sizes=st.lists(st.integers(0, 12), min_size=1, max_size=8).filter(lambda sizes: sum(sizes) >= 3),
    away=st.floats(-4, 4),
    seed=st.integers(0, 100),
)
def test_merged_parts_tell_what_one_pass_over_all_images_tells(sizes, away, seed):
    random = np.random.default_rng(seed)
    images = random.normal(2, 1, (sum(sizes), CELLS, CHANNELS)).astype(np.float16)
    shift = images[0].astype(np.float64) + away
    parts = [PlaceSums.from_store(_store(part), shift) for part in np.split(images, np.cumsum(sizes)[:-1])]
    merged = parts[0]
    for part in parts[1:]:
        merged = merged.merge(part)
    means, covariances = merged.find_moments()
    whole = images.astype(np.float64)
    expected = np.stack([np.cov(whole[:, cell].T, bias=True) for cell in range(CELLS)])
    np.testing.assert_allclose(means, whole.mean(axis=0), rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(covariances, expected, rtol=1e-10, atol=1e-10)


def test_sums_hold_one_triangle_of_each_cell():
    images = np.random.default_rng(0).normal(2, 1, (9, CELLS, CHANNELS)).astype(np.float16)
    sums = PlaceSums.from_store(_store(images), np.zeros((CELLS, CHANNELS)))
    assert sums.scatter.shape == (CELLS, CHANNELS * (CHANNELS + 1) // 2)
    covariances = sums.find_moments()[1]
    assert np.array_equal(covariances, covariances.transpose(0, 2, 1))
