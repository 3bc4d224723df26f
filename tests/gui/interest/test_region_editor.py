import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from anomaly_gui.detection.images.region_of_interest import (
    ELLIPSE,
    MOST_SHAPES,
    POLYGON,
    RECTANGLE,
    RegionOfInterest,
    Shape,
)
from anomaly_gui.gui.interest.editor import RegionEditor

LEFT = Qt.MouseButton.LeftButton
WIDTH, HEIGHT = 400, 300


@pytest.fixture
def edit(qapp, closed):
    """Open an editor; it is closed at the end."""
    made = []

    def open_editor(*shapes):
        image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB888)
        image.fill(Qt.GlobalColor.lightGray)
        made.append(RegionEditor(image, RegionOfInterest(shapes)))
        made[-1].show()
        QTest.qWait(20)
        return made[-1]

    yield open_editor
    for editor in made:
        editor.reject()
    closed.extend(made)


def _at(editor, x, y):
    place = editor.view.viewportTransform().map(QPointF(x * WIDTH, y * HEIGHT))
    return QPoint(round(place.x()), round(place.y()))


def _drag(editor, start, end):
    viewport = editor.view.viewport()
    QTest.mousePress(viewport, LEFT, pos=_at(editor, *start))
    for share in (0.3, 0.7, 1):
        place = (a + share * (b - a) for a, b in zip(start, end, strict=True))
        QTest.mouseMove(viewport, _at(editor, *place))
    QTest.mouseRelease(viewport, LEFT, pos=_at(editor, *end))


def _click(editor, *places):
    for place in places:
        QTest.mouseClick(editor.view.viewport(), LEFT, pos=_at(editor, *place))


def _press(editor, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(editor.view, key, modifier)


def _share(editor):
    return editor.read_region().draw_mask(200, 200).mean()


def _box(left, top, right, bottom, keep=True):
    return Shape(RECTANGLE, ((left, top), (right, bottom)), keep)


def test_a_rectangle_is_drawn_undone_and_redone_by_the_mouse(edit):
    editor = edit()
    assert "the whole image counts" in editor.says.text()
    _drag(editor, (0.1, 0.2), (0.6, 0.8))
    (shape,) = editor.read_region().shapes
    assert (shape.kind, shape.keep) == (RECTANGLE, True)
    np.testing.assert_allclose(shape.points, [(0.1, 0.2), (0.6, 0.8)], atol=0.005)
    assert editor.says.text() == "Counts: 30 % of the image."
    editor.tools.undo.trigger()
    assert not editor.read_region()
    assert "the whole image counts" in editor.says.text()
    _press(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert editor.read_region().shapes == (shape,)


def test_an_ellipse_is_ignored_by_keys(edit):
    editor = edit()
    _press(editor, Qt.Key.Key_E)
    _press(editor, Qt.Key.Key_I)
    _drag(editor, (1.2, 1.2), (0.5, 0.5))  # from beside the image
    (shape,) = editor.read_region().shapes
    assert (shape.kind, shape.keep, shape.points[0]) == (ELLIPSE, False, (1, 1))
    assert _share(editor) == pytest.approx(1 - np.pi / 16, abs=0.01)


CORNERS = ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8))


def _close_by_double_click(editor):
    QTest.mouseDClick(editor.view.viewport(), LEFT, pos=_at(editor, *CORNERS[-1]))


def _close_by_enter(editor):
    _press(editor, Qt.Key.Key_Return)


def _close_by_its_first_corner(editor):
    _click(editor, CORNERS[0])


@pytest.mark.parametrize("close", [_close_by_double_click, _close_by_enter, _close_by_its_first_corner])
def test_a_polygon_is_closed(edit, close):
    editor = edit()
    _press(editor, Qt.Key.Key_P)
    _click(editor, *CORNERS)
    close(editor)
    (shape,) = editor.read_region().shapes
    assert shape.kind == POLYGON
    points = np.unique(np.round(shape.points, 2), axis=0)
    np.testing.assert_allclose(points, sorted(CORNERS), atol=0.011)
    assert _share(editor) == pytest.approx(0.18, abs=0.01)
    assert editor.isVisible()


def test_corners_are_taken_back(edit):
    editor = edit()
    _press(editor, Qt.Key.Key_P)
    _click(editor, (0.1, 0.9), *CORNERS[:1])
    _press(editor, Qt.Key.Key_Return)
    assert "three corners" in editor.says.text()
    _click(editor, CORNERS[1])
    for _ in range(2):
        _press(editor, Qt.Key.Key_Escape)
    editor.tools.undo.trigger()
    assert not editor.view.is_drawing
    assert editor.isVisible()
    assert not editor.read_region()


