from functools import cache

import numpy as np
import pytest
from parts import DOT, arrow, place_on_arrow
from PIL import Image

from anomaly_gui.detection.images.alignment import TEMPLATE_SIDE, Alignment, Pose, fit_alignment

READ = 171  # pixels an image is read at for an input of 128
SIZES = [(240, 240), (240, 160), (160, 240)]


def squeezed(pixels, side=READ):
    """Return an image as reading gives it: a square, its aspect not kept."""
    return np.asarray(Image.fromarray(pixels).resize((side, side), Image.Resampling.BILINEAR))


def _lies(count, most_shift, seed=1):
    rng = np.random.default_rng(seed)
    return [(rng.uniform(0, 2 * np.pi), tuple(rng.uniform(-most_shift, most_shift, 2))) for _ in range(count)]


@cache
def _fitted(size, most_shift):
    """Return how arrows lie, their images, and the alignment fitted to them."""
    lies = _lies(18, most_shift)
    images = [squeezed(arrow(*lie, size, seed)) for seed, lie in enumerate(lies)]
    return lies, images, fit_alignment(images, size[0] / size[1])


def _apart(angles):
    """Return how far angles are from their mean, in degrees."""
    turned = np.exp(1j * np.asarray(angles))
    return np.degrees(np.abs(np.angle(turned / turned.mean())))


def _likeness(images):
    """Return the mean correlation of images with their mean."""
    flat = np.stack([image[..., 0].ravel().astype(float) for image in images])
    mean = flat.mean(axis=0)
    return np.mean([np.corrcoef(one, mean)[0, 1] for one in flat])


@pytest.mark.parametrize("most_shift", [0, 0.04])
@pytest.mark.parametrize("size", SIZES)
def test_the_pose_follows_the_part(size, most_shift):
    lies, images, alignment = _fitted(size, most_shift)
    angles = [alignment.find_pose(image).angle for image in images]
    assert _apart([angle - direction for angle, (direction, _) in zip(angles, lies, strict=True)]).max() < 2


@pytest.mark.parametrize("size", SIZES)
def test_parts_it_was_not_fitted_to_are_posed_as_well(size):
    lies, images, alignment = _fitted(size, 0.04)
    new = _lies(6, 0.04, seed=2)
    images = images + [squeezed(arrow(*lie, size, 100 + seed)) for seed, lie in enumerate(new)]
    turns = [
        alignment.find_pose(image).angle - direction
        for image, (direction, _) in zip(images, lies + new, strict=True)
    ]
    assert _apart(turns).max() < 2


@pytest.mark.parametrize("most_shift", [0, 0.04])
@pytest.mark.parametrize("size", SIZES)
def test_parts_are_brought_into_one_pose_in_their_true_shape(size, most_shift):
    _, images, alignment = _fitted(size, most_shift)
    placed = [alignment.apply_pose(image, alignment.find_pose(image), 128) for image in images]
    assert {image.shape for image in placed} == {(128, 128, 3)}
    assert _likeness(placed) > 0.96
    assert _likeness(images) < 0.8


def test_shifts_are_looked_for_only_where_parts_are_shifted():
    assert not _fitted((240, 240), 0)[2].shifts
    assert _fitted((240, 240), 0.04)[2].shifts


def test_of_parts_that_are_only_turned_no_shift_is_told():
    _, images, alignment = _fitted((240, 240), 0)
    assert {alignment.find_pose(image).shift for image in images} == {(0.0, 0.0)}


def test_the_shift_follows_the_part():
    lies, images, alignment = _fitted((240, 160), 0.04)
    told = []  # where the middle of the arrow lies once placed, as each pose tells it
    for image, (_, shift) in zip(images, lies, strict=True):
        pose = alignment.find_pose(image)
        x, y = np.array(shift) - np.array(pose.shift)
        cosine, sine = np.cos(pose.angle), np.sin(pose.angle)
        told.append((cosine * x + sine * y, cosine * y - sine * x))
    assert np.ptp(told, axis=0).max() < 0.03


