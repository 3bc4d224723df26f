import json
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from anomaly_gui.detection.images.region_of_interest import (
    ELLIPSE,
    KINDS,
    MOST_CORNERS,
    MOST_SHAPES,
    POLYGON,
    RECTANGLE,
    RegionOfInterest,
    Shape,
    read_interest,
)
from anomaly_gui.errors import ParameterError, UserError

SHARES = st.floats(0, 1) | st.sampled_from([0, 0.25, 0.5, 1])
POINTS = st.tuples(SHARES, SHARES)
HALF = Shape(RECTANGLE, ((0, 0), (0.5, 1)), True)


def with_area(kind, points, keep=True):
    try:
        return Shape(kind, tuple(points), keep)
    except ParameterError as error:
        assert "no area" in str(error)
        assume(False)


@st.composite
def shapes(draw):
    kind = draw(st.sampled_from(KINDS))
    points = draw(st.lists(POINTS, min_size=3, max_size=7) if kind == POLYGON else st.tuples(POINTS, POINTS))
    return with_area(kind, points, draw(st.booleans()))


@st.composite
def regions(draw):
    try:
        return RegionOfInterest(tuple(draw(st.lists(shapes(), max_size=6))))
    except ParameterError as error:
        assert "leaves nothing" in str(error)
        assume(False)


@given(regions())
def test_a_region_comes_back_from_json(region):
    assert RegionOfInterest.from_values(json.loads(json.dumps(region.to_values()))) == region


@given(regions(), st.randoms(), st.integers(1, 40), st.integers(1, 40))
def test_the_order_does_not_matter(region, random, width, height):
    shapes = list(region.shapes)
    random.shuffle(shapes)
    shuffled = RegionOfInterest(tuple(shapes)).draw_mask(width, height)
    assert shuffled.shape == (height, width)
    assert shuffled.dtype == bool
    np.testing.assert_array_equal(shuffled, region.draw_mask(width, height))


@given(regions())
def test_what_counts_is_kept_and_not_ignored(region):
    kept = [shape.draw_mask(32, 24) for shape in region.shapes if shape.keep] or [np.ones((24, 32), bool)]
    ignored = [shape.draw_mask(32, 24) for shape in region.shapes if not shape.keep]
    expected = np.any(kept, axis=0) & ~np.any(ignored, axis=0) if ignored else np.any(kept, axis=0)
    np.testing.assert_array_equal(region.draw_mask(32, 24), expected)


@given(shapes(), st.integers(1, 40), st.integers(1, 40))
def test_the_direction_of_drawing_does_not_matter(shape, width, height):
    turned = with_area(shape.kind, shape.points[::-1])
    np.testing.assert_array_equal(turned.draw_mask(width, height), shape.draw_mask(width, height))


@given(st.tuples(POINTS, POINTS), st.integers(1, 40), st.integers(1, 40))
def test_a_polygon_of_a_rectangle_is_the_rectangle(points, width, height):
    box = with_area(RECTANGLE, points)
    polygon = with_area(POLYGON, box.corners)
    np.testing.assert_array_equal(polygon.draw_mask(width, height), box.draw_mask(width, height))


@given(st.integers(0, 30), st.integers(1, 40))
def test_neighbours_share_no_pixel(thirtieths, width):
    edge = thirtieths / 30
    assume(0 < edge < 1)
    left = Shape(RECTANGLE, ((0, 0), (edge, 1)), True).draw_mask(width, 2)
    right = Shape(RECTANGLE, ((edge, 0), (1, 1)), True).draw_mask(width, 2)
    assert (left ^ right).all()


@given(shapes(), st.floats(-2, 2), st.floats(-2, 2))
def test_a_moved_shape_stays_inside(shape, right, down):
    try:
        moved = shape.move_by(right, down)
    except ParameterError:
        assume(False)  # as thin as a shape can be, and thinner by rounding
    np.testing.assert_allclose(np.ptp(moved.points, axis=0), np.ptp(shape.points, axis=0), atol=1e-9)


@given(st.lists(POINTS, min_size=3, max_size=9), st.integers(1, 24), st.integers(1, 24))
def test_a_polygon_is_filled_as_the_textbook_says(points, width, height):
    mask = with_area(POLYGON, points).draw_mask(width, height)
    differing = sum(
        mask[row, column] != _is_inside((column + 0.5) / width, (row + 0.5) / height, points)
        for row in range(height)
        for column in range(width)
        if not _is_near_an_edge((column + 0.5) / width, (row + 0.5) / height, points)
    )
    assert differing == 0


def _edges(points):
    return zip(points, [*points[1:], points[0]], strict=True)


def _is_inside(x, y, points):
    inside = False
    for (x0, y0), (x1, y1) in _edges(points):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            inside = not inside
    return inside


def _is_near_an_edge(x, y, points):
    for (x0, y0), (x1, y1) in _edges(points):
        squared = (x1 - x0) ** 2 + (y1 - y0) ** 2
        along = min(max(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / squared, 0), 1) if squared else 0
        if math.hypot(x0 + along * (x1 - x0) - x, y0 + along * (y1 - y0) - y) < 1e-9:
            return True
    return False


