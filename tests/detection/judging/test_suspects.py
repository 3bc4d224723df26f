import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anomaly_gui.detection.images.look import Look, stack_looks
from anomaly_gui.detection.judging.suspects import (
    count_most,
    find_by_distance,
    find_by_look,
    find_kinds,
    measure_silhouette,
)


def _looks(count=30, seed=0):
    random = np.random.default_rng(seed)
    return [
        Look.from_pixels(random.normal(120, 30, (64, 64, 3)).clip(0, 255).astype(np.uint8))
        for _ in range(count)
    ]


def _reasons(pixels):
    looks = stack_looks([*_looks(), Look.from_pixels(pixels.astype(np.uint8))])
    return [(suspect.index, suspect.reason) for suspect in find_by_look(looks)]


@pytest.mark.parametrize(
    ("level", "reason"),
    [(0, "is all black"), (255, "is all white"), (90, "is of one grey or colour, without a part")],
)
def test_flat_frames_are_named_as_such(level, reason):
    assert _reasons(np.full((64, 64, 3), level)) == [(30, reason)]


def test_frames_out_of_focus_and_cut_off_are_named_as_such():
    y, x = np.mgrid[:64, :64]
    smooth = 120 + 30 * np.sin(x / 20)[..., None] * np.cos(y / 20)[..., None] * np.ones(3)
    assert _reasons(smooth) == [(30, "is out of focus")]
    cut = np.random.default_rng(1).normal(120, 30, (64, 64, 3)).clip(0, 255)
    cut[40:] = 128
    assert _reasons(cut) == [(30, "ends in an empty area")]


def test_good_images_are_no_suspects_nor_are_dark_margins_that_all_have():
    assert find_by_look(stack_looks(_looks())) == []
    margins = []
    for seed in range(20):
        pixels = np.random.default_rng(seed).normal(120, 30, (64, 64, 3)).clip(0, 255).astype(np.uint8)
        pixels[40 + seed % 3 :] = 0
        margins.append(Look.from_pixels(pixels))
    assert find_by_look(stack_looks(margins)) == []


def _distances(count, seed=0):
    return np.random.default_rng(seed).chisquare(40, count)


def test_a_distance_far_from_all_others_is_named_whatever_it_is():
    for far in (4e2, 1e4, 1e9):
        assert find_by_distance(np.append(_distances(29), far)).tolist() == [29]


def test_no_single_image_hides_another():
    assert find_by_distance(np.concatenate([_distances(38), [5e3, 4e3]])).tolist() == [38, 39]
    assert find_by_distance(np.concatenate([_distances(38), [1e12, 2e3]])).tolist() == [38, 39]


@given(st.integers(20, 300), st.integers(0, 1000))
def test_images_of_one_kind_are_no_suspects(count, seed):
    assert not len(find_by_distance(_distances(count, seed)))


@pytest.mark.parametrize("count", [8, 9, 10, 12, 15])
def test_of_few_images_of_one_kind_one_in_a_hundred_sets_has_a_suspect_at_most(count):
    assert sum(len(find_by_distance(_distances(count, seed))) for seed in range(300)) <= 3


@given(st.lists(st.floats(0, 1e12), max_size=60))
def test_no_more_than_a_tenth_is_named(distances):
    found = find_by_distance(np.array(distances))
    assert len(found) <= count_most(len(distances))
    assert all(0 <= place < len(distances) for place in found)


def test_two_kinds_are_told_and_one_is_not_split():
    random = np.random.default_rng(0)
    one, other = random.normal(0, 1, (40, 8)), random.normal(9, 1, (6, 8))
    assert find_kinds(np.vstack([one, other])).tolist() == [0] * 40 + [1] * 6
    assert not find_kinds(one).any()
    assert not find_kinds(np.zeros((20, 4))).any()


def test_one_large_feature_makes_no_two_kinds_where_each_is_brought_to_its_own_scale():
    random = np.random.default_rng(0)
    one, other = random.normal(0, 1, (40, 8)), random.normal(9, 1, (6, 8))
    assert find_kinds(np.vstack([one, other]), scale=True).tolist() == [0] * 40 + [1] * 6
    one[:, 0] *= 100
    one[34:, 0] += 500
    assert find_kinds(one).sum() == 6
    assert not find_kinds(one, scale=True).any()
    assert not find_kinds(np.zeros((20, 4)), scale=True).any()


def test_highlights_are_what_one_pixel_in_a_hundred_exceeds():
    grey = np.random.default_rng(3).permutation(10_000).reshape(100, 100) % 200
    pixels = np.repeat(grey[..., None], 3, 2).astype(np.uint8)
    assert (pixels[..., 0] > Look.from_pixels(pixels).highlights).mean() == pytest.approx(0.005, abs=0.005)
    darker = (pixels * 0.85).astype(np.uint8)
    assert Look.from_pixels(darker).highlights == pytest.approx(
        0.85 * Look.from_pixels(pixels).highlights, rel=0.01
    )
    assert Look.from_pixels(np.full((3, 3, 3), 7, np.uint8)).highlights == 7


def test_brightness_is_the_mean_of_the_channels():
    pixels = np.random.default_rng(0).integers(0, 256, (32, 48, 3), np.uint8)
    look, grey = Look.from_pixels(pixels), pixels.mean(axis=2, dtype=np.float32)
    assert look.brightness == round(float(grey.mean()), 3)
    assert look.contrast == round(float(grey.std()), 4)


@pytest.mark.parametrize("odd", [1, 2, 9])
def test_the_silhouette_is_that_of_scikit_learn(odd):
    from sklearn.metrics import silhouette_score

    random = np.random.default_rng(odd)
    vectors = np.vstack([random.normal(5, 1, (30, 6)), random.normal(7, 2, (odd, 6))]).astype(np.float32)
    labels = np.repeat([0, 1], [30, odd])
    assert measure_silhouette(vectors, labels) == pytest.approx(silhouette_score(vectors, labels), abs=1e-5)
    assert measure_silhouette(np.zeros((8, 3)), np.repeat([0, 1], 4)) == 0
