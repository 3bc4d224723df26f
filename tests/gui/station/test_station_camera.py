"""What the operator's page asks of a station's camera: real keys and clicks, a real station."""

import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from recorded import add_rows, alive, write_state
from station_waiting import wait_for

sys.path.insert(0, str(Path(__file__).parents[2] / "station" / "camera"))

from camera_line import make_camera_line

from anomaly_gui.gui.inspect.operator.operator_keys import OperatorKeys
from anomaly_gui.gui.station.operator.camera_bar import CameraBar
from anomaly_gui.station.capture.notes import read_note
from anomaly_gui.station.capture.taken import TakenFolder

_NAMED = "SELECT part, lot, source FROM result ORDER BY seq"


@pytest.fixture
def camera_line(tmp_path, model_file):
    folder = tmp_path / "camera"
    folder.mkdir()
    return make_camera_line(folder, model_file, capture="code_rule = '(?P<lot>L[0-9]+)-(?P<part>.+)'")


def open_camera(window):
    """Return the view of a station that runs, and what its camera is asked by."""
    view = window.current
    bar = view.operator.camera
    wait_for(lambda: view.feed.latest is not None, "it was looked at")
    wait_for(lambda: bar.take.isEnabled() and view.feed.latest.health.state == "running", "it runs")
    return view, bar


def type_keys(window, text):
    """Type as a scanner does, into whatever has the focus."""
    for letter in text:
        QTest.keyClick(window.focusWidget() or window, letter)
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Return)


def test_a_scanned_code_names_the_part_of_the_next_picture(camera_line, open_window, running):
    running(camera_line)
    window = open_window(camera_line.file)
    view, bar = open_camera(window)
    assert bar.isVisible()
    window.activateWindow()
    view.operator.strip.setFocus()
    type_keys(window, "L12-B7")
    wait_for(lambda: list(camera_line.asked.glob("*.scan")), "the code is there for the station")
    wait_for(lambda: "L12-B7" in window.statusBar().currentMessage(), "it is said")
    assert bar.code.text() == "L12-B7"
    QTest.mouseClick(bar.take, Qt.MouseButton.LeftButton)
    wait_for(lambda: camera_line.count() == 1, "a picture was judged")
    assert camera_line.ask(_NAMED) == [("B7", "L12", "camera/command")]
    wait_for(lambda: bar.code.text() == "", "the code is used up")
    wait_for(lambda: "B7" in view.operator.part.text(), "the part is shown by its number")


def test_a_code_without_enter_and_two_clicks_are_one_picture_of_that_part(camera_line, open_window, running):
    running(camera_line)
    _, bar = open_camera(open_window(camera_line.file))
    QTest.keyClicks(bar.code, "L12-B7")
    for _ in range(2):
        QTest.mouseClick(bar.take, Qt.MouseButton.LeftButton)
        assert not bar.take.isEnabled()
    wait_for(lambda: camera_line.count() == 1, "a picture was judged")
    wait_for(lambda: bar.take.isEnabled(), "another may be asked for")
    QTest.qWait(1000)
    assert camera_line.ask(_NAMED) == [("B7", "L12", "camera/command")]
    wait_for(lambda: bar.code.text() == "", "the code is used up")


def find_trigger(line):
    wait_for(lambda: list(line.asked.glob("*.trigger")), "a picture was asked for")
    (trigger,) = line.asked.glob("*.trigger")
    return trigger


def test_after_a_picture_that_did_not_come_another_may_be_asked_for(camera_line, open_window):
    camera_line.asked.mkdir(parents=True)
    with alive(camera_line):
        write_state(camera_line)
        window = open_window(camera_line.file)
        _, bar = open_camera(window)
        bar.take.setFocus()
        QTest.mouseClick(bar.take, Qt.MouseButton.LeftButton)
        assert not bar.take.isEnabled()
        assert window.focusWidget() is None  # no other button hears the next key
        trigger = find_trigger(camera_line)
        (camera_line.incoming / f"{trigger.stem}.missed").write_text("{}")
        trigger.unlink()
        wait_for(lambda: "gave no picture" in window.statusBar().currentMessage(), "it is said")
        assert bar.take.isEnabled()
        assert window.focusWidget() is bar.take


