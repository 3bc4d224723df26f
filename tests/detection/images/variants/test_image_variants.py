"""The light of an image is told from its levels of grey; its variants are what a camera would have seen."""

import numpy as np
import pytest

from anomaly_gui.detection.images.variants.light import Light, stack_lights
from anomaly_gui.detection.images.variants.nudge import Nudge
from anomaly_gui.detection.images.variants.relighting import Relighting
from anomaly_gui.detection.images.variants.variation import IN_PLACE, draw_variation

RNG = np.random.default_rng(0)
PIXELS = RNG.integers(20, 200, (48, 32, 3), np.uint8)
SHA = "ab" * 32


@pytest.mark.parametrize("number", range(8))
def test_a_variant_hangs_on_bytes_and_number_alone(number):
    variation = draw_variation(SHA, number)
    assert variation == draw_variation(SHA, number)
    assert variation != draw_variation(SHA, number + 1)
    assert variation != draw_variation("cd" * 32, number)
    relit = variation.apply(PIXELS)
    assert relit.shape == PIXELS.shape
    assert relit.dtype == np.uint8
    np.testing.assert_array_equal(relit, variation.apply(PIXELS))


def test_variants_are_darker_and_brighter_alike():
    exposures = np.array([draw_variation(SHA, number).relighting.exposure for number in range(300)])
    assert 0.5 <= exposures.min() < 0.6
    assert 1.7 < exposures.max() <= 2
    assert 0.4 < (exposures < 1).mean() < 0.6


def test_only_later_variants_lie_otherwise():
    for number in range(6):
        assert (draw_variation(SHA, number).nudge is not None) == (number >= IN_PLACE)
    nudged = draw_variation(SHA, IN_PLACE)
    np.testing.assert_array_equal(nudged.apply(PIXELS, in_place=True), nudged.relighting.apply(PIXELS))


def test_a_nudge_turns_and_shifts():
    np.testing.assert_array_equal(Nudge(0.0, (0.0, 0.0)).apply(PIXELS), PIXELS)
    shifted = Nudge(0.0, (0.125, 0.0)).apply(PIXELS)
    np.testing.assert_array_equal(shifted[:, :28], PIXELS[:, 4:])
    line = np.zeros((65, 65, 3), np.uint8)
    line[32] = 255
    turned = Nudge(np.deg2rad(10), (0.0, 0.0)).apply(line)[..., 0]
    assert turned.shape == (65, 65)
    assert turned[32, 32] > 200
    assert abs(int(turned[:, 60].argmax()) - int(turned[:, 4].argmax())) == 10


def test_no_other_light_changes_nothing():
    np.testing.assert_array_equal(Relighting().apply(PIXELS), PIXELS)


def test_exposure_scales_and_clips():
    np.testing.assert_array_equal(Relighting(exposure=0.5).apply(PIXELS), np.rint(PIXELS / 2))
    twice = Relighting(exposure=2.0).apply(PIXELS)
    np.testing.assert_array_equal(twice, np.minimum(PIXELS.astype(int) * 2, 255))


def test_gamma_leaves_black_and_white():
    ends = np.array([[[0, 0, 0], [255, 255, 255], [128, 128, 128]]], np.uint8)
    black, white, middle = Relighting(gamma=1.25).apply(ends)[0, :, 0]
    assert (black, white) == (0, 255)
    assert middle < 128


def test_a_shade_grows_in_its_direction():
    flat = np.full((40, 60, 3), 100, np.uint8)
    across = Relighting(shade=0.2, direction=0.0).apply(flat)
    assert (across[:, 0] == 80).all()
    assert (across[:, -1] == 120).all()
    down = Relighting(shade=0.2, direction=np.pi / 2).apply(flat)
    assert down[0, 0, 0] == 80
    assert down[-1, 0, 0] == 120


def test_levels_and_what_is_clipped_are_measured():
    pixels = np.zeros((10, 10, 3), np.uint8)
    pixels[:3] = 100
    pixels[3] = (255, 10, 10)
    light = Light.from_pixels(pixels)
    assert light.levels[:3] == (0, 0, 0)
    assert light.levels[-1] == 100
    assert light.clipped == 0.1
    assert Light.from_values(light.to_values()) == light
    assert stack_lights([light, light]).shape == (2, 6)


def test_only_counted_pixels_tell_the_light():
    pixels = np.zeros((10, 10, 3), np.uint8)
    pixels[:5] = 200
    counted = np.zeros((10, 10), bool)
    counted[:5] = True
    assert Light.from_pixels(pixels, counted).levels == (200,) * 5
    assert Light.from_pixels(pixels, np.zeros((10, 10), bool)) == Light.from_pixels(pixels)
