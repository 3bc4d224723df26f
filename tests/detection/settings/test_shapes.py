"""Inputs of any proportions, and the grids of cells over them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anomaly_gui.detection.settings.feature_settings import FeatureSettings, fit_shape
from anomaly_gui.detection.settings.grid_settings import GridSettings
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.errors import ParameterError

SIZES, PROPORTIONS = st.integers(32, 1024), st.floats(0.05, 20)


@given(SIZES, PROPORTIONS)
def test_an_input_has_about_as_many_pixels_as_the_square_and_its_proportions(size, proportions):
    height, width = fit_shape(size, proportions)
    if proportions == 1:
        assert (height, width) == (size, size)
        return
    assert min(height, width) >= 32 and height % 32 == width % 32 == 0
    root = math.sqrt(proportions)
    for side, wanted in ((height, size * root), (width, size / root)):
        assert abs(side - wanted) <= 16 or (side == 32 and wanted < 32)


@given(SIZES, PROPORTIONS)
def test_a_shape_lies_on_its_side_for_the_inverse(size, proportions):
    assert FeatureSettings(size=size, proportions=1 / 1.7).shape == fit_shape(size, 1.7)[::-1]
    assert 1 <= FeatureSettings(size=size, proportions=proportions).batch_size <= 256


def test_a_batch_has_as_many_pixels_whatever_their_proportions():
    assert FeatureSettings().batch_size == 8
    assert FeatureSettings(proportions=2.5).batch_size == 8 * 224**2 // (352 * 128)


@given(st.integers(8, 128).map(lambda number: 8 * number), PROPORTIONS)
def test_cells_of_a_rectangle_are_as_fine_as_a_thousand_allow(size, proportions):
    grid = GridSettings(size, proportions=proportions)
    rows, columns = grid.shape
    assert grid.cells == rows * columns
    if proportions == 1:
        return
    height, width = fit_shape(size, proportions)
    assert grid.cells <= 1000
    (cell,) = {
        each
        for each in range(8, 1024, 8)
        if (rows, columns) == (max(1, round(height / each)), max(1, round(width / each)))
    } or {0}
    assert cell
    finer = cell - 8
    assert not finer or round(height / finer) * round(width / finer) > 1000


@pytest.mark.parametrize(("size", "side"), [(64, 8), (224, 28), (320, 40), (384, 24), (448, 28), (1024, 32)])
def test_cells_of_a_square_are_those_of_models_made_before(size, side):
    assert GridSettings(size).shape == (side, side)


@pytest.mark.parametrize(
    "made", [FeatureSettings, GridSettings, lambda proportions: fit_shape(224, proportions)]
)
@pytest.mark.parametrize("proportions", [0.049, 20.1, 0.0, -1.0, math.nan])
def test_what_is_thinner_than_one_to_twenty_is_refused(made, proportions):
    with pytest.raises(ParameterError, match="20"):
        made(proportions=proportions)


def test_what_is_asked_for_reaches_features_and_cells():
    plain, tall = TrainSettings(detector="pooled"), TrainSettings(detector="positional", proportions=2.5)
    assert (plain.features.proportions, plain.grid.proportions) == (1.0, 1.0)
    assert (tall.features.shape, tall.grid.shape) == ((352, 128), (44, 16))
    assert TrainSettings(detector="pooled", proportions=1.0).features == plain.features
    with pytest.raises(ParameterError, match=r"take from 0\.05 to 20"):
        TrainSettings(detector="pooled", proportions=30.0)
