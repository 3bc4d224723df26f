from dataclasses import dataclass

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtTest import QTest

from anomaly_gui.errors import ParameterError
from anomaly_gui.figures.map_colours import colour_values
from anomaly_gui.gui.inspect.map_view import MapView
from anomaly_gui.gui.widgets.map_layer import MapMode, MapSettings, draw_map_badge
from anomaly_gui.gui.work.pictures.pictures import to_image

WIDTH, HEIGHT = 400, 300
LEFT = Qt.MouseButton.LeftButton


@dataclass(frozen=True)
class Place:
    x: int
    y: int
    width: int
    height: int
    area: int = 100
    peak: float = 1.8


HOT, SMALL = Place(280, 60, 60, 40), Place(40, 240, 3, 3)


def _image(level=128):
    return to_image(np.full((HEIGHT, WIDTH, 3), level, np.uint8))


def _map(level=0.4, spot=2.0):
    values = np.full((30, 40), level, np.float32)
    values[6:10, 28:34] = spot
    return values


def _pixels(picture):
    image = QPixmap(picture).toImage().convertToFormat(QImage.Format.Format_RGB888)
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return flat[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)


def _shown(view):
    return _pixels(view.picture.viewport().grab())


def _at(view, x, y):
    """Return where a pixel of the picture is in the view."""
    return view.picture.mapFromScene(float(x), float(y))


def _colour(view, x, y):
    place = _at(view, x, y)
    return _shown(view)[place.y(), place.x()]


def _click(view, place):
    QTest.mouseClick(view.picture.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, place)


def _drag(view, start, end):
    target = view.picture.viewport()
    QTest.mousePress(target, LEFT, Qt.KeyboardModifier.NoModifier, start)
    for share in (0.3, 0.6, 1.0):
        QTest.mouseMove(target, start + (end - start) * share)
    QTest.mouseRelease(target, LEFT, Qt.KeyboardModifier.NoModifier, end)


@pytest.fixture
def make_view(qapp, closed):
    """Make views as large as the picture is, with a map and two regions."""
    made = []

    def make(settings=None, size=(WIDTH + 4, HEIGHT + 60), **options):
        view = MapView(settings, **options)
        view.resize(*size)
        view.show_image(_image())
        view.show_map(_map(), (HOT, SMALL))
        view.show()
        QTest.qWait(20)
        made.append(view)
        return view

    yield make
    for view in made:
        view.close()
    closed.extend(made)


@pytest.fixture
def view(make_view):
    return make_view()


def test_a_good_map_stays_clear_however_little_it_differs(view):
    view.show_map(np.random.default_rng(0).uniform(0, 0.5, (28, 28)).astype(np.float32))
    view.settings.set_opacity(1)
    place = view.picture.mapFromScene(view.picture.picture_rect).boundingRect()
    inside = _shown(view)[place.top() + 2 : place.bottom() - 2, place.left() + 2 : place.right() - 2]
    assert (inside == 128).all()


def test_the_map_is_where_it_belongs_in_its_fixed_colours(view):
    view.settings.set_opacity(1)
    assert np.abs(_colour(view, 310, 80) - colour_values(2.0)[:3]).max() <= 2
    assert (_colour(view, 100, 80) == 128).all()
    view.show_map(_map(spot=1.0))
    assert np.abs(_colour(view, 310, 80) - colour_values(1.0)[:3]).max() <= 2


def test_modes(view, qtbot):
    plain, hot = np.full(3, 128), _colour(view, 310, 80)
    assert view.settings.mode is MapMode.MAP and np.abs(hot - plain).max() > 40
    buttons = view.controls.mode_buttons
    with qtbot.waitSignal(view.mode_changed) as changed:
        QTest.mouseClick(buttons[MapMode.IMAGE], LEFT)
    assert changed.args == [MapMode.IMAGE]
    assert (_shown(view)[_at(view, 280, 60).y()] == 128).sum() > 3 * 390  # not even a box
    QTest.mouseClick(buttons[MapMode.SPLIT], LEFT)
    assert (_colour(view, 310, 80) == hot).all()
    view.settings.set_divider(1.0)
    assert (_colour(view, 310, 80) == plain).all()
    assert [mode for mode, button in buttons.items() if button.isChecked()] == [MapMode.SPLIT]


def test_toggling(view):
    modes = []
    view.mode_changed.connect(modes.append)
    for _ in range(3):
        view.toggle_map()
    view.set_mode(MapMode.SPLIT)
    view.toggle_map()
    assert modes == [MapMode.IMAGE, MapMode.MAP, MapMode.IMAGE, MapMode.SPLIT, MapMode.IMAGE]


