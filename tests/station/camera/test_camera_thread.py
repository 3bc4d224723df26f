"""The thread of the camera outlives refusals; each trigger comes to one result, of its part."""

import errno
import os
import threading
import time
from pathlib import Path

import pytest
from camera_line import make_camera_line, opened_camera
from line import wait_until

from anomaly_gui.errors import UserError
from anomaly_gui.station.asking import ask_for_picture
from anomaly_gui.station.capture.notes import Note
from anomaly_gui.station.capture.taken import TakenFolder
from anomaly_gui.station.settings.reading import read_settings


def _work_until_moved(station, line, count):
    end = time.monotonic() + 20
    station.run_until(lambda: line.count_moved() >= count or time.monotonic() > end)
    assert line.count_moved() == count


def test_a_code_that_cannot_be_read_is_said_and_costs_no_picture(tmp_path, judge):
    line = make_camera_line(tmp_path)
    with opened_camera(line, judge) as (station, capture):
        unread = line.asked / "20261126T104200123Z-unread.scan"
        unread.mkdir()  # it can neither be read nor removed as a file is
        capture.photographer.fire("test")
        assert "scanned code cannot be read" in capture.alarms["taken"]
        _work_until_moved(station, line, 1)
        with pytest.raises(UserError, match="scanned code cannot be read"):
            ask_for_picture(read_settings(line.file))
        unread.rmdir()
        capture.photographer.scan("B7")
        capture.photographer.fire("test")
        _work_until_moved(station, line, 2)
        assert capture.alarms["taken"] == ""
    assert line.ask("SELECT verdict, part FROM result ORDER BY seq") == [("good", None), ("good", "B7")]


def _refuse(patch, name, error, only):
    """Let a function of paths fail for some of them."""
    real = getattr(Path, name)

    def refuse_some(path, *arguments, **options):
        if only(path):
            raise OSError(error, os.strerror(error), str(path))
        return real(path, *arguments, **options)

    patch.setattr(Path, name, refuse_some)


def test_the_code_that_was_scanned_last_is_taken_once_and_those_before_it_never(tmp_path, monkeypatch):
    folder = TakenFolder(tmp_path)
    folder.make()
    for number in range(3):
        (tmp_path / "asked" / f"{number}.scan").write_text(f"A{number}")
    with monkeypatch.context() as patch:
        _refuse(patch, "unlink", errno.EACCES, only=lambda path: path.name in ("0.scan", "1.scan"))
        assert folder.take_scan() == "A2"
    assert folder.take_scan() is None
    assert not list(tmp_path.rglob("*.scan"))


def test_a_code_that_cannot_be_removed_names_no_later_part(tmp_path, monkeypatch):
    folder = TakenFolder(tmp_path)
    folder.make()
    folder.write_scan("A1")
    with monkeypatch.context() as patch:
        _refuse(patch, "unlink", errno.EACCES, only=lambda path: path.suffix == ".scan")
        with pytest.raises(PermissionError):
            folder.take_scan()
    assert folder.take_scan() is None
    folder.write_scan("A2")
    assert folder.take_scan() == "A2"


@pytest.mark.parametrize("is_left", [False, True])
@pytest.mark.parametrize("why", ["it does not say what is asked for", "Permission denied"])
def test_a_trigger_that_cannot_be_read_is_said_and_comes_to_a_result(
    tmp_path, judge, monkeypatch, why, is_left
):
    line = make_camera_line(tmp_path)
    folder, torn = TakenFolder(line.incoming), line.asked / "20261126T104200123Z-torn.trigger"
    folder.make()
    if why == "Permission denied":
        _refuse(monkeypatch, "read_bytes", errno.EACCES, only=lambda path: path == torn)
    if is_left:
        torn.write_bytes(b"")
    with opened_camera(line, judge) as (station, _):
        if not is_left:
            torn.write_bytes(b"")
        _work_until_moved(station, line, 1)
        _work_until_alarms(station, line, ["came"])
        folder.write_trigger(Note("20261126T104200124Z-whole", part="A7"))
        _work_until_moved(station, line, 2)
        _work_until_alarms(station, line, ["came", "went"])
    said = line.ask("SELECT why FROM audit WHERE what = 'alarm' AND before = 'taken'")
    assert all(f"-torn.trigger cannot be read ({why})" in text for (text,) in said)
    results = line.ask("SELECT verdict, part FROM result ORDER BY seq")
    assert results == [("error" if is_left else "good", None), ("good", "A7")]


