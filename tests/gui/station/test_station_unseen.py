"""A station that cannot be looked at: what was seen last is not how it is now."""

import logging
import os
import re
import time
from contextlib import contextmanager
from threading import Event, Timer

import pytest
import shiboken6
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from recorded import add_rows, alive, write_state
from station_waiting import wait_for

from anomaly_gui.gui.station.engineer import drift_page, search
from anomaly_gui.gui.station.feed import reading, station_feed
from anomaly_gui.gui.station.feed.health import Level
from anomaly_gui.gui.station.feed.moments import begin_of_day
from anomaly_gui.gui.station.feed.place import open_place
from anomaly_gui.gui.station.feed.reading import Counted, read_snapshot
from anomaly_gui.gui.station.tasks import Tasks
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
            advice = view.operator.condition.advice.text()
            assert re.search(r" since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.$", advice)
        write_state(line)
        wait_for(lambda: not view.operator.condition.isVisible(), "it is seen again", seconds=10)
        assert view.operator.word.text() == "✓ GOOD"


def test_records_that_cannot_be_read_while_it_judges_are_said_in_red(line, open_window):
    add_rows(line, [{}])
    with alive(line):
        write_state(line)
        view = open_running(open_window(line.file))
        write_state(line)
        line.ledger.write_bytes(b"this is no database, and long enough to be looked at" * 100)
        page = view.operator
        wait_for(page.condition.isVisible, "it is said", seconds=10)
        assert page.condition.says.text() == "The records of the station cannot be read."
        assert "ledger.sqlite3" in page.condition.advice.text()
        levels = {lamp.name.text(): lamp._lamp.level for lamp in page.lamps.lamps}
        assert [name for name, level in levels.items() if level is not Level.WELL] == ["Records"]
        assert page.alarms.list.item(0).text().startswith("Records: ")
        assert view.level is Level.FAULT


class Held:
    """Lets what is read wait until it may go on.

    Attributes
    ----------
    waiting, ended : names of what began to read, and of what came to its end
    """

    def __init__(self):
        self.go, self.waiting, self.ended = Event(), [], []

    def hold(self, read):
        def wait(*asked):
            self.waiting.append(read.__name__)
            self.go.wait(10)
            found = read(*asked)
            self.ended.append(read.__name__)
            return found

        return wait


def test_a_tab_closes_at_once_while_its_disk_does_not_answer(line, open_window, monkeypatch, uncaught):
    add_rows(line, [{}])
    window = open_window(line.file)
    window.menus.pages[1].trigger()
    view, page = window.current, window.current.engineer
    wait_for(lambda: page.history.count.text(), "the first search came back")
    held, reads = Held(), (read_snapshot, search.find_results, search.count_results, drift_page.read_looks)
    for module, read in zip((station_feed, search, search, drift_page), reads, strict=True):
        monkeypatch.setattr(module, read.__name__, held.hold(read))
    page.history.start_search()
    page.tabs.setCurrentIndex(1)
    wait_for(lambda: len(held.waiting) == len(reads), "all of them wait", seconds=10)
    began = time.monotonic()
    window.close_station(0)
    QTest.qWait(100)
    assert time.monotonic() - began < 1
    assert not shiboken6.isValid(view)
    held.go.set()
    wait_for(lambda: len(held.ended) == len(reads), "all of them end", seconds=10)
    QTest.qWait(100)
    assert not uncaught


def test_what_has_to_be_done_is_waited_for_and_what_is_only_read_is_not_done(qapp):
    go, done, heard = Event(), [], []
    tasks = Tasks()
    tasks.start(lambda: go.wait(10), heard.append, heard.append, may_be_left=True)
    tasks.start(lambda: done.append("read"), heard.append, heard.append, may_be_left=True)
    tasks.start(lambda: done.append("saved"), heard.append, heard.append)
    Timer(0.3, go.set).start()
    tasks.close()
    QTest.qWait(50)
    assert (done, heard) == (["saved"], [])


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
