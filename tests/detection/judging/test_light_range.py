"""A model knows in which light it can judge, and a dark defect is no other light."""

from dataclasses import replace

import numpy as np
import pytest

from anomaly_gui.detection.images.variants.light import Light, stack_lights
from anomaly_gui.detection.images.variants.relighting import Relighting
from anomaly_gui.detection.judging.light_range import LightRange, fit_light_range

RNG = np.random.default_rng(0)
GOOD = [RNG.integers(40 + index, 180 + index, (32, 32, 3), np.uint8) for index in range(10)]
LEARNED = LightRange.from_lights(stack_lights([Light.from_pixels(one) for one in GOOD]))
ENDING = replace(LEARNED, ends=(0.3, 0.3, 0.2))


def _relight(exposure, pixels=GOOD[4]):
    return Light.from_pixels(Relighting(exposure=exposure).apply(pixels))


@pytest.mark.parametrize(
    ("exposure", "said"),
    [
        (0.6, "is 40 % darker than the good parts"),
        (0.9, None),
        (1.0, None),
        (1.2, None),
        (1.45, "is 45 % brighter than the good parts"),
    ],
)
def test_what_is_too_dark_or_bright_is_said(exposure, said):
    assert ENDING.find_objection(_relight(exposure)) == said


def test_clipping_is_said_and_a_white_thing_is_none():
    pixels = GOOD[4].copy()
    pixels[:12] = 255
    assert ENDING.find_objection(Light.from_pixels(pixels)) is None
    brighter = np.where(pixels < 255, (pixels * 1.15).astype(np.uint8), pixels)
    assert ENDING.find_objection(Light.from_pixels(brighter)) == (
        "is over-exposed: 38 % of it is white, of the good parts 0 % at most"
    )


def test_a_large_dark_or_bright_defect_is_no_other_light():
    for level in (0, 5, 240):
        pixels = GOOD[4].copy()
        pixels[:20] = level
        assert ENDING.find_objection(Light.from_pixels(pixels)) is None


def test_a_range_that_ends_nowhere_objects_to_nothing():
    for exposure in (0.1, 3.0):
        assert LEARNED.find_objection(_relight(exposure)) is None


def test_black_grounds_and_white_ones_tell_no_light():
    dark, white = np.zeros((32, 32, 3), np.uint8), np.full((32, 32, 3), 255, np.uint8)
    for pixels in (dark, white):
        learned = replace(
            LightRange.from_lights(stack_lights([Light.from_pixels(pixels)])), ends=(0.1, 0.1, 0.1)
        )
        assert learned.find_objection(Light.from_pixels(pixels)) is None


def _fit(rejects):
    exposures = np.exp(np.linspace(np.log(0.5), np.log(2), 60))
    lights = stack_lights([_relight(exposure) for exposure in exposures])
    good = stack_lights([Light.from_pixels(one) for one in GOOD])
    return fit_light_range(good, lights, np.array([rejects(exposure) for exposure in exposures]))


def test_the_range_ends_where_good_images_are_rejected():
    found = _fit(lambda exposure: exposure < 0.7 or exposure > 1.6)
    darker, brighter, _ = found.ends
    assert np.exp(-darker) * LEARNED.low[2] == pytest.approx(0.7 * LEARNED.usual[2], rel=0.1)
    assert found.find_objection(_relight(0.65)) == "is 35 % darker than the good parts"
    assert found.find_objection(_relight(0.75)) is None
    assert found.find_objection(_relight(1.8)) is not None
    assert brighter > 0


def test_a_range_reaches_as_far_as_variants_when_none_is_rejected():
    found = _fit(lambda _: False)
    assert found.find_objection(_relight(0.52)) is None
    assert found.find_objection(_relight(0.4)) == "is 60 % darker than the good parts"


def test_one_odd_variant_ends_nothing():
    found = _fit(lambda exposure: 0.8 < exposure < 0.82)
    assert found.find_objection(_relight(0.6)) is None


def test_few_variants_tell_nothing():
    good = stack_lights([Light.from_pixels(one) for one in GOOD])
    lights = stack_lights([_relight(0.5)] * 3)
    assert fit_light_range(good, lights, np.ones(3, bool)).ends[:2] == (None, None)


def test_where_good_parts_are_dark_and_bright_none_is_too_dark():
    good = stack_lights([_relight(exposure) for exposure in np.linspace(0.7, 1.2, 10)])
    lights = stack_lights([_relight(exposure) for exposure in np.linspace(0.4, 2, 40)])
    assert fit_light_range(good, lights, np.ones(40, bool)).ends[:2] == (None, None)
