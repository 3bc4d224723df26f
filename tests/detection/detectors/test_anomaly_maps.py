import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from anomaly_gui.detection.detectors.anomaly_maps import (
    REGION_SIDE,
    AnomalyMap,
    fill_maps,
    find_regions,
    smooth_maps,
    stretch_map,
)

SHAPES = st.tuples(st.integers(4, 40), st.integers(4, 40)) | st.integers(8, 40).map(lambda n: (n, n))
VALUES = st.floats(0, 4, width=16) | st.sampled_from([0.0, 1.0, 1.5, 60000.0])
MAPS = SHAPES.flatmap(lambda shape: arrays(np.float16, shape, elements=VALUES, fill=st.just(0.0)))
PIXELS = st.integers(1, 5000)


def _map(side=28, **hot):
    values = np.zeros((side, side), np.float32)
    for row, column in hot.get("cells", ()):
        values[row, column] = hot.get("value", 3)
    return values


@given(MAPS, PIXELS, PIXELS)
def test_regions_of_any_map_lie_in_the_image(values, width, height):
    regions = find_regions(values, width, height)
    assert len(regions) <= 50
    for region in regions:
        assert region.x >= 0 and region.y >= 0
        assert region.width >= 1 and region.height >= 1
        assert region.x + region.width <= width
        assert region.y + region.height <= height
        assert region.area >= 1
    peaks = [region.peak for region in regions]
    assert peaks == sorted(peaks, reverse=True)


@given(MAPS, st.integers(REGION_SIDE, 5000), st.integers(REGION_SIDE, 5000))
def test_no_region_is_larger_than_its_box_or_all_of_them_than_the_image(values, width, height):
    regions = find_regions(values, width, height)
    for region in regions:
        assert region.area <= region.width * region.height + 1
    assert sum(region.area for region in regions) <= width * height + len(regions)


@given(MAPS, PIXELS, PIXELS)
def test_regions_are_above_the_level_and_below_the_highest_value(values, width, height):
    for region in find_regions(values, width, height):
        assert 1 <= region.peak <= values.max() * (1 + 1e-5) + 1e-4


@given(MAPS.map(lambda values: np.minimum(values, 1)), PIXELS, PIXELS)
def test_there_is_no_region_where_nothing_exceeds_the_level(values, width, height):
    assert find_regions(values, width, height) == ()
    assert AnomalyMap.of(values, width, height).regions == ()


@given(MAPS, st.integers(1, 300), st.integers(1, 300))
def test_stretching_keeps_the_range(values, width, height):
    pixels = stretch_map(values, width, height)
    assert pixels.shape == (height, width)
    assert pixels.dtype == np.float32
    assert pixels.min() >= values.min() * (1 - 1e-5)
    assert pixels.max() <= values.max() * (1 + 1e-5)


@given(MAPS)
def test_stretching_to_its_own_size_changes_nothing(values):
    rows, columns = values.shape
    np.testing.assert_array_equal(stretch_map(values, columns, rows), values.astype(np.float32))


@pytest.mark.parametrize(("width", "height"), [(224, 224), (1000, 500), (300, 900), (56, 28)])
def test_a_region_is_where_the_cells_are_hot(width, height):
    values = _map(cells=[(row, column) for row in (4, 5, 6) for column in (20, 21)])
    (region,) = find_regions(values, width, height)
    assert region.peak == 3
    left, right, top, bottom = (
        region.x / width * 28,
        (region.x + region.width) / width * 28,
        region.y / height * 28,
        (region.y + region.height) / height * 28,
    )
    np.testing.assert_allclose((left, right, top, bottom), (20, 22, 4, 7), atol=1.01)
    assert left <= 20.5 and right >= 21.5 and top <= 4.5 and bottom >= 6.5
    assert region.area == pytest.approx(6 * width * height / 28**2, rel=0.35)


def test_regions_that_touch_at_a_corner_are_one_and_others_are_told_apart():
    near = _map(cells=[(4, 4), (5, 5)])
    far = _map(cells=[(4, 4), (5, 5), (20, 3)])
    assert len(find_regions(near, 224, 224)) == 1
    assert len(find_regions(far, 224, 224)) == 2


def test_the_highest_fifty_regions_are_told():
    values = np.zeros((40, 40), np.float32)
    values[::4, ::4] = np.linspace(2, 4, 100).reshape(10, 10)
    regions = find_regions(values, 400, 400)
    assert len(regions) == 50
    assert regions[0].peak == pytest.approx(4, rel=0.1)
    assert regions[-1].peak > 2.5