def test_an_open_polygon_is_not_lost(edit):
    editor = edit()
    _press(editor, Qt.Key.Key_P)
    _click(editor, *CORNERS)
    editor.accept()
    assert editor.isVisible()
    assert "not closed" in editor.says.text()
    _press(editor, Qt.Key.Key_Return)
    editor.accept()
    assert not editor.isVisible()
    assert len(editor.read_region().shapes) == 1


def test_escape_does_not_cost_the_drawing(edit):
    editor = edit()
    _drag(editor, (0.1, 0.2), (0.6, 0.8))
    _press(editor, Qt.Key.Key_Escape)
    assert editor.isVisible()
    assert "press Cancel" in editor.says.text()
    editor.tools.undo.trigger()
    _press(editor, Qt.Key.Key_Escape)
    assert not editor.isVisible()


def test_what_leaves_nothing_is_refused(edit):
    editor = edit(_box(0.2, 0.2, 0.5, 0.5))
    _press(editor, Qt.Key.Key_I)
    _drag(editor, (0.1, 0.1), (0.9, 0.9))
    assert "Nothing would be left" in editor.says.text()
    assert "Counts: 9.0 % of the image." in editor.says.text()
    assert editor.read_region().shapes == (_box(0.2, 0.2, 0.5, 0.5),)
    assert not editor.undo_stack.canUndo()
    _drag(editor, (0.1, 0.1), (0.3, 0.9))
    assert editor.says.text() == "Counts: 6.0 % of the image."


def test_a_move_that_leaves_nothing_goes_back(edit):
    kept, ignored = _box(0.1, 0.1, 0.3, 0.3), _box(0.5, 0.5, 0.9, 0.9, keep=False)
    editor = edit(kept, ignored)
    _press(editor, Qt.Key.Key_S)
    _drag(editor, (0.2, 0.2), (0.7, 0.7))
    assert "Nothing would be left" in editor.says.text()
    assert editor.read_region().shapes == editor.view._shown == (kept, ignored)


def test_a_click_is_no_rectangle(edit):
    editor = edit()
    _click(editor, (0.5, 0.5))
    assert not editor.read_region()
    assert "opposite" in editor.says.text()


def test_a_polygon_without_area_is_refused(edit):
    editor = edit()
    _press(editor, Qt.Key.Key_P)
    _click(editor, (0, 0), (0, 0.5), (0, 1))
    _press(editor, Qt.Key.Key_Return)
    assert "no area" in editor.says.text()
    assert not editor.read_region()


def test_a_shape_is_moved_resized_and_removed(edit):
    editor = edit(_box(0.2, 0.2, 0.5, 0.5), _box(0.6, 0.1, 0.9, 0.4))
    _press(editor, Qt.Key.Key_S)
    _drag(editor, (0.3, 0.3), (0.4, 0.6))
    np.testing.assert_allclose(editor.read_region().shapes[0].points, [(0.3, 0.5), (0.6, 0.8)], atol=0.01)
    _drag(editor, (0.6, 0.8), (1.0, 1.0))
    points = np.asarray(editor.read_region().shapes[0].points)
    np.testing.assert_allclose(points, [(0.3, 0.5), (1.0, 1.0)], atol=0.01)
    assert editor.view.selected == 0
    _press(editor, Qt.Key.Key_Delete)
    assert editor.read_region().shapes == (_box(0.6, 0.1, 0.9, 0.4),)
    for _ in range(3):
        editor.tools.undo.trigger()
    assert editor.read_region().shapes == (_box(0.2, 0.2, 0.5, 0.5), _box(0.6, 0.1, 0.9, 0.4))
    assert not editor.tools.undo.isEnabled()


def test_shapes_stay_in_the_image(edit):
    editor = edit(_box(0.2, 0.2, 0.5, 0.5))
    _press(editor, Qt.Key.Key_S)
    _drag(editor, (0.3, 0.3), (1.5, -0.5))
    np.testing.assert_allclose(editor.read_region().shapes[0].points, [(0.7, 0), (1, 0.3)], atol=1e-9)


def test_a_corner_on_its_opposite_one_changes_nothing_bad(edit):
    editor = edit(_box(0, 0, 0.5, 0.5))
    _press(editor, Qt.Key.Key_S)
    _click(editor, (0.3, 0.3))
    _drag(editor, (0.5, 0.5), (-0.5, -0.5))
    assert _share(editor) > 0


