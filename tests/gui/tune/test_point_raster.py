import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anomaly_gui.gui.tune.point_raster import (
    CIRCLE,
    SQUARE,
    TRIANGLE,
    Layer,
    SeenArea,
    draw_layers,
    radius_for,
)

BLUE, PINK = (31, 95, 180), (236, 72, 153)


def _view(width=200, height=100, right=100):
    return SeenArea(0, right, -1, 1, width, height)


def _layer(x, y, colour=BLUE, shape=CIRCLE):
    return Layer(np.array(x, np.float32), np.array(y, np.float32), colour, shape)


@pytest.mark.parametrize("shape", [CIRCLE, TRIANGLE, SQUARE])
def test_a_point_is_drawn_where_it_is(shape):
    picture = draw_layers([_layer([50], [0.0], BLUE, shape)], _view(), 4)
    rows, columns = np.nonzero(picture[..., 3])
    assert abs(rows.mean() - 50) < 2
    assert abs(columns.mean() - 100) < 1
    assert picture[50, 100].tolist() == [180, 95, 31, 255]
    assert rows.max() - rows.min() <= 9


def test_shapes_differ():
    pictures = [
        draw_layers([_layer([50], [0.0], BLUE, shape)], _view(), 5) for shape in (CIRCLE, TRIANGLE, SQUARE)
    ]
    assert len({picture.tobytes() for picture in pictures}) == 3


def test_later_layers_lie_on_earlier_ones():
    picture = draw_layers([_layer([50], [0.0], BLUE), _layer([50], [0.0], PINK)], _view(), 4)
    assert picture[50, 100].tolist() == [153, 72, 236, 255]


def test_points_outside_are_not_drawn_and_those_on_the_edge_are_cut():
    outside = _layer([-5, 50, 50, 200], [0.0, 5.0, -5.0, 0.0])
    assert not draw_layers([outside], _view(), 4).any()
    assert draw_layers([_layer([0], [0.99])], _view(), 4)[0, 0, 3] == 255


@pytest.mark.parametrize("radius", [1.0, 1.5, 3.0])
def test_many_points_are_drawn_as_few_are(radius):
    """Both ways of stamping give the same picture."""
    random = np.random.default_rng(0)
    x, y = np.arange(400_000, dtype=np.float32), random.uniform(-1, 1, 400_000).astype(np.float32)
    view = _view(600, 400, right=400_000)
    together = draw_layers([_layer(x, y)], view, radius)[..., 3] > 0
    parts = np.zeros_like(together)
    for start in range(0, len(x), 20_000):
        part = slice(start, start + 20_000)
        parts |= draw_layers([_layer(x[part], y[part])], view, radius)[..., 3] > 0
    np.testing.assert_array_equal(together, parts)


@given(st.integers(0, 10**7))
def test_radius_shrinks_with_the_number_of_points(count):
    assert 1.0 <= radius_for(count + 1000) <= radius_for(count) <= 5.0


@given(
    points=st.lists(st.tuples(st.floats(-10, 110, width=32), st.floats(-3, 3, width=32)), max_size=30),
    width=st.integers(1, 60),
    height=st.integers(1, 60),
)
def test_any_points_in_any_view(points, width, height):
    points = sorted(points)
    layer = _layer([x for x, _ in points], [y for _, y in points])
    picture = draw_layers([layer], SeenArea(0, 100, -1, 1, width, height), 3)
    assert picture.shape == (height, width, 4)
    inside = any(0 <= x < 100 and -1 < y <= 1 for x, y in points)
    assert picture.any() or not inside or min(width, height) < 3
