"""The window of stations: several in it, opened in every way, locked, in another language."""

import pytest
from line import make_line
from PySide6.QtCore import QCoreApplication, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from recorded import add_rows, alive, write_state
from station_waiting import wait_for
from windows import drag_and_drop

from anomaly_gui.gui.inspect.operator.pin_dialog import PinDialog
from anomaly_gui.gui.station.feed.health import Level
from anomaly_gui.gui.station.station_window import open_stations


@pytest.fixture
def other(tmp_path, model_file):
    line = make_line(tmp_path / "line 2", model_file)
    line.file.write_text(line.file.read_text().replace('"Cell 1"', '"Caps & lids"'))
    return line


def type_pin(*pins):
    """Type into the dialog that comes, and press Enter."""

    def fill():
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, PinDialog)
        for field, pin in zip(dialog.findChildren(QLineEdit), pins, strict=True):
            QTest.keyClicks(field, pin)
        QTest.keyClick(dialog.pin, Qt.Key.Key_Return)
        if dialog.isVisible():
            dialog.reject()

    QTimer.singleShot(200, fill)


def test_several_stations_have_a_tab_with_a_lamp_each(line, other, open_window):
    for one in (line, other):
        add_rows(one, [{}])
    with alive(line):
        write_state(line)
        window = open_window(line.file, other.file)
        first, second = window.views
        wait_for(lambda: first.level is Level.WELL, "the first is well")
        wait_for(lambda: second.feed.latest is not None, "the second was looked at")
        assert second.level is Level.OFF
        assert [window.tabs.tabText(index) for index in range(2)] == ["Cell 1", "Caps && lids"]
        assert window.tabs.tabToolTip(0).endswith("well")
        assert window.windowTitle() == "Caps & lids – Stations"
        window.open_station(line.file)  # it is open already
        assert window.tabs.count() == 2
        assert window.current is first
    wait_for(lambda: first.level is Level.FAULT, "the first has ended")
    assert window.tabs.tabToolTip(0).endswith("fault")
    window.tabs.tabCloseRequested.emit(0)
    assert window.views == [second]


def test_records_alone_open_a_station_that_cannot_be_started(line, open_window, tmp_path):
    add_rows(line, [{}])
    line.file.rename(tmp_path / "elsewhere.toml")
    window = open_window(line.ledger)
    view = window.current
    wait_for(lambda: view.feed.latest is not None, "it was looked at")
    assert view.place.settings is None
    assert view.operator.counts.numbers and not view.operator.condition.start.isVisible()
    assert not window.menus.start.isEnabled()


def test_records_beside_their_line_are_known_by_it(line, open_window):
    add_rows(line, [{}])
    window = open_window(line.ledger.parent)
    assert window.current.place.settings.station == "Cell 1"
    assert window.preferences.recent_stations == [line.file]


def test_what_is_no_station_is_said_in_a_sentence(line, open_window, tmp_path):
    window = open_window(tmp_path)
    assert "is no folder of a station's records" in window.statusBar().currentMessage()
    line.file.write_text("[station]\nsite = 1\n")
    window.open_station(line.file)
    assert "line1.toml" in window.statusBar().currentMessage()
    assert window.views == []
    assert window.empty.isVisible()


def test_the_lock_leaves_nothing_but_watching(line, other, open_window):
    for one in (line, other):
        add_rows(one, [{}])
    window = open_window(line.file, other.file)
    window.menus.pages[1].trigger()
    type_pin("2468", "2468")
    QTest.mouseClick(window.lock_button, Qt.MouseButton.LeftButton)
    assert window.lock.is_locked
    assert window.isFullScreen()
    assert not window.menuBar().isVisible()
    assert window.current.pages.currentWidget() is window.current.operator
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.current.pages.currentWidget() is window.current.operator
    place = window.tabs.tabBar().tabRect(0).center()
    QTest.mouseClick(window.tabs.tabBar(), Qt.MouseButton.LeftButton, pos=place)
    assert window.current is window.views[0]  # another station may be looked at
    type_pin("1111")
    assert not window.close()
    type_pin("2468")
    QTest.mouseClick(window.lock_button, Qt.MouseButton.LeftButton)
    assert not window.lock.is_locked
    assert window.menuBar().isVisible()
    assert not window.isFullScreen()