def test_a_selected_shape_becomes_ignored(edit):
    editor = edit(_box(0.2, 0.2, 0.5, 0.5))
    _press(editor, Qt.Key.Key_S)
    _click(editor, (0.3, 0.3))
    _press(editor, Qt.Key.Key_I)
    assert editor.read_region().shapes == (_box(0.2, 0.2, 0.5, 0.5, keep=False),)
    assert editor.says.text() == "Counts: 91 % of the image."
    editor.tools.undo.trigger()
    assert editor.tools.keep is editor.view.keep is True
    _click(editor, (0.9, 0.9))
    assert editor.view.selected == -1
    assert not editor.tools.remove.isEnabled()


def test_all_is_removed_and_comes_back(edit):
    shapes = (_box(0.2, 0.2, 0.5, 0.5), _box(0.6, 0.1, 0.9, 0.4))
    editor = edit(*shapes)
    editor.tools.clear.trigger()
    assert not editor.read_region()
    assert not editor.tools.clear.isEnabled()
    editor.tools.undo.trigger()
    assert editor.read_region().shapes == shapes


def test_there_are_not_too_many_shapes(edit):
    editor = edit(*[_box(0.2, 0.2, 0.5, 0.5)] * MOST_SHAPES)
    _drag(editor, (0.1, 0.1), (0.9, 0.9))
    assert "more than 64 shapes" in editor.says.text()
    assert len(editor.read_region().shapes) == MOST_SHAPES


@pytest.mark.parametrize("zoom", [0.5, 1, 3])
@pytest.mark.parametrize(
    "shapes",
    [
        (_box(0.1, 0.1, 0.9, 0.9), Shape(ELLIPSE, ((0.3, 0.3), (0.7, 0.7)), False)),
        (
            Shape(POLYGON, ((0.2, 0.9), (0.5, 0.1), (0.8, 0.9), (0.1, 0.4), (0.9, 0.4)), True),
        ),  # a hollow star
        (_box(0.2, 0.2, 0.7, 0.6, keep=False),),
    ],
)
def test_the_shade_is_where_nothing_counts(edit, shapes, zoom):
    editor = edit(*shapes)
    editor.view.resetTransform()
    editor.view.scale(zoom, zoom)
    picture = editor.view.viewport().grab().toImage()
    mask = editor.read_region().draw_mask(WIDTH, HEIGHT)
    places = [
        (row, column, _at(editor, (column + 0.5) / WIDTH, (row + 0.5) / HEIGHT) * picture.devicePixelRatio())
        for row in range(5, HEIGHT - 5, 7)
        for column in range(5, WIDTH - 5, 7)
        if np.ptp(mask[row - 5 : row + 6, column - 5 : column + 6].astype(int)) == 0  # no outline near
    ]
    seen = [(row, column, place) for row, column, place in places if picture.rect().contains(place)]
    assert len(seen) > 200
    for row, column, place in seen:
        assert (picture.pixelColor(place).lightness() > 160) == mask[row, column]


def test_the_wheel_and_the_middle_button_keep_the_places(edit):
    editor = edit()
    editor.view.scale(3, 3)
    before = _at(editor, 0.5, 0.5)
    middle = Qt.MouseButton.MiddleButton
    QTest.mousePress(editor.view.viewport(), middle, pos=QPoint(100, 100))
    QTest.mouseMove(editor.view.viewport(), QPoint(130, 120))
    QTest.mouseRelease(editor.view.viewport(), middle, pos=QPoint(130, 120))
    assert _at(editor, 0.5, 0.5) - before == QPoint(30, 20)
    _drag(editor, (0.45, 0.45), (0.5, 0.5))
    np.testing.assert_allclose(editor.read_region().shapes[0].points, [(0.45, 0.45), (0.5, 0.5)], atol=0.002)


def test_an_image_that_is_none_does_no_harm(qapp, closed):
    editor = RegionEditor(QImage())
    closed.append(editor)
    editor.show()
    editor.grab()
    editor.reject()
    assert editor.read_region() == RegionOfInterest()


def test_every_button_says_its_key(edit):
    editor = edit()
    for action in editor.tools.actions():
        assert action.shortcut().toString() in action.toolTip()
    keys = [key.toString() for action in editor.tools.actions() for key in action.shortcuts()]
    assert len(keys) == len(set(keys)) == 13
