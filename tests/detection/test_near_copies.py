from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter
from sklearn.metrics import adjusted_rand_score

from anomaly_gui.detection.groups import check_rule, group_images
from anomaly_gui.detection.images import DETAIL_SIDE
from anomaly_gui.detection.near_copies import fine_grain
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
