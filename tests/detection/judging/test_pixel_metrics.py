import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.ndimage import label
from sklearn.metrics import roc_auc_score

from anomaly_gui.detection.detectors.anomaly_maps import stretch_map
from anomaly_gui.detection.judging.pixel_metrics import FPR_LIMIT, PixelHistogram

NEAR = 1e-3
SIDE = 400


def exact_auroc(maps, masks):
    values = np.unique(np.concatenate([map_.ravel() for map_ in maps]), return_inverse=True)[1]
    return roc_auc_score(np.concatenate([mask.ravel() for mask in masks]), values)


def exact_aupro(maps, masks):
    """From the definition: threshold after threshold, region after region."""
    regions = []
    for map_, mask in zip(maps, masks, strict=True):
        numbers, count = label(mask, np.ones((3, 3)))
        regions += [np.sort(map_[numbers == number]) for number in range(1, count + 1)]
    normal = np.sort(np.concatenate([map_[~mask] for map_, mask in zip(maps, masks, strict=True)]))
    thresholds = np.unique(np.concatenate([map_.ravel() for map_ in maps]))[::-1]
    rate = np.append(0, [found(normal, thresholds)])
    overlap = np.append(0, np.mean([found(region, thresholds) for region in regions], axis=0))
    last = int(np.searchsorted(rate, FPR_LIMIT, side="right")) - 1
    area = np.sum(np.diff(rate[: last + 1]) * (overlap[1 : last + 1] + overlap[:last]) / 2)
    if rate[last] < FPR_LIMIT:
        slope = (overlap[last + 1] - overlap[last]) / (rate[last + 1] - rate[last])
        rest = FPR_LIMIT - rate[last]
        area += rest * (overlap[last] + slope * rest / 2)
    return area / FPR_LIMIT


def halved(maps):
    """Return maps as they are counted: float16, nothing beyond its range."""
    most = np.finfo(np.float16).max
    return [np.clip(map_, -most, most).astype(np.float16).astype(np.float32) for map_ in maps]


def found(in_order, thresholds):
    """The share of values at or above each threshold."""
    return 1 - np.searchsorted(in_order, thresholds, side="left") / len(in_order)


def counted(maps, masks):
    histogram = PixelHistogram()
    for map_, mask in zip(maps, masks, strict=True):
        histogram.add(map_, mask)
    return histogram


