"""The light of an image is told from its levels of grey; its variants are what a camera would have seen."""

import numpy as np
import pytest

from anomaly_gui.detection.images.lighting.light import Light, stack_lights
from anomaly_gui.detection.images.lighting.relighting import Relighting, draw_relighting

RNG = np.random.default_rng(0)
PIXELS = RNG.integers(20, 200, (48, 32, 3), np.uint8)
SHA = "ab" * 32


@pytest.mark.parametrize("number", range(8))
def test_a_variant_hangs_on_bytes_and_number_alone(number):
    relighting = draw_relighting(SHA, number)
    assert relighting == draw_relighting(SHA, number)
    assert relighting != draw_relighting(SHA, number + 1)
    assert relighting != draw_relighting("cd" * 32, number)
    relit = relighting.apply(PIXELS)
    assert relit.shape == PIXELS.shape
    assert relit.dtype == np.uint8
    np.testing.assert_array_equal(relit, relighting.apply(PIXELS))


def test_variants_are_darker_and_brighter_alike():
    exposures = np.array([draw_relighting(SHA, number).exposure for number in range(300)])
    assert 0.5 <= exposures.min() < 0.6
    assert 1.7 < exposures.max() <= 2
    assert 0.4 < (exposures < 1).mean() < 0.6


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