def test_a_tab_that_is_closed_waits_for_no_picture(camera_line, open_window):
    camera_line.asked.mkdir(parents=True)
    with alive(camera_line):
        write_state(camera_line)
        window = open_window(camera_line.file)
        view, _ = open_camera(window)
        for _ in range(2):
            view.camera.ask_for_picture()
        trigger = find_trigger(camera_line)
        began = time.monotonic()
        window.close_station(0)
        QTest.qWait(100)
        assert time.monotonic() - began < 1
        assert not window.findChildren(OperatorKeys)
        trigger.unlink()
        QTest.qWait(500)
    assert not list(camera_line.asked.glob("*.trigger"))  # the second was not asked for


def test_no_code_goes_with_a_picture_where_the_one_that_waited_was_taken_away(camera_line, open_window):
    camera_line.asked.mkdir(parents=True)
    add_rows(camera_line, [{}])
    folder = TakenFolder(camera_line.incoming)
    with alive(camera_line):
        write_state(camera_line)
        folder.write_scan("L12-B7")
        window = open_window(camera_line.file)
        _, bar = open_camera(window)
        wait_for(lambda: bar.code.text() == "L12-B7", "the code is shown")
        bar.code.selectAll()
        QTest.keyClick(bar.code, Qt.Key.Key_Delete)
        QTest.mouseClick(bar.take, Qt.MouseButton.LeftButton)
        trigger = find_trigger(camera_line)
        note = read_note(trigger.read_bytes())
        trigger.unlink()
        wait_for(bar.take.isEnabled, "it came")
    assert (note.part, note.lot) == (None, None)
    assert folder.find_scan() is None


def test_nothing_can_be_asked_of_a_station_that_does_not_run(camera_line, open_window):
    window = open_window(camera_line.file)
    view = window.current
    wait_for(lambda: view.feed.latest is not None, "it was looked at")
    assert not view.operator.camera.take.isEnabled()
    view.camera.ask_for_picture()
    wait_for(lambda: "does not run" in window.statusBar().currentMessage(), "it is said")
    assert not list(camera_line.folder.rglob("*.trigger"))


def test_a_station_without_a_camera_offers_none(line, open_window):
    view = open_window(line.file).current
    wait_for(lambda: view.feed.latest is not None, "it was looked at")
    assert not view.operator.camera.isVisible()


# The field alone


@pytest.fixture
def bar(qapp, closed):
    bar = CameraBar()
    bar.show()
    bar.show_code("", True)
    yield bar
    closed.append(bar)


def type_elsewhere(bar, letters):
    for letter in letters:
        bar.code.take_key(QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter))


def test_what_stands_there_is_said_before_the_picture_is_asked_for(bar):
    said = []
    bar.scanned.connect(said.append)
    bar.picture_wanted.connect(lambda: said.append("picture"))
    QTest.keyClicks(bar.code, "A11")
    QTest.mouseClick(bar.take, Qt.MouseButton.LeftButton)
    QTest.mouseClick(bar.take, Qt.MouseButton.LeftButton)
    assert said == ["A11", "picture", "picture"]
    bar.show_code("", True)
    assert bar.code.text() == ""


def test_the_next_code_takes_the_place_of_the_one_that_waits(bar):
    bar.code.setFocus()
    QTest.keyClicks(bar.code, "A11")
    QTest.keyClick(bar.code, Qt.Key.Key_Return)
    for code in ("", "A11", "A11"):  # the first was read before the code was noted
        bar.show_code(code, True)
    QTest.keyClicks(bar.code, "B12")
    assert bar.code.text() == "B12"


def test_a_code_that_is_typed_elsewhere_takes_the_place_of_the_one_that_waits(bar):
    bar.take.setFocus()
    bar.show_code("A11", True)
    type_elsewhere(bar, "B12")
    assert bar.code.text() == "B12"
    bar.show_code("A11", True)
    assert bar.code.text() == "B12"  # it is being typed


def test_what_is_typed_while_the_station_does_not_run_is_no_code(bar):
    bar.show_code("", False)
    type_elsewhere(bar, "A11")
    assert bar.code.text() == ""
    bar.show_code("B12", True)
    assert bar.code.text() == "B12"


def test_an_empty_field_is_said_only_in_place_of_a_code(bar):
    said = []
    bar.scanned.connect(said.append)
    QTest.keyClick(bar.code, Qt.Key.Key_Return)
    assert said == []
    bar.show_code("A11", True)
    bar.code.selectAll()
    QTest.keyClick(bar.code, Qt.Key.Key_Backspace)
    for _ in range(2):
        QTest.keyClick(bar.code, Qt.Key.Key_Return)
    assert said == [""]
