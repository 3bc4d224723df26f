"""Maps in the window: of a positional model, with the real engine in its own process."""

from dataclasses import replace

import numpy as np
import pytest
from parts import save_parts
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from windows import close, wait

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.detectors.anomaly_maps import AnomalyMap
from anomaly_gui.detection.model.image_result import AS_A_WHOLE
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.figures.map_colours import Palette
from anomaly_gui.gui.main_window import MainWindow
from anomaly_gui.gui.state.image_table import ImageLabel, Origin
from anomaly_gui.gui.state.journal_record import read_journal
from anomaly_gui.gui.state.mode import Mode
from anomaly_gui.gui.state.window_maps import WindowMaps
from anomaly_gui.gui.tune.plot_tools import Drag
from anomaly_gui.gui.widgets.map_layer import MapMode, draw_map_badge
from anomaly_gui.gui.work.pictures.badges import Badges
from anomaly_gui.project.folder import find_journal

LEFT = Qt.MouseButton.LeftButton
WITH_MAPS = TrainSettings(
    detector="positional", layer="block2_pool", size=64, channels=50, false_alarm_rate=0.1
)


@pytest.fixture(scope="module")
def window(qapp, tmp_path_factory, closed):
    """A window with a positional model that judged good parts and defects."""
    folder = tmp_path_factory.mktemp("maps")
    window = MainWindow(tmp_path_factory.mktemp("place"))
    window.resize(1280, 800)
    window.show()
    known = save_parts(folder / "known", 2, 3, defect=True)
    window.workshop.train_model(TrainRequest((save_parts(folder / "good", 24),), (), (known,), WITH_MAPS))
    wait(window)
    window.workshop.score_images((save_parts(folder / "line", 3, 1),), ImageLabel.GOOD)
    window.workshop.score_images((save_parts(folder / "ng", 3, 2, defect=True),), ImageLabel.DEFECT)
    wait(window)
    yield window
    close(window, closed)


@pytest.fixture(autouse=True)
def as_it_was(request):
    yield
    if "window" in request.fixturenames:
        window = request.getfixturevalue("window")
        window.services.maps.settings.set_mode(MapMode.MAP)
        window.services.maps.set_on_thumbnails(True)
        window.session.select_rows(())
        window.show_mode(Mode.TUNE)


def _rows(window, label, origin=Origin.DROPPED):
    table = window.session.table
    return np.flatnonzero((table.labels == label) & (table.origins == origin)).tolist()


def _look_at(window, row):
    window.session.select_rows((row,))
    picture = window.docks.inspector.picture.picture
    wait(window, until=lambda: not picture.picture_rect.isEmpty())
    return picture


def _press(window, key, modifiers=Qt.KeyboardModifier.NoModifier):
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    QTest.keyClick(window, key, modifiers)


def test_every_scored_image_has_its_map(window):
    maps = window.session.table.maps
    assert all(maps[row] is None for row in _rows(window, ImageLabel.GOOD, Origin.TRAINING))
    for row in (*_rows(window, ImageLabel.GOOD), *_rows(window, ImageLabel.DEFECT)):
        assert (maps[row].width, maps[row].height) == (48, 48)
    assert maps[_rows(window, ImageLabel.DEFECT)[0]].regions
    known = _rows(window, ImageLabel.DEFECT, Origin.KNOWN_DEFECTS)
    assert [bool(maps[row].regions) for row in known] == [True, True]


def test_the_selected_image_is_under_its_map(window):
    row = _rows(window, ImageLabel.DEFECT)[0]
    picture = _look_at(window, row)
    assert picture._regions == window.session.table.maps[row].regions
    assert window.docks.inspector.picture.controls.why.isHidden()
    with_map = picture.viewport().grab().toImage()
    _press(window, Qt.Key.Key_M)
    assert window.services.maps.settings.mode is MapMode.IMAGE
    QTest.qWait(50)
    assert picture.viewport().grab().toImage() != with_map
    _press(window, Qt.Key.Key_M)
    QTest.qWait(50)
    assert picture.viewport().grab().toImage() == with_map


def test_the_operators_view_shows_the_same_map_and_has_a_button_for_it(window):
    row = _rows(window, ImageLabel.DEFECT)[1]
    window.session.select_rows((row,))
    window.show_mode(Mode.INSPECT)
    view = window.center.verdict_view.picture
    wait(window, until=lambda: not view.picture.picture_rect.isEmpty())
    assert view.picture._regions == window.session.table.maps[row].regions
    assert not view.controls.isVisible()
    assert view.settings is window.docks.inspector.picture.settings
    button = window.center.verdict_view.map_button
    QTest.mouseClick(button, LEFT)
    assert view.settings.mode is MapMode.IMAGE
    QTest.mouseClick(button, LEFT)
    assert view.settings.mode is MapMode.MAP
    _press(window, Qt.Key.Key_M)  # here keys are part numbers
    assert view.settings.mode is MapMode.MAP
    assert window.center.verdict_view.part.number.text() == "m"
    window.center.verdict_view.part.number.clear()