def _work_until_alarms(station, line, came):
    asked = "SELECT after FROM audit WHERE what = 'alarm' AND before = 'taken' ORDER BY link"
    end = time.monotonic() + 20
    station.run_until(lambda: len(line.ask(asked)) >= len(came) or time.monotonic() > end)
    assert [row[0] for row in line.ask(asked)] == came


def test_a_folder_that_cannot_be_listed_for_a_while_stops_no_trigger(tmp_path, judge, monkeypatch):
    line = make_camera_line(tmp_path)
    real, is_broken = TakenFolder.list_triggers, threading.Event()

    def list_triggers(folder):
        if is_broken.is_set():
            raise OSError(5, "Input/output error")
        return real(folder)

    monkeypatch.setattr(TakenFolder, "list_triggers", list_triggers)
    with opened_camera(line, judge) as (station, capture):
        is_broken.set()
        wait_until(lambda: capture.alarms["taken"])
        assert "cannot be used (Input/output error)" in capture.alarms["taken"]
        TakenFolder(line.incoming).write_trigger(Note("20261126T104200123Z-command"))
        capture.photographer.fire("test")
        _work_until_moved(station, line, 1)
        is_broken.clear()
        _work_until_moved(station, line, 2)
        assert capture.alarms["taken"] == ""
    told = line.ask("SELECT source, verdict FROM result ORDER BY seq")
    assert told == [("camera/test", "good"), ("camera/command", "good")]


@pytest.mark.parametrize("is_command", [False, True])
def test_a_code_is_for_the_picture_asked_for_next_however_busy_the_camera_is(
    tmp_path, judge, monkeypatch, is_command
):
    line = make_camera_line(tmp_path)
    folder, settings = TakenFolder(line.incoming), read_settings(line.file)
    real, is_free = TakenFolder.settle, threading.Event()
    commands = []

    def settle(folder, note):
        assert is_free.wait(20)
        real(folder, note)

    def ask(photographer):
        if not is_command:
            photographer.fire("test")
            return
        commands.append(threading.Thread(target=ask_for_picture, args=(settings,)))
        commands[-1].start()
        wait_until(lambda: len(folder.list_triggers()) == 1 + len(commands))

    monkeypatch.setattr(TakenFolder, "settle", settle)
    with opened_camera(line, judge) as (station, capture):
        station.take_turn()  # it says that it runs
        capture.photographer.fire("test", "A0")
        wait_until(lambda: list(line.incoming.glob("*.png")))
        for part in ("A1", "A2"):
            capture.photographer.scan(part)
            ask(capture.photographer)
            assert part in {note.part for note in folder.list_triggers()}
        is_free.set()
        _work_until_moved(station, line, 3)
        for command in commands:
            command.join(20)
    assert sorted(line.ask("SELECT part, verdict FROM result")) == [
        (part, "good") for part in ("A0", "A1", "A2")
    ]


def test_a_trigger_whose_picture_was_judged_already_comes_to_no_second_result(tmp_path, judge):
    line = make_camera_line(tmp_path)
    folder = TakenFolder(line.incoming)
    folder.make()
    folder.write_trigger(Note("20261126T104200123Z-lost", part="A1"))
    with opened_camera(line, judge) as (station, capture):
        capture.photographer.fire("test", "A2")
        _work_until_moved(station, line, 2)
    for (path,) in line.ask("SELECT image_path FROM result"):
        folder.write_trigger(Note(Path(path).stem))  # as if it had ended before it noted that
    with opened_camera(line, judge) as (station, capture):
        wait_until(lambda: not list(line.asked.iterdir()))
        capture.photographer.fire("test", "A3")
        _work_until_moved(station, line, 3)
    assert sorted(line.ask("SELECT part, verdict FROM result")) == [
        ("A1", "error"),
        ("A2", "good"),
        ("A3", "good"),
    ]
