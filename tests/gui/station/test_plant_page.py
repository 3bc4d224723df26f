"""The plant in the window of stations: read from a real server by real widgets, also while that is away."""

import csv
import socket
import time
from contextlib import closing
from datetime import datetime, timedelta

import pytest
from copies import name_settings
from plant_records import LIGHT, NAMES, make_plant
from postgres_peer import Server, needs_postgresql
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from recorded import add_rows
from station_waiting import wait_for_thread as wait_for

from anomaly_gui.gui.station.feed.health import Level
from anomaly_gui.gui.station.plant.plant_bar import BETWEEN, TODAY, WEEK
from anomaly_gui.gui.station.plant.plant_page import PlantPage
from anomaly_gui.station.server.plant_reading import read_plant

TABLE = '[postgresql]\nurl = "{url}"\npassword_file = "{folder}/password"\ntimeout = 2\n'
pytestmark = needs_postgresql


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("plant")


@pytest.fixture(scope="module")
def server(folder):
    one = Server()
    try:
        make_plant(name_settings(one, folder), folder, datetime.now().astimezone() - timedelta(hours=40))
        yield one
    finally:
        one.close()


@pytest.fixture
def plant_file(server, folder):
    file = folder / "plant.toml"
    file.write_text(TABLE.format(url=server.url, folder=folder), "utf-8")
    return file


@pytest.fixture
def open_plant(open_window, plant_file):
    """Open the window with the plant, of the last seven days, once that was read."""

    def make():
        window = open_window(plant_file)
        page = window.tabs.currentWidget()
        assert isinstance(page, PlantPage)
        choose_week(page)
        return window, page

    return make


def choose_week(page):
    page.bar.period.setCurrentIndex(WEEK)
    wait_for(lambda: page.plant is not None and len(page.plant.begins) == 7, "the week was read")


def list_cells(model, column):
    return [model.index(row, column).data() for row in range(model.rowCount())]


