from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter
from scipy.fft import irfft2
from sklearn.metrics import adjusted_rand_score

from anomaly_gui.detection.groups import check_rule, group_images
from anomaly_gui.detection.images import DETAIL_SIDE
from anomaly_gui.detection.near_copies import correlations, fine_grain, near_copies
from anomaly_gui.detection.row_store import RowStore
from anomaly_gui.errors import ParameterError

PARTS = 30


def _parts():
    """Parts of one make (the same frame and bars), each with a grain of its own."""
    rng = np.random.default_rng(0)
    make = np.full((240, 240), 120.0)
    make[60:66] = make[170:176] = make[:8] = make[:, -8:] = 40
    for _ in range(PARTS):
        grain = Image.fromarray(rng.normal(128, 60, (240, 240)).clip(0, 255).astype(np.uint8))
        yield make + 0.5 * (np.asarray(grain.filter(ImageFilter.GaussianBlur(1))).astype(float) - 128)


def _shot(part, rng):
    dy, dx = rng.integers(-4, 5, 2)
    moved = np.roll(part, (dy, dx), (0, 1))[8:-8, 8:-8] * rng.uniform(0.75, 1.3) + rng.normal(
        0, 2, (224, 224)
    )
    return np.asarray(Image.fromarray(moved.clip(0, 255).astype(np.uint8)).resize((DETAIL_SIDE, DETAIL_SIDE)))


def _burst():
    rng = np.random.default_rng(1)
    shots, parts = [], []
    for number, part in enumerate(_parts()):
        for _ in range(rng.integers(1, 5)):
            shots.append(_shot(part, rng))
            parts.append(number)
    features = np.stack([np.asarray(Image.fromarray(s).resize((8, 8))).ravel() for s in shots]).astype(float)
    return [fine_grain(shot) for shot in shots], features, np.array(parts)


def _paths(count):
    return [Path("folder") / f"image_{index}.png" for index in range(count)]


def test_shots_of_one_part_are_grouped_through_exposure_noise_and_shift():
    grains, features, parts = _burst()
    groups = group_images("auto", _paths(len(parts)), features, grains)
    assert adjusted_rand_score(parts, groups.numbers) > 0.95
    assert str(groups).startswith(f"{len(parts)} images of {groups.count} parts")
    assert groups.weights.sum() == pytest.approx(groups.count)


def test_parts_of_one_make_are_not_joined():
    rng = np.random.default_rng(2)
    shots = [_shot(part, rng) for part in _parts()]
    groups = group_images("auto", _paths(PARTS), rng.normal(size=(PARTS, 8)), [fine_grain(s) for s in shots])
    assert groups.count == PARTS


def test_too_small_to_tell_is_said():
    groups = group_images("auto", _paths(4), np.zeros((4, 3)), [None] * 4)
    assert groups.count == 4
    assert "taken to be independent" in groups.method


def _compared():
    down = np.abs(np.fft.fftfreq(DETAIL_SIDE) * DETAIL_SIDE)[:, None]
    across = np.arange(DETAIL_SIDE // 2 + 1)[None]
    radius = np.hypot(down, across)
    return (radius >= 16) & (radius <= 88) & (np.minimum(down, across) >= 8)


def _by_whole_transforms(grains, pairs, side=178, reach=9):
    """Correlations by inverse transforms of the whole surface."""
    phasors = np.exp(2j * np.pi * grains / 256)
    phasors -= phasors.mean(axis=0)
    phasors /= np.linalg.norm(phasors, axis=1, keepdims=True)
    rows, columns = np.nonzero(_compared())
    rows = np.where(rows > DETAIL_SIDE // 2, rows - DETAIL_SIDE, rows) % side
    near = np.r_[-reach : reach + 1]
    peaks = []
    for left, right in pairs:
        spectrum = np.zeros((side, side // 2 + 1), complex)
        spectrum[rows, columns] = phasors[left] * phasors[right].conj()
        peaks.append((irfft2(spectrum, s=(side, side)) * side**2 / 2)[near][:, near].max())
    return np.array(peaks)


def _shifted(grain, down, right):
    rows, columns = np.nonzero(_compared())
    rows = np.where(rows > DETAIL_SIDE // 2, rows - DETAIL_SIDE, rows)
    return (grain + np.rint(256 * (rows * down + columns * right) / 178)).astype(np.int64).astype(np.uint8)


def test_correlations_are_those_of_whole_inverse_transforms():
    rng = np.random.default_rng(0)
    grains = rng.integers(0, 256, (40, int(_compared().sum())), dtype=np.uint8)
    grains[1], grains[2], grains[3] = (
        _shifted(grains[0].astype(float), *by) for by in ((9, -4), (-2, 7), (10, 0))
    )
    pairs = np.concatenate([[[0, 1], [2, 0], [0, 3], [1, 2]], rng.integers(4, 40, (300, 2))])
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    found = correlations(grains, pairs)
    np.testing.assert_allclose(found, _by_whole_transforms(grains, pairs), atol=1e-4)
    assert found[:2].min() > 0.95
    assert found[2] < 0.2  # beyond the shifts looked at


def test_rows_on_disk_are_grouped_as_images_in_memory(tmp_path):
    grains, features, _ = _burst()
    grains[3] = grains[7] = None
    known = np.array([grain is not None for grain in grains])
    expected = near_copies(features, grains)
    on_disk = np.memmap(tmp_path / "grains", np.uint8, "w+", shape=(len(grains), len(grains[0])))
    store = RowStore(features.shape[1], np.float32)
    for row, grain, vector in zip(on_disk, grains, features, strict=True):
        row[:] = 77 if grain is None else grain
        store.append(vector)
    np.testing.assert_array_equal(near_copies(store, on_disk, known), expected)
    assert len(expected) > PARTS
    groups = group_images("auto", _paths(len(grains)), store, on_disk, known)
    assert f"among {len(grains) - 2} of them" in str(groups)


def test_names_and_folders_make_groups():
    paths = [Path("x/p1_a.png"), Path("x/p1_b.png"), Path("y/p2_a.png"), Path("y/other.png")]
    none = [None] * 4
    by_name = group_images(r"(p\d+)_", paths, np.zeros((4, 3)), none)
    assert by_name.numbers.tolist() == [0, 0, 1, 2]
    assert group_images("folder", paths, np.zeros((4, 3)), none).numbers.tolist() == [0, 0, 1, 1]
    assert group_images("none", paths, np.zeros((4, 3)), none).count == 4


def test_rule_that_is_no_expression():
    with pytest.raises(ParameterError, match="not auto, none, folder or a valid regular expression"):
        check_rule("(")