def test_a_click_on_a_region_zooms_in(window):
    picture = _look_at(window, _rows(window, ImageLabel.DEFECT)[0])
    region = max(picture._regions, key=lambda one: one.area)
    assert picture.is_whole
    place = picture.mapFromScene(picture.box_of(region).center())
    QTest.mouseClick(picture.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, place)
    assert not picture.is_whole
    window.session.select_rows((_rows(window, ImageLabel.GOOD)[0],))
    _look_at(window, _rows(window, ImageLabel.GOOD)[0])
    assert picture.is_whole


def test_what_is_marked_follows_the_threshold(window):
    row, session = _rows(window, ImageLabel.GOOD)[0], window.session
    was, faint = session.table.maps[row], np.full((8, 8), 0.1, np.float32)
    faint[2, 2] = 0.9
    session.table.maps[row] = AnomalyMap.of(faint, 48, 48)
    picture = _look_at(window, row)
    assert picture._regions == ()
    session.thresholds.set_value(float(session.table.scores.max()) + 1)
    assert len(picture._regions) == 1
    assert picture._regions[0].peak < 1
    assert window.center.verdict_view.picture.picture._regions == picture._regions
    session.undo_stack.undo()
    assert picture._regions == ()
    session.table.maps[row] = was


def test_a_defect_of_which_no_place_stands_out_says_so(window):
    row, session = _rows(window, ImageLabel.GOOD)[1], window.session
    was = session.table.maps[row]
    session.table.maps[row] = replace(was, by_places=False)
    _look_at(window, row)
    session.thresholds.set_value(float(session.table.scores.max()) + 1)
    assert AS_A_WHOLE in window.docks.inspector.why.text()
    assert AS_A_WHOLE in window.center.verdict_view.why.text()
    session.undo_stack.undo()
    session.table.maps[row] = was
    assert AS_A_WHOLE not in window.docks.inspector.why.text()


def test_training_images_have_maps_and_the_good_parts_most_like_them_too(window):
    row, table = _rows(window, ImageLabel.GOOD, Origin.TRAINING)[0], window.session.table
    score = table.scores[row]
    picture = _look_at(window, row)
    wait(window, until=lambda: table.maps[row] is not None)
    assert (table.maps[row].width, table.maps[row].height) == (48, 48)
    assert table.scores[row] == score  # held out, as it was
    assert not picture._map.isNull()
    images = window.session.model.training.images
    assert table.nearest[row]
    assert table.paths[row] not in {images[one].path for one in table.nearest[row]}
    assert window.docks.inspector.picture.controls.why.isHidden()
    wait(window)


def test_a_defect_shows_where_without_the_map_too(window):
    row = _rows(window, ImageLabel.DEFECT)[0]
    picture = _look_at(window, row)
    window.services.maps.settings.set_mode(MapMode.IMAGE)
    assert picture._drawn == picture._regions[:1]
    window.session.select_rows((_rows(window, ImageLabel.GOOD)[0],))
    _look_at(window, _rows(window, ImageLabel.GOOD)[0])
    assert picture._drawn == ()


def test_even_a_defect_in_which_nothing_stands_out_has_a_place_to_look_at_first(window):
    row, session = _rows(window, ImageLabel.GOOD)[1], window.session
    was, faint = session.table.maps[row], np.full((8, 8), 0.3, np.float32)
    faint[5, 2] = 0.4
    session.table.maps[row] = replace(AnomalyMap.of(faint, 48, 48), by_places=False)
    session.thresholds.set_value(float(session.table.scores.max()) + 1)
    (region,) = _look_at(window, row)._regions
    assert region.x <= 15 <= region.x + region.width
    assert region.y <= 33 <= region.y + region.height
    session.undo_stack.undo()
    session.table.maps[row] = was


def test_maps_are_drawn_in_cool_colours_where_parts_are_warm(window):
    picture = _look_at(window, _rows(window, ImageLabel.DEFECT)[0])
    controls, badges = window.docks.inspector.picture.controls, window.services.badges
    warm = picture._map.toImage()
    redrawn = []
    badges.changed.connect(lambda: redrawn.append(True))
    QTest.mouseClick(controls.cool_button, LEFT)
    cool = picture._map.toImage()
    hottest = max((cool.pixelColor(x, y) for x in range(0, 512, 16) for y in range(0, 512, 16)), key=_opacity)
    assert cool != warm
    assert hottest.blue() > hottest.red()
    assert redrawn
    assert WindowMaps(window.preferences).settings.palette is Palette.COOL
    QTest.mouseClick(controls.cool_button, LEFT)
    assert picture._map.toImage() == warm