def test_the_divider_is_dragged_and_keeps_its_share(view):
    view.set_mode(MapMode.SPLIT)
    start = QPoint(view.picture.divider_x, 100)
    _drag(view, start, QPoint(start.x() + 100, 180))
    assert view.settings.divider == pytest.approx(0.75, abs=0.01)
    assert view.picture.divider_x == pytest.approx(start.x() + 100, abs=1)
    assert view.picture.is_whole
    view.resize(2 * WIDTH, 2 * HEIGHT + 60)
    QTest.qWait(20)
    assert view.settings.divider == pytest.approx(0.75, abs=0.01)
    room = view.picture.mapFromScene(view.picture.picture_rect).boundingRect()
    assert view.picture.divider_x == pytest.approx(room.left() + 0.75 * room.width(), abs=5)
    _drag(view, QPoint(view.picture.divider_x, 100), QPoint(-50, 100))
    assert view.settings.divider == 0
    QTest.mouseDClick(view.picture.viewport(), LEFT, pos=QPoint(view.picture.divider_x + 2, 100))
    assert view.settings.divider == 0.5 and view.picture.is_whole


def test_the_divider_is_in_sight_in_a_zoomed_picture(view):
    view.set_mode(MapMode.SPLIT)
    view.picture.show_region(1)
    assert view.picture.divider_x == pytest.approx(view.picture.viewport().width() / 2, abs=1)


def test_without_a_map_there_is_no_divider_to_drag(view):
    view.set_mode(MapMode.SPLIT)
    view.show_map(None)
    _drag(view, QPoint(view.picture.divider_x, 100), QPoint(300, 100))
    assert view.settings.divider == 0.5
    assert (_colour(view, 310, 80) == 128).all() and (_colour(view, 200, 150) == 128).all()


def test_a_click_on_a_region_zooms_in_and_one_beside_it_out(view, qtbot):
    scale = view.picture.transform().m11()
    with qtbot.waitSignal(view.region_clicked) as clicked:
        _click(view, _at(view, 310, 80))
    assert clicked.args == [0]
    assert view.picture.transform().m11() > 1.5 * scale and not view.picture.is_whole
    corners = [_at(view, 280, 60), _at(view, 340, 100)]
    assert all(view.picture.viewport().rect().contains(corner) for corner in corners)
    with qtbot.assertNotEmitted(view.region_clicked):
        _click(view, QPoint(5, view.picture.viewport().height() - 5))
    assert view.picture.is_whole and view.picture.transform().m11() == pytest.approx(scale)


def test_a_double_click_shows_the_whole(view):
    for place in (_at(view, 310, 80), QPoint(10, 10)):
        _click(view, _at(view, 310, 80))
        assert not view.picture.is_whole
        _click(view, place)
        QTest.mouseDClick(view.picture.viewport(), LEFT, pos=place)
        assert view.picture.is_whole


def test_a_small_region_can_be_clicked_and_is_shown_with_what_is_around_it(view):
    view.resize(200, 200)
    QTest.qWait(20)
    assert view.picture.region_at(_at(view, 41, 241) + QPoint(5, 5)) == 1
    view.picture.show_region(1)
    shown = view.picture.mapToScene(view.picture.viewport().rect()).boundingRect()
    assert shown.width() >= 35 and shown.height() >= 35


def test_regions_that_are_not_drawn_are_not_clicked(view, qtbot):
    place = _at(view, 310, 80)
    with qtbot.assertNotEmitted(view.region_clicked):
        view.set_mode(MapMode.IMAGE)
        _click(view, place)
        view.set_mode(MapMode.SPLIT)
        view.settings.set_divider(0.95)
        _click(view, place)
    assert view.picture.is_whole


def test_moving_the_picture_is_no_click(view, qtbot):
    with qtbot.assertNotEmitted(view.region_clicked):
        _drag(view, _at(view, 310, 80), _at(view, 330, 95))


def test_the_smaller_of_two_regions_over_each_other_is_taken(view):
    view.show_map(_map(), (Place(100, 50, 200, 150), HOT))
    assert view.picture.region_at(_at(view, 290, 80)) == 1
    assert view.picture.region_at(_at(view, 150, 80)) == 0


def test_the_pointer_says_what_a_click_does(view):
    view.set_mode(MapMode.SPLIT)
    target, shapes = view.picture.viewport(), Qt.CursorShape
    QTest.mouseMove(target, QPoint(view.picture.divider_x, 50))
    assert target.cursor().shape() == shapes.SplitHCursor
    QTest.mouseMove(target, _at(view, 310, 80))
    assert target.cursor().shape() == shapes.PointingHandCursor
    assert "peak 1.80, 100 pixels" in view.picture._picture.toolTip()
    QTest.mouseMove(target, _at(view, 60, 60))
    assert target.cursor().shape() == shapes.OpenHandCursor
    assert view.picture._picture.toolTip() == ""


def test_the_legend_is_the_same_whatever_the_map(view):
    legend = view.controls.legend
    before = _pixels(legend.grab())
    for values, opacity in ((_map(0, 0), 1.0), (_map(1, 900), 0.1), (_map(-3, 0.1), 0.5)):
        view.show_map(values)
        view.settings.set_opacity(opacity)
        np.testing.assert_array_equal(_pixels(legend.grab()), before)
    for value in (1.25, 1.5, 1.75):
        shown = before[4, round(legend.x_of(value))]
        assert np.abs(shown - colour_values(value)[:3]).max() <= 6
    assert "promised share of good images" in legend.toolTip()