def defects(rng, side=SIDE):
    """Some regions from a few pixels to a tenth of the image, some touching by corners."""
    mask = np.zeros((side, side), bool)
    for _ in range(6):
        y, x = rng.integers(0, side, 2)
        height, width = rng.integers(1, side // 3, 2)
        mask[y : y + height, x : x + width] = True
    return mask


def made(rng, draw, images=4):
    """Return maps of `draw` and their masks, the last image normal."""
    masks = [defects(rng) for _ in range(images - 1)] + [np.zeros((SIDE, SIDE), bool)]
    return [draw(rng, mask).astype(np.float32) for mask in masks], masks


HARD = {
    "normal": lambda rng, mask: rng.normal(size=mask.shape) + mask,
    "nearly perfect": lambda rng, mask: rng.normal(size=mask.shape) + 5 * mask,
    "inverted": lambda rng, mask: rng.normal(size=mask.shape) - mask,
    "far from zero": lambda rng, mask: 1000 + 0.1 * (rng.normal(size=mask.shape) + mask),
    "negative and far": lambda rng, mask: 3e6 * (rng.normal(size=mask.shape) + mask) - 1e8,
    "tiny": lambda rng, mask: 1e-40 * (rng.normal(size=mask.shape) + mask),
    "huge": lambda rng, mask: 1e37 * (rng.normal(size=mask.shape) + mask),
    "heavy tails": lambda rng, mask: np.exp(8 * rng.normal(size=mask.shape) + 8 * mask),
    "eight bits": lambda rng, mask: np.clip(rng.normal(100, 20, mask.shape) + 20 * mask, 0, 255).round(),
    "two values": lambda rng, mask: (rng.random(mask.shape) + 0.3 * mask > 0.8) * 1.0,
    "mostly zero": lambda rng, mask: np.maximum(rng.normal(size=mask.shape) + mask - 1.5, 0),
    "two scales": lambda rng, mask: np.where(
        rng.random(mask.shape) < 0.5,
        np.exp(20 * rng.normal(size=mask.shape)),
        1000 + 0.1 * (rng.normal(size=mask.shape) + mask),
    ),
    "few pixels decide": lambda rng, mask: rng.normal(size=mask.shape) ** 9 + 0.01 * mask,
}


COARSE = ("far from zero", "heavy tails", "negative and far", "tiny", "huge", "two scales")  # for float16


@pytest.mark.parametrize("kind", HARD)
def test_agrees_with_the_exact_ones_where_values_are_merged(kind):
    maps, masks = made(np.random.default_rng(1), HARD[kind])
    histogram = counted(maps, masks)
    near = 1e-9 if kind in COARSE else NEAR / 10
    compared = halved(maps) if kind in COARSE else maps
    assert histogram.pixel_auroc == pytest.approx(exact_auroc(compared, masks), abs=near)
    assert histogram.aupro == pytest.approx(exact_aupro(compared, masks), abs=near)


def test_maps_as_models_make_them_lose_nothing_by_float16():
    rng = np.random.default_rng(3)
    masks = [defects(rng, 300) if number % 2 else np.zeros((300, 300), bool) for number in range(12)]
    maps = []
    for mask in masks:
        cells = np.abs(rng.normal(0.6, 0.1, (28, 28))) + 0.2 * mask[::11, ::11]
        maps.append(stretch_map(cells.astype(np.float16), 300, 300))
    histogram = counted(maps, masks)
    assert 0.6 < histogram.pixel_auroc < 0.99
    assert histogram.pixel_auroc == pytest.approx(exact_auroc(maps, masks), abs=5e-6)
    assert histogram.aupro == pytest.approx(exact_aupro(maps, masks), abs=5e-6)


@st.composite
def small_sets(draw):
    shape = draw(arrays.array_shapes(min_dims=2, max_dims=2, max_side=7))
    finite = st.floats(width=32, allow_nan=False, allow_infinity=False)
    elements = draw(st.sampled_from([finite, st.sampled_from([-1.0, -0.0, 0.0, 0.5, 1.0])]))
    count = draw(st.integers(1, 4))
    maps = [draw(arrays.arrays(np.float32, shape, elements=elements)) for _ in range(count)]
    masks = [draw(arrays.arrays(np.bool_, shape)) for _ in range(count)]
    return maps, masks


@settings(deadline=None)
@given(small_sets())
def test_is_exact_for_what_float16_holds(data):
    maps, masks = data
    maps = halved(maps)
    histogram = counted(maps, masks)
    defective = np.concatenate([mask.ravel() for mask in masks])
    if defective.all() or not defective.any():
        assert histogram.pixel_auroc is None and histogram.aupro is None
    else:
        assert histogram.pixel_auroc == pytest.approx(exact_auroc(maps, masks), abs=1e-9)
        assert histogram.aupro == pytest.approx(exact_aupro(maps, masks), abs=1e-9)


@settings(deadline=None)
@given(small_sets())
def test_any_values_count_as_the_nearest_that_float16_holds(data):
    maps, masks = data
    histogram, expected = counted(maps, masks), counted(halved(maps), masks)
    np.testing.assert_array_equal(histogram._counts, expected._counts)
    assert (histogram.pixel_auroc, histogram.aupro) == (expected.pixel_auroc, expected.aupro)


@pytest.mark.parametrize("step", [1, -1])
def test_maps_that_drift_are_counted_as_well(step):
    rng = np.random.default_rng(2)
    masks = [defects(rng, 100) if number % 3 else np.zeros((100, 100), bool) for number in range(40)]
    maps = [number / 10 + rng.normal(size=mask.shape) + mask for number, mask in enumerate(masks)]
    maps = [map_.astype(np.float32) for map_ in maps]
    histogram = counted(maps[::step], masks[::step])
    assert histogram.pixel_auroc == pytest.approx(exact_auroc(maps, masks), abs=NEAR / 10)
    assert histogram.aupro == pytest.approx(exact_aupro(maps, masks), abs=NEAR / 10)


def test_the_linear_part_at_the_limit():
    normal = np.zeros((1, 10), np.float32)
    normal[0, 9] = 1  # a tenth of the normal pixels, and half of the region, lie above
    histogram = counted([normal, np.array([[1, 0]])], [np.zeros((1, 10), bool), np.ones((1, 2), bool)])
    # from (0, 0) to (0.1, 0.5), then towards (1, 1): 0.5 + 0.5 * 0.2 / 0.9 at the limit
    expected = (0.1 * 0.25 + 0.2 * (0.5 + 0.5 * 0.2 / 0.9 / 2)) / 0.3
    assert histogram.aupro == pytest.approx(expected)


def test_every_region_weighs_the_same_and_corners_connect():
    mask = np.zeros((20, 20), bool)
    mask[0:10, 0:10] = True
    mask[10, 10] = True  # of the same region
    mask[15, 15] = True
    only_large = np.zeros((20, 20), np.float32)
    only_large[:11, :11][mask[:11, :11]] = 1
    # half of the regions at no false positive; the rest is on the line to (1, 1)
    assert counted([only_large], [mask]).aupro == pytest.approx(0.5 + 0.5 * 0.3 / 2)


def test_perfect_and_useless_maps():
    mask = np.eye(30, dtype=bool)
    assert counted([mask.astype(np.float32)], [mask]).aupro == pytest.approx(1)
    assert counted([-mask.astype(np.float32)], [mask]).aupro == pytest.approx(0)
    flat = counted([np.ones((30, 30), np.float32)], [mask])
    assert (flat.pixel_auroc, flat.aupro) == pytest.approx((0.5, FPR_LIMIT / 2))


def test_memory_does_not_grow_with_the_images():
    rng = np.random.default_rng(0)
    histogram = PixelHistogram()
    before = histogram._counts.shape
    for _ in range(20):
        histogram.add(rng.normal(size=(100, 100)).astype(np.float32), rng.random((100, 100)) < 0.1)
    assert histogram._counts.shape == before == (3, 65_536)
    assert histogram._counts[:2].sum() == 20 * 100 * 100


def test_large_images_are_counted_in_parts(monkeypatch):
    rng = np.random.default_rng(0)
    map_, mask = rng.normal(size=(50, 40)).astype(np.float32), defects(rng, 50)[:, :40]
    whole = counted([map_], [mask])
    monkeypatch.setattr("anomaly_gui.detection.judging.pixel_metrics._PIXELS_AT_ONCE", 333)
    parts = counted([map_], [mask])
    assert (parts.pixel_auroc, parts.aupro) == pytest.approx((whole.pixel_auroc, whole.aupro))


def test_nothing_has_no_value():
    assert PixelHistogram().pixel_auroc is None and PixelHistogram().aupro is None


@pytest.mark.parametrize(
    ("map_shape", "mask_shape"), [((4, 5), (5, 4)), ((4, 5), (1, 5)), ((20,), (20,)), ((4, 5, 1), (4, 5, 1))]
)
def test_shapes_that_do_not_fit_are_refused(map_shape, mask_shape):
    with pytest.raises(ValueError, match="does not fit"):
        PixelHistogram().add(np.zeros(map_shape, np.float32), np.zeros(mask_shape, bool))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300])
def test_what_is_not_finite_is_refused_and_not_counted(value):
    histogram = counted([np.eye(3)], [np.eye(3, dtype=bool)])
    with pytest.raises(ValueError, match="not finite"):
        histogram.add(np.full((3, 3), value), np.zeros((3, 3), bool))
    assert histogram.pixel_auroc == 1 and histogram._counts[:2].sum() == 9
