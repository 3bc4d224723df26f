"""What a plan takes of images that are no squares."""

import json
from dataclasses import replace

import numpy as np
import pytest

from anomaly_gui.detection.features.cached_features import describe_recipe
from anomaly_gui.detection.features.plan import Grid, Plan
from anomaly_gui.detection.images.alignment import TEMPLATE_SIDE, Alignment
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest, Shape
from anomaly_gui.detection.learning.plan_networks import RawPixels
from anomaly_gui.detection.settings.feature_settings import FeatureSettings
from anomaly_gui.detection.settings.grid_settings import GridSettings

TALL = FeatureSettings(proportions=2.5)
GRID = Grid.from_settings(GridSettings(proportions=2.5))
UPPER_LEFT = RegionOfInterest((Shape("rectangle", ((0.0, 0.0), (0.5, 0.25)), keep=True),))


def test_images_are_read_in_the_shape_of_the_input():
    assert Plan(TALL).reading_options(10**8).shape == (352, 128)
    assert Plan(FeatureSettings()).reading_options(10**8).shape == (224, 224)


def test_cells_are_those_of_the_grid():
    assert (Plan(TALL, GRID).shape, Plan(TALL, GRID).has_cells) == ((44, 16), True)
    assert (Plan(TALL).shape, Plan(TALL).has_cells) == ((0, 0), False)
    assert Plan(TALL, GRID).used_cells.sum() == 44 * 16


def test_a_region_of_interest_lies_where_it_does_on_the_image():
    used = Plan(TALL, GRID, interest=UPPER_LEFT).used_cells.reshape(44, 16)
    expected = np.zeros((44, 16), np.bool_)
    expected[:11, :8] = True
    np.testing.assert_array_equal(used, expected)


def test_parts_are_aligned_and_features_learned_on_squares_only():
    alignment = Alignment(np.zeros((TEMPLATE_SIDE, TEMPLATE_SIDE), np.float32), False, 1.0)
    for more in ({"alignment": alignment}, {"network": RawPixels(64)}):
        with pytest.raises(ValueError, match="square"):
            Plan(TALL, **more)
        Plan(FeatureSettings(), **more)


def test_what_was_cached_of_squares_stays_valid():
    square, tall = (json.loads(describe_recipe(Plan(one), "a")) for one in (FeatureSettings(), TALL))
    assert "proportions" not in square
    assert tall == {**square, "proportions": 2.5}
    flat = replace(TALL, proportions=0.4)
    assert describe_recipe(Plan(flat), "a") != describe_recipe(Plan(TALL), "a")