def test_pixels_count_by_their_centre():
    assert HALF.draw_mask(3, 1).tolist() == [[True, False, False]]  # the middle's centre is where it ends
    ellipse = Shape(ELLIPSE, ((0, 0), (1, 1)), True)
    assert ellipse.draw_mask(200, 100).mean() == pytest.approx(np.pi / 4, abs=0.002)
    assert ellipse.draw_mask(4, 4)[0].tolist() == [False, True, True, False]
    triangle = Shape(POLYGON, ((0, 0), (1, 0), (0, 1)), True)
    assert triangle.draw_mask(300, 300).mean() == pytest.approx(0.5, abs=0.002)


def test_a_star_is_hollow():
    corners = [(0.5 + 0.5 * np.sin(turn), 0.5 - 0.5 * np.cos(turn)) for turn in np.arange(5) * 0.8 * np.pi]
    mask = Shape(POLYGON, tuple(corners), True).draw_mask(101, 101)
    assert not mask[50, 50]
    assert mask[10, 50]


def test_nothing_drawn_counts_everything():
    region = RegionOfInterest()
    assert not region
    assert region.draw_mask(5, 3).all()
    assert RegionOfInterest((HALF,))


def test_boxes_have_four_corners_that_can_go_elsewhere():
    box = Shape(RECTANGLE, ((0.6, 0.7), (0.2, 0.1)), False)
    for number, corner in enumerate(box.corners):
        assert box.with_corner(number, corner).draw_mask(50, 50).tolist() == box.draw_mask(50, 50).tolist()
    assert box.with_corner(0, (1.0, 1.0)).points == ((0.2, 0.1), (1.0, 1.0))
    with pytest.raises(ParameterError, match="no area"):
        box.with_corner(0, (0.2, 0.5))
    polygon = Shape(POLYGON, ((0, 0), (1, 0), (0, 1)), True)
    assert polygon.with_corner(2, (1.0, 1.0)).points == ((0, 0), (1, 0), (1, 1))


@pytest.mark.parametrize(
    ("kind", "points", "keep"),
    [
        ("circle", ((0, 0), (1, 1)), True),
        (["rectangle"], ((0, 0), (1, 1)), True),
        (RECTANGLE, ((0, 0), (1, 1)), 1),
        (RECTANGLE, ((0, 0), (1, 1), (0, 1)), True),
        (RECTANGLE, ((0, 0), (1.01, 1)), True),
        (RECTANGLE, ((0, 0), (1, float("nan"))), True),
        (RECTANGLE, ((0, 0), (10**400, 1)), True),
        (RECTANGLE, ((0, 0), (True, 1)), True),
        (RECTANGLE, ((0, 0), ("1", 1)), True),
        (RECTANGLE, ((0, 0), (1, 1, 1)), True),
        (RECTANGLE, [(0, 0), (1, 1)], True),
        (ELLIPSE, ((0, 0.5), (1, 0.5)), True),
        (ELLIPSE, ((0, 0), (1, 5e-324)), True),
        (POLYGON, ((0, 0), (1, 1)), True),
        (POLYGON, ((0, 0), (0.5, 0.5), (1, 1)), True),
        (POLYGON, ((0.5, 0.5),) * 3, True),
        (POLYGON, ((0, 0), (1, 0), (1, 1)) * (MOST_CORNERS // 3 + 1), True),
    ],
)
def test_anything_else_is_no_shape(kind, points, keep):
    with pytest.raises(ParameterError):
        Shape(kind, points, keep)


def test_a_region_leaves_something():
    whole = Shape(RECTANGLE, ((0, 0), (1, 1)), False)
    for shapes in ((whole,), (HALF, whole), (Shape(RECTANGLE, ((0, 0), (0.001, 1)), True),)):
        with pytest.raises(ParameterError, match="leaves nothing"):
            RegionOfInterest(shapes)


def test_a_region_has_not_too_many_shapes():
    RegionOfInterest((HALF,) * MOST_SHAPES)
    with pytest.raises(ParameterError, match="64 shapes at most, not 65"):
        RegionOfInterest((HALF,) * (MOST_SHAPES + 1))
    with pytest.raises(ParameterError, match="64 shapes"):
        RegionOfInterest.from_values([HALF.to_values()] * (MOST_SHAPES + 1))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9) | st.sampled_from(KINDS),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["kind", "points", "keep", "shapes"]), inner)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("take", [Shape.from_values, RegionOfInterest.from_values])
@given(JSON)
def test_strange_values_are_refused_in_words(take, values):
    try:
        take(values)
    except ParameterError as error:
        assert str(error).endswith(".")


def test_a_file_is_read(tmp_path):
    region = RegionOfInterest((HALF, Shape(ELLIPSE, ((0.1, 0.1), (0.3, 0.4)), False)))
    file = tmp_path / "region.json"
    file.write_text(json.dumps({"shapes": region.to_values()}), "utf-8-sig")  # as some editors save
    assert read_interest(file) == region


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[]",
        b'{"shapes": 1}',
        b'{"shapes": [], "shape": []}',
        b'{"shapes": [{"kind": "rectangle", "points": [[0, 0], [NaN, 1]], "keep": true}]}',
        b'{"shapes": [{"kind": "rectangle", "points": [[0, 0], [1, 1]], "keep": false}]}',
        b'{"shapes": [{"kind": "rectangle", "points": [0, 1], "keep": false}]}',
        b'{"shapes": []}' + b" " * 16_000_000,
    ],
)
def test_a_wrong_file_is_named(tmp_path, content):
    file = tmp_path / "region.json"
    file.write_bytes(content)
    with pytest.raises(UserError, match=r"region\.json"):
        read_interest(file)


def test_a_missing_file_is_named(tmp_path):
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(UserError, match=path.name):
            read_interest(path)
