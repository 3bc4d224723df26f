"""What the operator's page asks of a station's camera: real keys and clicks, a real station."""

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from station_waiting import wait_for

sys.path.insert(0, str(Path(__file__).parents[2] / "station" / "camera"))

from camera_line import make_camera_line

_NAMED = "SELECT part, lot, source FROM result ORDER BY seq"


@pytest.fixture
def camera_line(tmp_path, model_file):
    folder = tmp_path / "camera"
    folder.mkdir()
    return make_camera_line(folder, model_file, capture="code_rule = '(?P<lot>L[0-9]+)-(?P<part>.+)'")


def type_keys(window, text):
    """Type as a scanner does, into whatever has the focus."""
    for letter in text:
        QTest.keyClick(window.focusWidget() or window, letter)
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Return)


def test_a_scanned_code_names_the_part_of_the_next_picture(camera_line, open_window, running):
    running(camera_line)
    window = open_window(camera_line.file)
    view = window.current
    bar = view.operator.camera
    assert bar.isVisible()
    wait_for(lambda: view.feed.latest is not None, "it was looked at")
    wait_for(lambda: bar.take.isEnabled() and view.feed.latest.health.state == "running", "it runs")
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