def _opacity(colour):
    return colour.alpha()


def test_a_pooled_model_says_why_there_is_no_map(small):
    _look_at(small, 0)
    assert "judges the image as a whole" in small.docks.inspector.picture.controls.why.text()
    small.session.select_rows(())
    assert small.docks.inspector.picture.controls.why.text() == ""


def test_what_is_restored_after_a_crash_has_to_be_scored_again(window):
    kept = read_journal(find_journal(window.session.model.file))
    assert len(kept.rows) == 8
    assert all(row.map is None for row in kept.rows)


def test_v_moves_the_plot_now(window):
    tools = window.center.plot_tools.actions_of
    tools[Drag.SELECT].trigger()
    _press(window, Qt.Key.Key_V)
    assert tools[Drag.MOVE].isChecked()


def test_maps_on_thumbnails_are_made_once_and_can_be_switched_off(window, make):
    row = _rows(window, ImageLabel.DEFECT)[0]
    table, badges = window.session.table, window.services.badges
    path = str(table.paths[row])
    wait(window, until=lambda: window.services.pictures.find_thumbnail(path) is not None)
    thumbnail = window.services.pictures.find_thumbnail(path)
    badge = badges.draw_badge(thumbnail, table.maps[row])
    wanted = draw_map_badge(thumbnail, table.maps[row].values, window.services.maps.settings.opacity)
    assert badge.toImage() == wanted.toImage() != thumbnail.toImage()
    assert badges.draw_badge(thumbnail, table.maps[row]).cacheKey() == badge.cacheKey()
    window.services.maps.settings.set_mode(MapMode.IMAGE)
    assert badges.draw_badge(thumbnail, table.maps[row]) is thumbnail
    window.services.maps.settings.set_mode(MapMode.SPLIT)
    assert badges.draw_badge(thumbnail, table.maps[row]) is not thumbnail
    (switch,) = (each for each in window.menus.map_actions if each.isCheckable())
    assert switch.isChecked()
    switch.trigger()
    assert badges.draw_badge(thumbnail, table.maps[row]) is thumbnail
    assert not make().services.maps.on_thumbnails  # the next start remembers
    switch.trigger()
    assert make().services.maps.on_thumbnails


def test_the_gallery_and_the_strip_follow_the_key(window):
    window.session.select_rows(())
    thumbnails = window.docks.gallery.pair.lists[3]
    window.docks.gallery.refresh()
    wait(window, until=lambda: len(thumbnails.rows.rows) > 0)
    QTest.qWait(300)
    with_maps = thumbnails.viewport().grab().toImage()
    window.services.maps.toggle_map()
    QTest.qWait(50)
    assert thumbnails.viewport().grab().toImage() != with_maps
    window.services.maps.toggle_map()
    QTest.qWait(50)
    assert thumbnails.viewport().grab().toImage() == with_maps
    window.show_mode(Mode.INSPECT)
    strip = window.center.verdict_view.strip
    wait(window, until=lambda: not strip.item(0).icon().isNull())
    before = strip.grab(strip.rect()).toImage()
    window.services.maps.toggle_map()
    QTest.qWait(50)
    assert strip.grab(strip.rect()).toImage() != before


def test_no_more_badges_are_kept_than_there_is_room_for(window, monkeypatch):
    monkeypatch.setattr("anomaly_gui.gui.work.pictures.badges._REMEMBERED", 100_000)
    badges, thumbnail = Badges(window.services.maps), window.grab().scaled(64, 64)
    for _ in range(20):
        badges.draw_badge(thumbnail, AnomalyMap.of(np.zeros((8, 8), np.float32), 64, 64))
    assert 1 <= len(badges._badges) <= 6
    assert badges._bytes <= 100_000


def test_a_frame_waits_for_no_more_badges_than_it_has_time_for(window, qtbot, monkeypatch):
    """What is not ready is drawn as it is, and said to be changed a moment later."""
    monkeypatch.setattr("anomaly_gui.gui.work.pictures.badges._AT_ONCE", 0.0)
    badges, thumbnail = Badges(window.services.maps), window.grab().scaled(64, 64)
    found = [AnomalyMap.of(np.full((8, 8), 2.0, np.float32), 64, 64) for _ in range(2)]
    with qtbot.waitSignal(badges.changed):
        first, second = (badges.draw_badge(thumbnail, each) for each in found)
    assert first is not thumbnail
    assert second is thumbnail
    assert badges.draw_badge(thumbnail, found[1]) is not thumbnail