def click_row(table, row, keys=Qt.KeyboardModifier.NoModifier):
    place = table.visualRect(table.model().index(row, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, keys, place)


def test_the_tables_have_what_the_server_says(open_plant, plant_file, server, folder):
    window, page = open_plant()
    assert page.bar.make_filter() == page.plant.wanted
    told = read_plant(name_settings(server, folder), page.plant.wanted)
    assert [one.tally for one in told.stations] == [one.tally for one in page.plant.stations]
    assert list_cells(page.stations, 0) == [
        "Plant 1, Line 1, Cell 1",
        "Plant 1, Line 2, Cell 2",
        "Plant 2, Line 1, Trial",
    ]
    assert list_cells(page.stations, 1) == [f"{one.tally.parts}" for one in told.stations]
    rate = told.stations[0].tally.measure_yield()
    assert (
        list_cells(page.stations, 2)[0]
        == f"{100 * rate.rate:.2f} % ({100 * rate.low:.2f} % to {100 * rate.high:.2f} %)"
    )
    assert list_cells(page.stations, 2)[2] == "–"
    assert list_cells(page.stations, 8)[:2] == [LIGHT, "Warnings that came and went: 1"]
    assert list_cells(page.lots, 0) == [lot.lot or "(no lot)" for lot in told.lots]
    assert page.as_of.text() == f"as of {page.plant.at:%H:%M:%S}"
    first = page.stations.index(0, 0)
    assert first.data(Qt.ItemDataRole.AccessibleTextRole) == "Plant 1, Line 1, Cell 1: look at this"
    assert [row.level for row in page.stations.rows] == [Level.WARNING, Level.OFF, Level.OFF]
    assert "It went again." in first.data(Qt.ItemDataRole.ToolTipRole)
    assert window.tabs.tabText(0) == "Plant"
    assert window.tabs.tabToolTip(0).endswith("look at this")
    assert window.windowTitle() == f"Plant 127.0.0.1:{server.port}/plant – Stations"
    assert window.preferences.recent_stations == [plant_file]


def test_lots_and_plot_are_those_of_the_chosen_stations(open_plant):
    _, page = open_plant()
    assert {row.station for row in page.lots.rows} == {NAMES["Cell 1"], NAMES["Cell 2"]}
    click_row(page.station_table, 1)
    assert page.chosen == [NAMES["Cell 2"]]
    assert {row.station for row in page.lots.rows} == {NAMES["Cell 2"]}
    assert page.plot.legend.text().replace("\u00a0", " ").endswith("Plant 1, Line 2, Cell 2")
    assert page.plot.legend.text().count("●") == 1
    moments, heights = page.plot.lines[0].getData()
    station = page.plant.stations[1]
    assert [100 * tally.measure_yield().rate for tally in station.spans.values()] == pytest.approx(
        list(heights)
    )
    assert [page.plant.begins[place].timestamp() for place in station.spans] == list(moments)
    page.plot.what.setFocus()
    QTest.keyClick(page.plot.what, Qt.Key.Key_Down)
    _, heights = page.plot.lines[0].getData()
    assert [100 * tally.rejected for tally in station.spans.values()] == pytest.approx(list(heights))
    click_row(page.station_table, 0, Qt.KeyboardModifier.ControlModifier)
    assert len(page.chosen) == 2
    assert len(page.plot.lines[1].getData()[0])
    page.feed.look()
    before = page.plant
    wait_for(lambda: page.plant is not before, "it was read again")
    assert len(page.chosen) == 2  # and the same ones are chosen


def test_time_line_and_lot_are_asked_for_by_the_keys(open_plant):
    _, page = open_plant()
    page.bar.lot.setFocus()
    QTest.keyClicks(page.bar.lot, "L3")
    wait_for(lambda: list_cells(page.lots, 0) == ["L3"], "the lot is found")
    assert [row.station for row in page.stations.rows] == [NAMES["Cell 2"]]
    page.bar.lot.clear()
    wait_for(lambda: len(page.stations.rows) == 3, "all are back")
    page.bar.line.setFocus()
    QTest.keyClick(page.bar.line, Qt.Key.Key_Down)
    wait_for(lambda: len(page.stations.rows) == 1, "a line is chosen")
    assert page.bar.line.currentText() == "Plant 1, Line 1"
    assert page.stations.rows[0].station == NAMES["Cell 1"]
    page.bar.period.setCurrentIndex(BETWEEN)
    assert page.bar.since.isVisible()
    page.bar.since.setDateTime(page.bar.until.dateTime().addDays(1))
    wait_for(page.trouble.isVisible, "it is refused")
    assert "ends before it begins" in page.trouble.text()
    page.bar.period.setCurrentIndex(TODAY)
    wait_for(lambda: not page.trouble.isVisible(), "today was read")
    assert len(page.plant.begins) in (23, 24, 25)


def test_a_server_that_goes_leaves_the_last_figures(open_plant, server):
    window, page = open_plant()
    parts, as_of = list_cells(page.stations, 1), page.as_of.text()
    server.stop()
    try:
        page.feed.look()
        wait_for(page.trouble.isVisible, "it is missed")
    finally:
        server.start()
    assert page.trouble.text().startswith(f"127.0.0.1:{server.port}/plant: ")
    assert page.trouble.text().endswith("The figures are the last that are known.")
    assert (list_cells(page.stations, 1), page.as_of.text()) == (parts, as_of)
    assert page.level is Level.FAULT
    assert window.tabs.tabToolTip(0).endswith("fault")
    page.feed.look()
    wait_for(lambda: not page.trouble.isVisible(), "it is back")
    assert page.level is Level.WARNING


def test_what_is_shown_is_written_as_a_table(open_plant, tmp_path, monkeypatch):
    window, page = open_plant()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "lots"), ""))
    click_row(page.station_table, 1)
    page.export.menu().actions()[1].trigger()
    wait_for(lambda: "row(s)" in window.statusBar().currentMessage(), "it is written")
    with (tmp_path / "lots.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["lot"], int(row["parts"])) for row in rows] == [
        (lot.lot, lot.tally.parts) for lot in page.plant.lots if lot.station == NAMES["Cell 2"]
    ]
    assert window.statusBar().currentMessage() == f"{tmp_path / 'lots.csv'}: {len(rows)} row(s)."