def test_the_same_images_give_the_same_alignment():
    _, images, alignment = _fitted((240, 240), 0.04)
    again = fit_alignment(images, 1.0)
    np.testing.assert_array_equal(again.template, alignment.template)
    assert (again.shifts, again.aspect) == (alignment.shifts, alignment.aspect)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("point", [(0.3, 0), DOT, (-0.28, 0.0), (0.05, -0.03)])
def test_a_hot_cell_is_restored_to_where_it_was_in_the_image(size, point):
    _, _, alignment = _fitted(size, 0.04)
    cells = 16
    for seed, (direction, shift) in enumerate(_lies(6, 0.1, seed=3)):
        plain = squeezed(arrow(direction, shift, size, seed))
        marked = squeezed(arrow(direction, shift, size, seed, marked=point))
        pose = alignment.find_pose(plain)
        seen = np.abs(
            alignment.apply_pose(plain, pose, 128).astype(float) - alignment.apply_pose(marked, pose, 128)
        ).sum(axis=2)
        row, column = np.unravel_index(seen.argmax(), seen.shape)
        values = np.zeros((cells, cells), np.float32)
        values[row * cells // 128, column * cells // 128] = 1
        restored = alignment.restore_map(values, pose, 2 * cells)
        assert restored.shape == (2 * cells, 2 * cells)
        rows, columns = np.indices(restored.shape) + 0.5
        centre = np.array([(columns * restored).sum(), (rows * restored).sum()]) / restored.sum() / 2
        expected = place_on_arrow(point, direction, shift, size) / np.array(size) * cells
        assert np.abs(centre - expected).max() < 1.5


@pytest.mark.parametrize("aspect", [1.0, 1.5, 2 / 3])
def test_a_map_and_an_image_in_pose_are_not_moved(aspect):
    alignment = Alignment(_fitted((240, 240), 0)[2].template, False, aspect)
    values = np.zeros((16, 16), np.float32)
    values[7:9, 7:9] = 1
    restored = alignment.restore_map(values, Pose(0.0, (0.0, 0.0)), 16)
    for axis in (0, 1):
        np.testing.assert_allclose(restored, np.flip(restored, axis), atol=1e-5)
    if aspect == 1:
        np.testing.assert_allclose(restored, values, atol=1e-5)


def test_a_restored_map_stays_within_the_values_of_the_map():
    alignment = _fitted((240, 160), 0.04)[2]
    values = np.random.default_rng(0).uniform(0, 3, (16, 16)).astype(np.float32)
    for direction, shift in _lies(5, 0.1, seed=4):
        restored = alignment.restore_map(values, Pose(direction, shift), 32)
        assert restored.min() >= 0
        assert restored.max() <= values.max() + 1e-5


def _grey(values):
    return np.repeat(np.asarray(values, np.uint8)[..., None], 3, axis=2)


_OUT = np.abs(np.mgrid[:READ, :READ] - READ / 2)
PLAIN = {
    "blank": [_grey(np.full((READ, READ), 128))] * 4,
    "black": [_grey(np.zeros((READ, READ)))] * 4,
    "round": [_grey(200 * (np.hypot(*_OUT) < 50))] * 4,
    "a cross": [_grey(200 * (_OUT.min(axis=0) < 20) * (_OUT.max(axis=0) < 60))] * 4,
    "noise": list(np.random.default_rng(0).integers(0, 256, (4, READ, READ, 3), np.uint8)),
    "one": [np.random.default_rng(0).integers(0, 256, (READ, READ, 3), np.uint8)],
}


@pytest.mark.parametrize("aspect", [1.0, 1.5])
@pytest.mark.parametrize("kind", PLAIN)
def test_parts_without_a_direction_do_no_harm(kind, aspect):
    alignment = fit_alignment(PLAIN[kind], aspect)
    assert alignment.template.shape == (TEMPLATE_SIDE, TEMPLATE_SIDE)
    assert np.isfinite(alignment.template).all()
    for image in PLAIN[kind]:
        pose = alignment.find_pose(image)
        assert np.isfinite([pose.angle, *pose.shift]).all()
        assert alignment.apply_pose(image, pose, 128).shape == (128, 128, 3)
        assert np.isfinite(alignment.restore_map(np.ones((16, 16), np.float32), pose, 32)).all()
    assert np.isfinite(alignment.find_pose(PLAIN["black"][0]).angle)