def test_a_lock_holds_over_a_restart(line, open_window, closed):
    add_rows(line, [{}])
    window = open_window(line.file)
    type_pin("2468", "2468")
    window.menus.lock.trigger()
    window.hand_over()
    again = open_stations([])
    closed.append(again)
    assert [view.place.file for view in again.views] == [line.file]
    assert again.lock.is_locked
    again.hand_over()


def test_a_lock_holds_where_no_station_can_be_opened(line, open_window, closed, monkeypatch):
    add_rows(line, [{}])
    window = open_window(line.file)
    type_pin("2468", "2468")
    window.menus.lock.trigger()
    window.hand_over()
    line.file.rename(line.file.with_name("away"))
    line.ledger.rename(line.ledger.with_name("away"))
    again = open_stations([])
    closed.append(again)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: pytest.fail("it is locked"))
    assert again.views == []
    assert again.lock.is_locked
    assert not again.menuBar().isVisible()
    assert again.empty.button.text() == "Unlock…"
    type_pin("2468")
    QTest.mouseClick(again.empty.button, Qt.MouseButton.LeftButton)
    assert not again.lock.is_locked
    assert again.empty.button.text() == "Open a station…"
    again.hand_over()


def test_a_station_that_could_not_be_opened_is_tried_again(line, other, open_window, closed):
    for one in (line, other):
        add_rows(one, [{}])
    open_window(line.file, other.file).hand_over()
    away = line.file.rename(line.file.with_name("away"))
    for expected in ({other.file}, {line.file, other.file}):
        again = open_stations([])
        closed.append(again)
        assert {view.place.file for view in again.views} == expected
        again.hand_over()
        if away.exists():
            away.rename(line.file)
    last = open_stations([])
    closed.append(last)
    last.tabs.tabCloseRequested.emit([view.place.file for view in last.views].index(line.file))
    assert last.preferences.read_folders("stations_open") == (other.file,)
    last.hand_over()


# Ways in from the main window


def list_titles(window):
    return [view.place.title for view in window.views]


def test_the_start_page_and_the_menu_open_stations(line, make, monkeypatch):
    add_rows(line, [{}])
    main = make()
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(line.file)], ""))
    QTest.mouseClick(main.center.start_page.station, Qt.MouseButton.LeftButton)
    window = main.stations.window
    assert list_titles(window) == ["Cell 1"]
    assert window.close()
    main.menus.station_menu.aboutToShow.emit()
    recent = main.menus.station_menu.actions()[2]  # after "Open" and a line
    assert str(line.folder) in recent.text()
    recent.trigger()
    again = main.stations.window
    assert again is not window
    assert list_titles(again) == ["Cell 1"]
    assert main.close()
    assert again.isVisible()  # it lives by itself
    assert again.close()


def test_a_line_that_is_dropped_opens_its_station(line, make):
    add_rows(line, [{}])
    main = make()
    for is_taken in drag_and_drop(main, [line.file]):
        assert is_taken
        assert "Open the station of line1.toml" in main._drop_hint.text
    assert list_titles(main.stations.window) == ["Cell 1"]
    main.stations.window.close()


def test_help_is_about_this_window(line, open_window, monkeypatch):
    asked = []
    monkeypatch.setattr("anomaly_gui.gui.station.station_menus.open_help", asked.append)
    window = open_window(line.file)
    window.activateWindow()
    QTest.qWait(100)
    QTest.keyClick(window, Qt.Key.Key_F1)
    assert asked == ["station_window.md"]


def test_the_window_waits_for_nothing_at_its_end(line, open_window):
    add_rows(line, [{}])
    window = open_window(line.file)
    window.move(QPoint(0, 0))
    assert window.close()
    QCoreApplication.processEvents()
    assert not window.isVisible()