def test_the_menu_opens_the_plant_of_a_line_and_else_asks(line, open_window, plant_file, monkeypatch):
    add_rows(line, [{}])
    window = open_window(line.file)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(plant_file), ""))
    window.menus.plant.trigger()
    (page,) = window.plants.pages
    assert page.file == plant_file
    window.plants.open_plant(plant_file)  # it is open already
    assert len(window.plants.pages) == 1
    window.tabs.tabCloseRequested.emit(1)
    assert window.plants.pages == []
    line.file.write_text(line.file.read_text() + plant_file.read_text())
    other = open_window(line.file)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: pytest.fail("it is known"))
    other.activateWindow()
    QTest.qWait(100)
    QTest.keyClick(
        other, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert [one.file for one in other.plants.pages] == [line.file]
    assert other.files == (line.file,)


def test_a_file_without_a_server_is_refused_in_a_sentence(line, open_window, monkeypatch):
    add_rows(line, [{}])
    window = open_window(line.file)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(line.file), ""))
    window.menus.plant.trigger()
    assert "names no server" in window.statusBar().currentMessage()
    assert window.plants.pages == []


def test_a_plant_is_found_again_and_offers_no_file_while_it_is_locked(open_plant, open_window, plant_file):
    window, page = open_plant()
    window.lock.lock()
    assert page.isVisible()
    assert not page.export.isVisible()
    window.lock.is_locked = False
    window.lock.changed.emit()
    assert page.export.isVisible()
    window.hand_over()
    again = open_window()
    again.take_up()
    assert [one.file for one in again.plants.pages] == [plant_file]


def test_all_texts_have_room_on_a_small_screen(open_plant):
    window, page = open_plant()
    window.resize(1366, 768)
    QTest.qWait(50)
    for table, wide in ((page.station_table, 8), (page.lot_table, None)):
        for column in range(table.model().columnCount()):
            if column != wide:  # sentences are in the tooltip
                assert table.sizeHintForColumn(column) <= table.columnWidth(column), column
            assert table.horizontalHeader().sectionSizeHint(column) <= table.columnWidth(column), column
        assert not table.horizontalScrollBar().isVisible()
    assert window.width() == 1366
    fields = (page.bar.period, page.bar.line, page.bar.lot, page.export, page.as_of)
    assert all(field.width() >= field.minimumSizeHint().width() for field in fields)


def test_a_window_does_not_wait_for_a_server_that_says_nothing(open_window, tmp_path):
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        file = tmp_path / "plant.toml"
        url = f"postgresql://station@127.0.0.1:{silent.getsockname()[1]}/plant"
        file.write_text(f'[postgresql]\nurl = "{url}"\ntimeout = 2\n', "utf-8")
        window = open_window(file)
        began = time.monotonic()
        QTest.qWait(100)
        assert window.close()
        assert time.monotonic() - began < 1.5


def test_it_is_read_again_while_it_is_shown(open_plant, monkeypatch, line):
    monkeypatch.setattr("anomaly_gui.gui.station.plant.plant_feed.EVERY", 50)
    window, page = open_plant()
    told = []
    page.feed.changed.connect(told.append)
    wait_for(lambda: len(told) > 1, "it is read again and again")
    add_rows(line, [{}])
    window.open_station(line.file)
    assert not page.isVisible()
    assert page.level is Level.OFF
    wait_for(lambda: not page.feed.is_reading, "the last reading came")
    count = len(told)
    end = time.monotonic() + 1
    wait_for(lambda: time.monotonic() > end, "a second is over")
    assert len(told) == count
    window.tabs.setCurrentWidget(page)
    wait_for(lambda: len(told) > count, "it goes on")


