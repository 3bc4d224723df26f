"""A station that cannot be looked at: what was seen last is not how it is now."""

import logging
import os
from contextlib import contextmanager

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from recorded import add_rows, alive, write_state
from station_waiting import wait_for

from anomaly_gui.gui.station.feed import reading, station_feed
from anomaly_gui.gui.station.feed.health import Level
from anomaly_gui.gui.station.feed.moments import begin_of_day
from anomaly_gui.gui.station.feed.place import open_place
from anomaly_gui.gui.station.feed.reading import Counted, read_snapshot
from anomaly_gui.gui.style.scheme import current_scheme

of_unix = pytest.mark.skipif(os.name == "nt", reason="replaces files that are open, and makes named pipes")


def open_running(window):
    view = window.current
    wait_for(lambda: view.feed.latest and view.feed.latest.health.state == "running", "it runs")
    assert not view.operator.condition.isVisible()
    return view


def check_unseen(view, why):
    page = view.operator
    assert page.condition.isVisible()
    assert page.condition.says.text() == "How the station is cannot be seen."
    assert why in page.condition.advice.text()
    assert page.condition.says.palette().color(QPalette.ColorRole.WindowText) == QColor(
        current_scheme().defect
    )
    assert not page.condition.start.isVisible()
    assert [(lamp.name.text(), lamp._lamp.level) for lamp in page.lamps.lamps if lamp.isVisible()] == [
        ("Records", Level.FAULT)
    ]
    assert why in page.alarms.list.item(0).text()
    assert view.level is Level.FAULT


@of_unix
def test_a_reading_that_fails_is_said_in_red_and_logged_once(line, open_window, caplog):
    add_rows(line, [{}])
    lock = line.ledger.with_name("lock.sqlite3")
    damaged = lock.with_name("damaged")
    damaged.write_bytes(b"this is no database, and long enough to be looked at" * 100)
    with alive(line), caplog.at_level(logging.ERROR, "anomaly_gui"):
        write_state(line)
        view = open_running(open_window(line.file))
        damaged.replace(lock)
        wait_for(lambda: view.operator.condition.isVisible(), "it is said", seconds=10)
        check_unseen(view, "lock.sqlite3 cannot be read (file is not a database)")
        QTest.qWait(1500)
    assert [record.levelname for record in caplog.records if "lock.sqlite3" in record.message] == ["ERROR"]
    lock.unlink()
    wait_for(lambda: "does not run" in view.operator.condition.says.text(), "it is seen again", seconds=10)


@contextmanager
def silent(file):
    """Let whoever reads a file wait until the end."""
    pipe = file.with_name("pipe")
    os.mkfifo(pipe)
    pipe.replace(file)
    try:
        yield
    finally:
        end = os.open(file, os.O_RDWR | os.O_NONBLOCK)
        file.unlink()
        os.close(end)


@of_unix
def test_a_disk_that_does_not_answer_is_said(line, open_window, monkeypatch):
    monkeypatch.setattr(station_feed, "_PATIENCE", 1.0)
    add_rows(line, [{}])
    with alive(line):
        write_state(line)
        view = open_running(open_window(line.file))
        with silent(line.ledger.with_name("state.json")):
            wait_for(lambda: view.operator.condition.isVisible(), "its silence was heard", seconds=10)
            check_unseen(view, f"{line.ledger.parent} has not answered since ")
        write_state(line)
        wait_for(lambda: not view.operator.condition.isVisible(), "it is seen again", seconds=10)
        assert view.operator.word.text() == "✓ GOOD"


def test_a_picture_that_cannot_be_looked_for_is_none(line, open_window):
    add_rows(line, [{"image_path": str(line.incoming / f"{'x' * 300}.png"), "part": "p1"}])
    with alive(line):
        write_state(line)
        view = open_running(open_window(line.file))
    assert "Part p1" in view.operator.part.text()
    assert view.operator.shown.picture is None


def test_a_reading_that_fails_halfway_counts_no_part_twice(line, monkeypatch):
    def fail(*_):
        raise OSError("the disk went")

    add_rows(line, [{}, {}])
    place, counted = open_place(line.file), Counted(begin_of_day())
    assert sum(read_snapshot(place, counted).counts.values()) == 2
    add_rows(line, [{}])
    with monkeypatch.context() as broken:
        broken.setattr(reading, "_find_pictures", fail)
        with pytest.raises(OSError, match="the disk went"):
            read_snapshot(place, counted)
    assert sum(read_snapshot(place, counted).counts.values()) == 3
