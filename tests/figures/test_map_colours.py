import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from test_style import SIGHT, XYZ

from anomaly_gui.errors import ParameterError
from anomaly_gui.figures.map_colours import (
    HIGHEST,
    LUT,
    TICKS,
    colour_values,
    draw_boxes,
    overlay_map,
    stretch_map,
)

MAPS = arrays(
    np.float32, array_shapes(min_dims=2, max_dims=2, max_side=30), elements=st.floats(0, 3, width=32)
)
SIDES = st.integers(1, 40)


@dataclass(frozen=True)
class Place:
    x: int
    y: int
    width: int
    height: int


def _lightness(rgb, sight):
    shares = np.asarray(rgb) / 255
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    return 116 * np.cbrt(np.clip(linear @ np.array(SIGHT[sight]).T, 0, 1) @ XYZ[1]) - 16


def _grey(width=60, height=40, level=128):
    return np.full((height, width, 3), level, np.uint8)


@pytest.mark.parametrize("sight", SIGHT)
def test_what_is_worse_is_darker_for_everyone(sight):
    lightness = _lightness(LUT[100:, :3], sight)  # from 0.5 on, where colours begin
    assert np.diff(lightness).max() < 0.3  # colours are whole numbers
    steps = _lightness(colour_values([0.75, 1.0, 1.5, 2.0])[:, :3], sight)
    assert (np.diff(steps) < -8).all()  # a just noticeable difference is about 1


def test_cover_grows_to_the_limit_and_stays():
    cover = LUT[:, 3].astype(int)
    assert (np.diff(cover) >= 0).all()
    assert cover[100] == 0 and cover[101] > 0
    assert (cover[200:] == 255).all()


def test_the_scale_has_the_colours_it_is_known_for():
    yellow, orange, red, magenta = colour_values([0.75, 1.0, 1.5, 2.0])[:, :3].astype(int)
    assert yellow[0] > 200 and yellow[1] > 180 and yellow[2] < 100
    assert orange[0] > 200 and 100 < orange[1] < 180
    assert red[0] > 180 and max(red[1:]) < 60
    assert magenta[1] < 20 and abs(magenta[0] - magenta[2]) < 40 and magenta[0] < 140


def test_values_beyond_the_scale_and_unknown_ones():
    ends = colour_values([-np.inf, -1, 0.5, 2, 7, np.inf, np.nan])
    assert (ends[[0, 1, 2, 6], 3] == 0).all()
    assert (ends[3:6] == LUT[-1]).all()
    assert colour_values(1.0).shape == (4,)
    assert TICKS[-1] == HIGHEST
    with pytest.raises(ValueError, match="read-only"):
        LUT[0] = 0


@given(MAPS)
def test_a_colour_depends_on_the_value_alone(values):
    """Never on the other values of the map: nothing is rescaled per image."""
    together = colour_values(values)
    assert together.shape == (*values.shape, 4) and together.dtype == np.uint8
    one = values.flat[0]
    np.testing.assert_array_equal(together.reshape(-1, 4)[0], colour_values(one))


@given(MAPS, SIDES, SIDES)
def test_stretching_keeps_within_the_values_and_keeps_peaks_of_finer_maps(values, width, height):
    large = stretch_map(values, width, height)
    assert large.shape == (height, width)
    assert large.min() >= values.min() - 1e-5 and large.max() <= values.max() + 1e-5
    if values.shape[0] >= height and values.shape[1] >= width:
        assert large.max() == values.max()


def test_a_spot_is_drawn_where_it_is():
    spot = np.zeros((4, 6), np.float32)
    spot[1, 4] = 2
    large = stretch_map(spot, 60, 40)
    rows, columns = np.nonzero(large > 1)
    assert abs(rows.mean() - 14.5) < 0.6 and abs(columns.mean() - 44.5) < 0.6


@given(arrays(np.float32, (5, 7), elements=st.floats(0, 0.5, width=32)))
def test_a_good_part_stays_as_it_is(values):
    image = np.random.default_rng(0).integers(0, 256, (40, 60, 3)).astype(np.uint8)
    np.testing.assert_array_equal(overlay_map(image, values, 1.0), image)


@given(MAPS, st.floats(0, 1))
def test_an_overlay_lies_between_image_and_colour(values, opacity):
    image = _grey()
    shown = overlay_map(image, values, opacity).astype(int)
    assert shown.shape == image.shape
    assert np.abs(shown - 128).max() <= 127 * opacity + 3
    if opacity == 0:
        assert (shown == 128).all()


def test_full_opacity_shows_the_scale_itself():
    shown = overlay_map(_grey(), np.full((1, 1), 1.5, np.float32), 1.0)
    assert (shown == colour_values(1.5)[:3]).all()


@pytest.mark.parametrize("shape", [(0, 3), (4,), (2, 2, 3)])
def test_what_is_no_map_is_refused(shape):
    with pytest.raises(ParameterError, match="rows and columns"):
        overlay_map(_grey(), np.zeros(shape, np.float32))


@pytest.mark.parametrize("opacity", [-0.1, 1.1, np.nan])
def test_what_is_no_opacity_is_refused(opacity):
    with pytest.raises(ParameterError, match="between 0 and 1"):
        overlay_map(_grey(), np.zeros((2, 2), np.float32), opacity)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_boxes_stand_out_from_every_picture_and_leave_the_region_alone(level):
    image = _grey(200, 100, level)
    shown = draw_boxes(image, [Place(50, 30, 20, 10)])
    assert (image == level).all()
    assert (shown[30:40, 50:70] == level).all()
    row = shown[35, 40:50, 0].astype(int)
    assert np.abs(row - level).max() >= 127


def test_lines_are_wider_in_larger_pictures():
    def drawn(scale):
        image = _grey(400 * scale, 300 * scale)
        shown = draw_boxes(image, [Place(100 * scale, 100 * scale, 90 * scale, 90 * scale)])
        return (shown[145 * scale, : 120 * scale, 0] != 128).sum()

    assert drawn(4) == 4 * drawn(1)


@given(st.integers(-5, 70), st.integers(-5, 50), st.integers(1, 80), st.integers(1, 60))
def test_boxes_anywhere(x, y, width, height):
    shown = draw_boxes(_grey(), [Place(x, y, width, height)])
    assert shown.shape == (40, 60, 3) and (shown != 128).any()


def test_neither_qt_nor_matplotlib_is_loaded():
    code = "import sys, anomaly_gui.figures.map_colours; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert not {"PySide6", "matplotlib"} & set(loaded.split())