def test_what_is_read_for_an_earlier_question_is_not_shown(open_plant, monkeypatch):
    _, page = open_plant()
    asked = []

    def read_slowly(settings, wanted):
        asked.append(wanted)
        time.sleep(0.3)
        return read_plant(settings, wanted)

    monkeypatch.setattr("anomaly_gui.gui.station.plant.plant_feed.read_plant", read_slowly)
    shown = []
    page.feed.changed.connect(shown.append)
    page.feed.look()
    page.bar.lot.setText("L3")
    page.feed.look()
    page.feed.look()
    wait_for(lambda: shown, "it was read")
    assert [wanted.lot for wanted in asked] == [None, "L3"]
    assert [plant.wanted.lot for plant in shown] == ["L3"]


def test_figures_are_not_those_of_another_question(open_plant, server):
    _, page = open_plant()
    before = page.plant
    page.bar.lot.setText("L3")
    QTest.keyClick(page.bar.lot, Qt.Key.Key_Return)
    assert page.as_of.text() == "reading…"
    assert not page.export.isEnabled()
    wait_for(lambda: page.plant is not before, "the lot was read")
    assert page.as_of.text().startswith("as of ")
    assert page.export.isEnabled()
    server.stop()
    try:
        page.bar.lot.clear()
        wait_for(page.trouble.isVisible, "it is missed")
        since = f"{page.plant.wanted.since:%Y-%m-%d %H:%M}"
        assert f"The figures are still those of {since} – " in page.trouble.text()
        assert page.trouble.text().endswith(", L3.")
        assert page.as_of.text().startswith("as of ")
        assert not page.export.isEnabled()
        page.trouble.hide()
        page.bar.lot.setText("L3")
        wait_for(page.trouble.isVisible, "it is missed again")
        assert page.trouble.text().endswith("The figures are the last that are known.")
        assert page.export.isEnabled()
    finally:
        server.start()


def test_a_reading_that_ends_when_nobody_looks_lights_no_lamp(open_plant, monkeypatch, line):
    window, page = open_plant()
    told = []
    page.feed.changed.connect(told.append)

    def read_slowly(settings, wanted):
        time.sleep(0.5)
        return read_plant(settings, wanted)

    monkeypatch.setattr("anomaly_gui.gui.station.plant.plant_feed.read_plant", read_slowly)
    add_rows(line, [{}])
    page.feed.look()
    window.open_station(line.file)
    assert not page.isVisible()
    wait_for(lambda: told, "it was read all the same")
    assert page.level is Level.OFF


def test_a_bug_in_reading_is_said_and_ends_nothing(open_plant, monkeypatch, uncaught):
    _, page = open_plant()

    def fail(*_):
        raise ZeroDivisionError("of a test")

    with monkeypatch.context() as broken:
        broken.setattr("anomaly_gui.gui.station.plant.plant_feed.read_plant", fail)
        page.feed.look()
        wait_for(page.trouble.isVisible, "it is said")
    assert "of a test" in page.trouble.text()
    assert [str(error[1]) for error in uncaught] == ["of a test"]
    page.feed.look()
    wait_for(lambda: not page.trouble.isVisible(), "it goes on")


def test_figures_of_another_day_say_so(open_plant, monkeypatch):
    _, page = open_plant()

    class Tomorrow(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + timedelta(days=1)

    monkeypatch.setattr("anomaly_gui.gui.station.feed.moments.datetime", Tomorrow)
    page.feed.failed.emit("the server is away")
    assert page.as_of.text() == f"as of {page.plant.at:%Y-%m-%d %H:%M:%S}"
