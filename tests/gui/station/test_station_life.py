"""A real station and its window: each may end, and the other goes on."""

import json
import signal

import pytest
from line import save_picture
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from station_waiting import wait_for

from anomaly_gui.station.judging.judged import StationVerdict
from anomaly_gui.station.lock import is_claimed
from anomaly_gui.station.stopping import ask_to_stop


def answer_yes():
    """Press Yes in the question that comes."""
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    QTest.mouseClick(box.button(QMessageBox.StandardButton.Yes), Qt.MouseButton.LeftButton)


def health_of(view):
    return view.feed.latest.health


def test_the_window_starts_a_station_that_outlives_it_and_another_stops_it(line, open_window):
    window = open_window(line.file)
    view, records = window.current, line.file.parent / "records"
    wait_for(lambda: view.feed.latest is not None, "it was looked at")
    assert "never did" in view.operator.condition.says.text()
    QTest.mouseClick(view.operator.condition.start, Qt.MouseButton.LeftButton)
    wait_for(lambda: view.is_alive and health_of(view).state == "running", "it runs")
    assert not view.operator.condition.isVisible()
    save_picture(line.incoming / "cap_7.png", defect=True)
    wait_for(lambda: view.operator.shown is not None, "the part is shown")
    assert "DEFECT" in view.operator.word.text()
    assert "cap_7" in view.operator.part.text()
    assert view.operator.counts.numbers[StationVerdict.DEFECT].text() == "1"
    wait_for(lambda: not view.operator.picture.picture.picture_rect.isEmpty(), "its picture is shown")
    assert window.close()
    save_picture(line.incoming / "cap_8.png")
    wait_for(lambda: line.count() == 2, "the station judged on")

    other = open_window(line.file)
    wait_for(lambda: other.current.is_alive, "it is found alive")
    assert other.menus.stop.isEnabled()
    QTimer.singleShot(300, answer_yes)
    other.menus.stop.trigger()
    wait_for(lambda: not is_claimed(records), "it ended")
    wait_for(lambda: not other.current.is_alive, "that was seen")
    assert health_of(other.current).state == "stopped"
    [(who,)] = line.ask("SELECT who FROM audit WHERE what = 'stop'")
    assert who


def test_a_killed_station_is_never_shown_as_running(line, open_window, running):
    process = running(line)
    window = open_window(line.file)
    view = window.current
    wait_for(lambda: view.feed.latest and health_of(view).state == "running", "it runs")
    process.kill()
    process.wait()
    assert json.loads((line.file.parent / "records" / "state.json").read_text())["state"] == "running"
    wait_for(lambda: not view.is_alive, "its end was seen", seconds=5)
    assert "without having been stopped" in view.operator.condition.says.text()
    assert {lamp.word.text() for lamp in view.operator.lamps.lamps if lamp.isVisible()} == {"off"}
    assert view.operator.condition.start.isVisible()


def test_a_station_that_hangs_is_no_running_one(line, open_window, running):
    process = running(line)
    window = open_window(line.file)
    view = window.current
    wait_for(lambda: view.feed.latest and health_of(view).state == "running", "it runs")
    process.send_signal(signal.SIGSTOP)
    wait_for(lambda: health_of(view).state == "error", "its silence was heard", seconds=15)
    assert "hangs" in view.operator.condition.says.text()
    assert not view.operator.condition.start.isVisible()
    process.send_signal(signal.SIGCONT)
    wait_for(lambda: health_of(view).state == "running", "it runs again")
    assert not view.operator.condition.isVisible()


def test_why_a_station_cannot_start_is_shown(line, open_window):
    line.file.write_text(line.file.read_text().replace("part.anomaly", "gone.anomaly"))
    window = open_window(line.file)
    view = window.current
    wait_for(lambda: view.feed.latest is not None, "it was looked at")
    QTest.mouseClick(view.operator.condition.start, Qt.MouseButton.LeftButton)
    wait_for(lambda: "gone.anomaly" in view.operator.condition.says.text(), "the reason is there")
    assert "does not run" in view.operator.condition.says.text()


@pytest.mark.parametrize("asked_before", [True, False])
def test_a_wish_to_stop_counts_for_the_run_it_was_meant_for(line, running, asked_before):
    records = line.file.parent / "records"
    records.mkdir()
    if asked_before:
        ask_to_stop(records, "ann")
    process = running(line)
    save_picture(line.incoming / "cap_1.png")
    wait_for(lambda: (line.incoming / "good" / "cap_1.png").exists(), "it judged")
    assert process.poll() is None
    ask_to_stop(records, "bob")
    assert process.wait(30) == 0
    assert line.ask("SELECT who FROM audit WHERE what = 'stop'") == [("bob",)]