@pytest.mark.parametrize("place", [(0, 0), (0, 27), (27, 0), (27, 27)])
def test_a_region_in_a_corner_reaches_the_corner(place):
    (region,) = find_regions(_map(cells=[place]), 640, 480)
    row, column = place
    assert (region.y == 0) if row == 0 else (region.y + region.height == 480)
    assert (region.x == 0) if column == 0 else (region.x + region.width == 640)


def test_a_map_of_an_image_holds_float16_and_its_size_and_survives_huge_values():
    values = _map(cells=[(3, 3)], value=1e9)
    found = AnomalyMap.of(values, 640, 480)
    assert found.values.dtype == np.float16
    assert np.isfinite(found.values).all()
    assert (found.width, found.height, len(found.regions)) == (640, 480, 1)
    assert found.at_size(64, 48).shape == (48, 64)


@given(arrays(np.float32, (3, 10, 10), elements=st.floats(0, 100, width=32)))
def test_smoothing_keeps_the_range_and_each_map_to_itself(maps):
    smooth = smooth_maps(maps)
    assert smooth.min() >= maps.min() * (1 - 1e-5)
    assert smooth.max() <= maps.max() * (1 + 1e-5)
    np.testing.assert_array_equal(smooth_maps(maps[1:2])[0], smooth[1])


def test_cells_that_do_not_count_are_nought():
    kept = np.zeros(16, np.bool_)
    kept[[1, 6, 15]] = True
    maps = fill_maps(np.array([[1, 2, 3], [4, 5, 6]], np.float32), kept, (4, 4))
    assert maps.shape == (2, 4, 4)
    assert maps.sum() == 21
    assert (maps[1, 0, 1], maps[1, 1, 2], maps[1, 3, 3]) == (4, 5, 6)
    wide = fill_maps(np.array([[1, 2, 3]], np.float32), kept, (2, 8))
    assert (wide.shape, wide[0, 0, 1], wide[0, 0, 6], wide[0, 1, 7]) == ((1, 2, 8), 1, 2, 3)


@pytest.mark.parametrize("shape", [(16, 48), (4, 124), (124, 4), (9, 27)])
@pytest.mark.parametrize(("width", "height"), [(600, 200), (200, 600)])
def test_a_hot_cell_of_a_rectangle_is_found_where_it_is(shape, width, height):
    rows, columns = shape
    row, column = rows // 4, columns * 2 // 3
    values = np.zeros(shape, np.float32)
    values[row, column] = 3
    found = AnomalyMap.of(values, width, height)
    (region,) = found.regions
    across, down = width / columns, height / rows
    middle = region.x + region.width / 2, region.y + region.height / 2
    np.testing.assert_allclose(middle[0], (column + 0.5) * across, atol=0.25 * across + 2)
    np.testing.assert_allclose(middle[1], (row + 0.5) * down, atol=0.25 * down + 2)
    assert across - 2 <= region.width <= 2 * across + 4
    assert down - 2 <= region.height <= 2 * down + 4
    assert region.peak == 3
    pixels = found.at_size(width, height)
    assert pixels.shape == (height, width)
    top, left = np.unravel_index(pixels.argmax(), pixels.shape)
    assert region.x <= left <= region.x + region.width
    assert region.y <= top <= region.y + region.height


def test_where_nothing_exceeds_the_level_the_strongest_place_stands_out():
    values = np.full((28, 28), 0.2, np.float32)
    values[20:22, 4:6] = 0.8
    its_map = AnomalyMap.of(values, 280, 280)
    (place,) = its_map.standing_out
    assert its_map.regions == ()
    assert 0.7 < place.peak < 0.9
    assert (abs(place.x - 40) <= 10, abs(place.y - 200) <= 10, place.width <= 40) == (True, True, True)


def test_no_place_stands_out_of_a_map_that_is_raised_all_over_or_did_not_make_the_score():
    raised = np.random.default_rng(0).uniform(0.7, 0.9, (28, 28)).astype(np.float32)
    assert AnomalyMap.of(raised, 99, 50).standing_out == ()
    assert AnomalyMap.of(np.zeros((28, 28), np.float32), 99, 50).standing_out == ()
    spot = 0.1 + _map(cells=[(3, 3)], value=0.8)
    assert AnomalyMap.of(spot, 99, 50).standing_out
    assert AnomalyMap.of(spot, 99, 50, by_places=False).standing_out == ()


@given(MAPS, PIXELS, PIXELS)
def test_regions_above_the_level_are_all_that_stands_out(values, width, height):
    its_map = AnomalyMap.of(values, width, height, by_places=False)
    assert its_map.standing_out == its_map.regions
