"""Parts on a plain ground are found to parts of a pixel, turned, told from mirror images, and put back."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parts import draw_hooks, place_on_hook, scatter_hook

from anomaly_gui.detection.images.locating.learning import fit_locator
from anomaly_gui.detection.images.locating.locator import describe_sighting
from anomaly_gui.detection.images.locating.locator_state import (
    collect_arrays,
    describe_locator,
    digest_locator,
    list_sighting,
    restore_locator,
    restore_sighting,
)
from anomaly_gui.detection.images.locating.sheet import (
    PartPose,
    crop_piece,
    find_coefficients,
    invert_coefficients,
    restore_maps,
)
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest, Shape

SIDE = 160
SHAPE = (64, 128)
ANGLES = st.floats(-np.pi, np.pi)
PLACES = st.floats(0.2, 0.8)
POSES = st.builds(PartPose, ANGLES, PLACES, PLACES, st.booleans())


def _fit(lies, **look):
    pictures = [draw_hooks([lie], seed=number, **look) for number, lie in enumerate(lies)]
    return fit_locator(pictures, 1.0, SIDE)


@pytest.fixture(scope="module")
def lies():
    rng = np.random.default_rng(0)
    return [scatter_hook(rng) for _ in range(14)]


@pytest.fixture(scope="module")
def locator(lies):
    return _fit(lies)


def _find_one(locator, picture):
    sighting, surface = locator.find_parts(picture)
    assert sighting.found == 1
    return sighting.poses[0], surface


def _on_template(locator, pose, lie, point, size=(SIDE, SIDE)):
    """Return where a point of the hook is in the template, in pixels of the picture."""
    offset = place_on_hook(point, lie, size) / max(size) - (pose.x, pose.y)
    return np.linalg.inv(pose.matrix) @ offset * max(size)


@pytest.mark.parametrize("slope", [0.0, 0.3])
def test_each_hook_comes_to_lie_on_the_template_to_a_part_of_a_pixel(locator, slope):
    rng = np.random.default_rng(1)
    places = []
    for seed in range(10):
        lie = scatter_hook(rng)
        pose, _ = _find_one(locator, draw_hooks([lie], slope=slope, seed=50 + seed))
        assert not pose.flipped
        places.append([_on_template(locator, pose, lie, corner) for corner in ((-0.3, 0), (0.25, 0.16))])
    apart = np.std(places, axis=0)
    assert apart.max() < 0.5  # also of half turns: those would be 90 pixels apart


def test_a_mirrored_hook_is_another_part_and_it_is_said(locator):
    rng = np.random.default_rng(2)
    for seed in range(3):
        sighting, _ = locator.find_parts(draw_hooks([scatter_hook(rng, mirrored=True)], seed=seed))
        assert sighting.mirrored
        assert not sighting.poses[0].flipped
        assert "mirror image" in describe_sighting(sighting)[0]
    sighting, _ = locator.find_parts(draw_hooks([scatter_hook(rng)], seed=9))
    assert not describe_sighting(sighting)


def test_where_good_parts_lie_on_both_faces_each_is_brought_to_one(lies):
    both = _fit([(*lie[:3], number % 2 == 0) for number, lie in enumerate(lies)])
    assert both.both_faces
    rng = np.random.default_rng(3)
    found = []
    for seed, mirrored in enumerate((True, False, True, False)):
        pose, _ = _find_one(both, draw_hooks([scatter_hook(rng, mirrored)], seed=seed))
        found.append(pose.flipped)
        assert pose.likeness > 0.95
    assert found[0] == found[2] != found[1] == found[3]


def test_an_empty_ground_shows_no_part(locator):
    sighting, _ = locator.find_parts(draw_hooks([], slope=0.3))
    assert (sighting.found, sighting.poses) == (0, (None,))


def test_beyond_the_picture_the_ground_goes_on(locator):
    lie = (0.3, 0.85, 0.5, False)
    picture = draw_hooks([lie], slope=0.2)
    sighting, surface = locator.find_parts(picture)
    box = locator.fit_box(SHAPE)
    pose = PartPose(0.3, 0.95, 0.5, False)
    crop = crop_piece(picture, pose, box, SHAPE, surface)
    a, b, c, d, e, f = find_coefficients(pose, box, SHAPE, SIDE)
    x, y = np.meshgrid(np.arange(SHAPE[1]) + 0.5, np.arange(SHAPE[0]) + 0.5)
    beyond = (a * x + b * y + c > SIDE + 1) | (d * x + e * y + f > SIDE + 1)
    assert sighting.found == 1
    assert beyond.sum() > 500
    np.testing.assert_allclose(crop[beyond].mean(), 170 * 0.8, atol=6)


def test_the_crop_shows_the_whole_hook_unsqueezed(locator):
    shape = locator.choose_shape(96)
    left, top, right, bottom = locator.fit_box(shape)
    assert shape[0] % 32 == shape[1] % 32 == 0
    assert shape[1] > shape[0]  # the longer side lies across
    assert (right - left) / shape[1] == pytest.approx((bottom - top) / shape[0])
    pose, _ = _find_one(locator, draw_hooks([(1.0, 0.5, 0.5, False)]))
    for corner in ((-0.3, -0.06), (0.3, 0.16)):
        x, y = _on_template(locator, pose, (1.0, 0.5, 0.5, False), corner) / SIDE
        assert left < x < right
        assert top < y < bottom


@settings(deadline=None, max_examples=60)
@given(POSES, st.integers(20, 200), st.integers(20, 200), st.floats(50, 2000))
def test_what_is_cropped_goes_back_to_where_it_was(pose, height, width, longer):
    box = (-0.2, -0.1, 0.22, 0.14)
    there = find_coefficients(pose, box, (height, width), longer)
    back = invert_coefficients(there)
    for x, y in ((0.0, 0.0), (width / 2, height / 3), (width, height)):
        u, v = there[0] * x + there[1] * y + there[2], there[3] * x + there[4] * y + there[5]
        assert back[0] * u + back[1] * v + back[2] == pytest.approx(x, abs=1e-4 * width)
        assert back[3] * u + back[4] * v + back[5] == pytest.approx(y, abs=1e-4 * height)


@settings(deadline=None, max_examples=30)
@given(POSES, st.integers(2, 21), st.integers(2, 5))
def test_a_spot_of_a_map_goes_back_within_two_pixels(pose, column, row):
    box, cells, side = (-0.2, -0.07, 0.2, 0.07), (8, 24), 240
    values = np.zeros((1, *cells), np.float32)
    values[0, row, column] = 1
    whole = restore_maps(values, (pose,), box, (side, side))
    offset = np.array([box[0] + (column + 0.5) / 24 * 0.4, box[1] + (row + 0.5) / 8 * 0.14])
    x, y = ((pose.x, pose.y) + pose.matrix @ offset) * side
    if 4 < x < side - 4 and 4 < y < side - 4:
        rows, columns = np.nonzero(whole > 0.5)
        assert columns.mean() + 0.5 == pytest.approx(x, abs=2)
        assert rows.mean() + 0.5 == pytest.approx(y, abs=2)


def test_nothing_is_marked_beside_the_parts_box(locator):
    sighting, _ = locator.find_parts(draw_hooks([(0.7, 0.5, 0.5, False)]))
    whole = locator.restore_map(np.ones((8, 16), np.float32), sighting, SHAPE)
    left, top, right, bottom = locator.fit_box(SHAPE)
    area = (right - left) * (bottom - top) * whole.size
    assert (whole > 0).sum() == pytest.approx(area, rel=0.05)


@pytest.fixture(scope="module")
def pairs():
    rng = np.random.default_rng(4)
    lies = [
        [(float(rng.uniform(0, 6.28)), x, 0.5 + float(rng.uniform(-0.05, 0.05)), False) for x in (0.27, 0.73)]
        for _ in range(12)
    ]
    pictures = [draw_hooks(two, (240, 160), seed=n, reach=0.5) for n, two in enumerate(lies)]
    return fit_locator(pictures, 1.5, 240)


def test_several_parts_are_each_found_and_put_one_below_the_other(pairs):
    assert pairs.pieces == 2
    two = [(1.0, 0.27, 0.5, False), (4.0, 0.73, 0.5, False)]
    picture = draw_hooks(two, (240, 160), seed=20, reach=0.5)
    sighting, surface = pairs.find_parts(picture)
    assert sighting.found == 2
    sheet = pairs.cut_sheet(picture, sighting, surface, (32, 64))
    assert sheet.shape == (64, 64, 3)
    upper, lower = sheet[:32].astype(float), sheet[32:].astype(float)
    assert np.corrcoef(upper.ravel(), lower.ravel())[0, 1] > 0.95
    whole = pairs.restore_map(np.repeat([[1.0], [2.0]], 4, axis=1).repeat(2, axis=0), sighting, (32, 64))
    right = max(sighting.poses, key=lambda pose: pose.x)
    expected = 1.0 + sighting.poses.index(right)
    assert whole[:, whole.shape[1] // 2 :].max() == pytest.approx(expected)


@pytest.mark.parametrize(("lies", "found", "missing"), [(((1.0, 0.27, 0.5, False),), 1, 1), ((), 0, 2)])
def test_a_missing_part_is_bare_ground_and_it_is_said(pairs, lies, found, missing):
    picture = draw_hooks(lies, (240, 160), seed=21, reach=0.5)
    sighting, surface = pairs.find_parts(picture)
    assert (sighting.found, sighting.poses.count(None)) == (found, missing)
    assert "where the good images show 2" in describe_sighting(sighting)[0]
    sheet = pairs.cut_sheet(picture, sighting, surface, (32, 64))
    assert sheet[32:].std() < 1


def test_of_too_many_parts_those_least_like_the_template_are_judged(pairs):
    picture = draw_hooks(
        [(1.0, 0.2, 0.3, False), (2.0, 0.8, 0.3, False)], (240, 160), seed=22, reach=0.5
    ).copy()
    picture[110:145, 100:135] = 60  # a square
    sighting, _ = pairs.find_parts(picture)
    assert sighting.found == 3
    assert "shows 3 parts where the good images show 2" in describe_sighting(sighting)
    assert any(abs(pose.x * 240 - 117) < 8 and abs(pose.y * 240 - 127) < 8 for pose in sighting.poses)


def test_a_region_follows_the_part(locator):
    lie = (0.0, 0.5, 0.5, False)
    left = RegionOfInterest((Shape("rectangle", ((0.0, 0.0), (0.5, 1.0)), keep=True),))
    pose, _ = _find_one(locator, draw_hooks([lie]))
    anchored = replace(locator, anchors=(pose,))
    region = anchored.draw_region(left, SHAPE)
    turned = (2.5, 0.45, 0.55, False)
    other, _ = _find_one(locator, draw_hooks([turned], seed=30))
    box = locator.fit_box(SHAPE)
    for point, kept in (((-0.2, 0.0), True), ((0.2, 0.0), False)):
        x, y = _on_template(locator, other, turned, point) / SIDE
        column = int((x - box[0]) / (box[2] - box[0]) * SHAPE[1])
        row = int((y - box[1]) / (box[3] - box[1]) * SHAPE[0])
        assert region[row, column] == kept


def test_no_locator_where_there_is_no_plain_ground():
    rng = np.random.default_rng(5)
    noise = [rng.integers(0, 256, (80, 80, 3), np.uint8) for _ in range(12)]
    full = [np.full((80, 80, 3), 100, np.uint8) for _ in range(12)]
    at_the_edge = [draw_hooks([(0.1 * n, 0.1, 0.5, False)], seed=n) for n in range(12)]
    several = [draw_hooks([(n, 0.5, 0.5, False)] * (n % 3), (160, 160), seed=n) for n in range(12)]
    for pictures in (noise, full, at_the_edge, several):
        assert fit_locator(pictures, 1.0, 80) is None


def test_a_locator_is_the_same_after_it_was_stored(locator):
    anchored = replace(locator, anchors=(PartPose(1.0, 0.5, 0.5, True, 0.9),))
    again = restore_locator(describe_locator(anchored), collect_arrays(anchored))
    assert describe_locator(again) == describe_locator(anchored)
    assert digest_locator(again) == digest_locator(anchored) != digest_locator(locator)
    picture = draw_hooks([(2.0, 0.5, 0.45, False)], seed=40)
    assert again.find_parts(picture)[0] == anchored.find_parts(picture)[0]


def test_a_sighting_is_the_same_after_it_was_stored(pairs):
    sighting, _ = pairs.find_parts(draw_hooks([(1.0, 0.3, 0.5, False)], (240, 160), reach=0.5))
    assert restore_sighting(list_sighting(sighting)) == sighting


def test_a_template_without_a_part_is_refused(locator):
    arrays = collect_arrays(locator)
    arrays["template"] = np.zeros_like(arrays["template"])
    with pytest.raises(ValueError, match="no part"):
        restore_locator(describe_locator(locator), arrays)