def test_opacity(view):
    slider, seen = view.controls.opacity, []
    for percent in (0, 30, 100):
        slider.setValue(percent)
        assert view.settings.opacity == percent / 100
        assert f"{percent} %" in slider.toolTip()
        seen.append(_colour(view, 310, 80)[1])
    assert seen[0] == 128
    assert seen[1] == pytest.approx(128 * 0.7, abs=3)
    assert seen[2] <= 2


def test_why_there_is_no_map_stands_in_place_of_the_legend(view):
    why, legend = view.controls.why, view.controls.legend
    assert legend.isVisible() and not why.isVisible()
    view.show_map(None, (), "No map: this model judges the whole image.")
    assert why.isVisible() and why.text().startswith("No map") and not legend.isVisible()
    view.show_map(_map(), (), "not shown")
    assert legend.isVisible() and not why.isVisible()


def test_views_share_their_settings(make_view):
    settings = MapSettings(MapMode.IMAGE, 0.2, 0.3)
    one, other = make_view(settings), make_view(settings, compact=True)
    modes = []
    one.mode_changed.connect(modes.append)
    other.set_mode(MapMode.SPLIT)
    other.settings.set_opacity(0.9)
    assert one.controls.mode_buttons[MapMode.SPLIT].isChecked() and one.controls.opacity.value() == 90
    assert modes == [MapMode.SPLIT]
    assert one.controls.isVisible() and not other.controls.isVisible()


def test_settings_tell_of_changes_only(qtbot):
    settings = MapSettings()
    with qtbot.assertNotEmitted(settings.changed):
        settings.set_mode(settings.mode)
        settings.set_opacity(settings.opacity)
    settings.set_divider(1.7)
    settings.set_opacity(-1)
    assert (settings.divider, settings.opacity) == (1, 0)


def test_map_and_picture_come_in_any_order_and_go_together(make_view):
    view = make_view()
    view.show_image(QImage())
    view.settings.set_opacity(1)
    assert view.picture.region_at(QPoint(100, 100)) == -1
    assert len(np.unique(_shown(view).reshape(-1, 3), axis=0)) == 1
    view.show_map(_map(), (HOT,))
    view.show_image(_image())
    assert np.abs(_colour(view, 310, 80) - colour_values(2.0)[:3]).max() <= 2
    view.show_image(QImage())
    view.show_image(_image())
    assert (_colour(view, 310, 80) == 128).all()


@pytest.mark.parametrize("mode", MapMode)
def test_empty_views_and_regions_beyond_the_picture_are_drawn(make_view, mode):
    view = make_view(MapSettings(mode))
    view.show_map(_map(), (Place(-20, -20, 900, 900), Place(5000, 10, 1, 1)))
    _shown(view)
    view.show_image(QImage())
    view.show_map(np.full((1, 1), np.nan, np.float32), (HOT,))
    view.picture.show_region(0)
    _click(view, QPoint(50, 50))
    QTest.mouseDClick(view.picture.viewport(), LEFT, pos=QPoint(50, 50))
    _shown(view)


def test_what_is_no_map_is_refused(view):
    with pytest.raises(ParameterError, match="rows and columns"):
        view.show_map(np.zeros((3, 3, 3), np.float32))


@pytest.mark.parametrize("width", [280, 320, 900])
def test_controls_fit_whatever_the_width(make_view, width):
    view = make_view(size=(width, 420))
    controls = view.controls
    parts = (*controls.mode_buttons.values(), controls.opacity, controls.legend)
    boxes = [part.geometry() for part in parts]
    assert view.width() == width
    assert all(controls.rect().contains(box) for box in boxes)
    assert not any(one.intersects(other) for n, one in enumerate(boxes) for other in boxes[n + 1 :])
    assert all(button.width() >= button.minimumSizeHint().width() for button in parts[:3])
    assert all(part.toolTip() for part in parts)
    assert (controls.height() < 45) == (width == 900)


@pytest.mark.parametrize("density", [1.0, 2.0])
def test_a_badge_has_the_map_on_it_and_the_thumbnail_stays(qapp, density):
    thumbnail = QPixmap.fromImage(_image()).scaled(64, 48)
    thumbnail.setDevicePixelRatio(density)
    badge = draw_map_badge(thumbnail, _map(), 1.0)
    assert badge.size() == thumbnail.size() and badge.devicePixelRatio() == density
    assert (_pixels(thumbnail) == 128).all()
    shown = _pixels(badge)
    assert np.abs(shown[12, 49] - colour_values(2.0)[:3]).max() <= 6
    assert (shown[30:, :30] == 128).all()
    assert draw_map_badge(QPixmap(), _map(), 1.0).isNull()


def test_a_tiny_spot_is_seen_on_a_badge(qapp):
    values = np.zeros((224, 224), np.float32)
    values[100, 51] = 2.0
    shown = _pixels(draw_map_badge(QPixmap.fromImage(_image()).scaled(64, 64), values, 1.0))
    assert (np.abs(shown - colour_values(2.0)[:3]).max(axis=-1) <= 6).sum() == 1
