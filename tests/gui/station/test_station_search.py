"""Searching and turning pages while parts come, days and shifts begin, and clicks outrun the disk."""

import csv
import time
from datetime import datetime
from threading import Event

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from recorded import add_entries, add_rows
from station_waiting import wait_for

from anomaly_gui.gui.station.engineer import filter_bar, search
from anomaly_gui.gui.station.engineer.filter_bar import SHIFT, TODAY
from anomaly_gui.gui.station.engineer.search import PAGE
from anomaly_gui.station.ledger.linking import AuditEntry
from anomaly_gui.station.ledger.reading import count_results, find_results


def open_engineer(window):
    window.menus.pages[1].trigger()
    page = window.current.engineer
    wait_for(lambda: page.history.count.text(), "the first search came back")
    return page


def numbers_of(history):
    return [row.seq for row in history.model.rows]


def click_twice(button):
    for _ in range(2):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_counts_of_an_earlier_search_do_not_stay(line, open_window, monkeypatch):
    add_rows(line, [{"lot": "L1"}, {"lot": "L2"}])
    history = open_engineer(open_window(line.file)).history
    assert history.count.text() == "of 2: good 2"
    go = Event()
    monkeypatch.setattr(search, "count_results", lambda *asked: go.wait(30) and count_results(*asked))
    history.filter.lot.setText("L1")
    wait_for(lambda: numbers_of(history) == [1], "the lot is found")
    assert history.count.text() == ""
    go.set()
    wait_for(lambda: history.count.text() == "of 1: good 1", "it is counted")


def test_a_count_that_takes_long_is_shown_while_parts_come(line, open_window, monkeypatch):
    add_rows(line, [{}, {}])
    history = open_engineer(open_window(line.file)).history
    before, seen = history.count.text(), []

    def count_slowly(*asked):
        time.sleep(1.2)
        return count_results(*asked)

    monkeypatch.setattr(search, "count_results", count_slowly)
    for _ in range(10):
        add_rows(line, [{}])
        QTest.qWait(400)
        seen.append(history.count.text())
    assert set(seen) - {before, ""}


def test_records_that_cannot_be_read_leave_no_rows_and_are_tried_again(line, open_window):
    add_rows(line, [{"lot": "L1"}, {"lot": "L2"}])
    history = open_engineer(open_window(line.file)).history
    away = line.ledger.rename(line.ledger.with_name("away.sqlite3"))
    history.filter.lot.setText("L1")
    wait_for(lambda: "is not there" in history.count.text(), "it is said")
    wait_for(lambda: numbers_of(history) == [], "no row is left")
    away.rename(line.ledger)
    wait_for(lambda: numbers_of(history) == [1], "it is found after all")


# Days and shifts that begin


def test_today_and_the_shift_go_with_the_clock(line, open_window, monkeypatch):
    add_rows(line, [{}, {}])
    window = open_window(line.file)
    history = open_engineer(window).history
    history.filter.period.setCurrentIndex(SHIFT)
    wait_for(lambda: history.search.wanted.since == window.current.feed.since, "it is searched for")
    wait_for(lambda: numbers_of(history) == [2, 1], "both are of it")
    window.current.begin_shift()
    wait_for(lambda: numbers_of(history) == [], "another shift has begun")
    history.filter.period.setCurrentIndex(TODAY)
    wait_for(lambda: numbers_of(history) == [2, 1], "both are of today")
    midnight = datetime.now().astimezone()
    monkeypatch.setattr(filter_bar, "begin_of_day", lambda _=0: midnight)
    wait_for(lambda: numbers_of(history) == [], "another day has begun")
    assert history.count.text() == ""


def test_what_is_shown_is_exported_after_midnight_too(line, open_window, tmp_path, monkeypatch):
    add_rows(line, [{} for _ in range(PAGE + 5)])
    page = open_engineer(open_window(line.file))
    history, said = page.history, []
    history.filter.period.setCurrentIndex(TODAY)
    wait_for(lambda: history.search.wanted.since and not history.search.is_reading, "today was read")
    QTest.mouseClick(history.turner.older, Qt.MouseButton.LeftButton)
    wait_for(lambda: numbers_of(history)[:1] == [5], "older ones are there")
    midnight = datetime.now().astimezone()
    monkeypatch.setattr(filter_bar, "begin_of_day", lambda _=0: midnight)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "shown.csv"), ""))
    page.said.connect(said.append)
    QTest.mouseClick(history.export, Qt.MouseButton.LeftButton)
    wait_for(lambda: said, "it is written")
    with (tmp_path / "shown.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == PAGE + 5


# Quick clicks


def test_a_double_click_turns_one_page_of_the_history(line, open_window):
    add_rows(line, [{} for _ in range(2 * PAGE + 5)])
    history = open_engineer(open_window(line.file)).history
    wait_for(lambda: history.model.rows, "the newest are there")
    click_twice(history.turner.older)
    wait_for(lambda: numbers_of(history)[:1] == [PAGE + 5], "older ones are there")
    assert history.turner.range.text() == f"{PAGE + 1} to {2 * PAGE}"
    QTest.mouseClick(history.turner.older, Qt.MouseButton.LeftButton)
    wait_for(lambda: numbers_of(history)[:1] == [5], "the oldest are there")
    QTest.mouseClick(history.turner.newer, Qt.MouseButton.LeftButton)
    QTest.mouseClick(history.turner.older, Qt.MouseButton.LeftButton)
    wait_for(lambda: numbers_of(history)[:1] == [PAGE + 5], "one page newer")
    assert history.turner.range.text() == f"{PAGE + 1} to {2 * PAGE}"


def test_a_double_click_turns_one_page_of_the_audit(line, open_window, uncaught):
    add_rows(line, [{}])
    add_entries(line, *(AuditEntry("threshold", "1", "2", f"{number}") for number in range(2 * PAGE + 5)))
    page = open_engineer(open_window(line.file))
    page.tabs.setCurrentIndex(2)
    audit = page.audit
    wait_for(lambda: audit.turner.range.text() == f"1 to {PAGE}", "the newest are there")
    click_twice(audit.turner.older)
    wait_for(lambda: audit.model.rows[0].why == f"{PAGE + 4}", "older ones are there")
    assert audit.turner.range.text() == f"{PAGE + 1} to {2 * PAGE}"
    click_twice(audit.turner.newer)
    wait_for(lambda: audit.turner.range.text() == f"1 to {PAGE}", "the newest are back")
    assert audit.model.rows[0].why == f"{2 * PAGE + 4}"
    assert not uncaught


# Records that go


def test_a_later_page_that_cannot_be_read_is_tried_again(line, open_window):
    add_rows(line, [{} for _ in range(2 * PAGE + 5)])
    history = open_engineer(open_window(line.file)).history
    for expected in (PAGE + 5, 5):
        wait_for(history.turner.older.isEnabled, "there are older ones")
        QTest.mouseClick(history.turner.older, Qt.MouseButton.LeftButton)
        wait_for(lambda first=expected: numbers_of(history)[:1] == [first], "older ones are there")
    away = line.ledger.rename(line.ledger.with_name("away.sqlite3"))
    QTest.mouseClick(history.turner.newer, Qt.MouseButton.LeftButton)
    wait_for(lambda: "is not there" in history.count.text(), "it is said")
    assert numbers_of(history) == []
    assert history.turner.newer.isEnabled()
    away.rename(line.ledger)
    wait_for(lambda: numbers_of(history)[:1] == [PAGE + 5], "it is found after all", seconds=20)
    assert history.turner.range.text() == f"{PAGE + 1} to {2 * PAGE}"


def test_an_audit_that_cannot_be_read_is_tried_again(line, open_window):
    add_rows(line, [{}])
    add_entries(line, AuditEntry("threshold", "1", "2", "it was too low"))
    page = open_engineer(open_window(line.file))
    away = line.ledger.rename(line.ledger.with_name("away.sqlite3"))
    page.tabs.setCurrentIndex(2)
    audit = page.audit
    wait_for(lambda: "is not there" in audit.trouble.text(), "it is said")
    assert audit.turner.range.text() == ""
    away.rename(line.ledger)
    wait_for(lambda: len(audit.model.rows) == 1, "it is found after all", seconds=20)
    assert audit.trouble.text() == ""
    assert audit.turner.range.text() == "1 to 1"


def test_a_bug_in_reading_is_reported_once_and_tried_again(line, open_window, uncaught, monkeypatch):
    add_rows(line, [{"lot": "L1"}, {"lot": "L2"}])
    history = open_engineer(open_window(line.file)).history
    is_broken, tries = Event(), []

    def find(*asked):
        tries.append(asked)
        if is_broken.is_set():
            raise ZeroDivisionError("of a test")
        return find_results(*asked)

    is_broken.set()
    monkeypatch.setattr(search, "find_results", find)
    history.filter.lot.setText("L1")
    wait_for(lambda: len(tries) > 2, "it is tried again and again", seconds=20)
    assert numbers_of(history) == []
    is_broken.clear()
    wait_for(lambda: numbers_of(history) == [1], "it is found after all", seconds=20)
    assert [str(error[1]) for error in uncaught] == ["of a test"]


def test_rows_of_an_earlier_search_are_not_counted_as_of_another(line, open_window, monkeypatch):
    add_rows(line, [{"lot": "L1"}, {"lot": "L2"}])
    history = open_engineer(open_window(line.file)).history
    wait_for(lambda: history.turner.range.text() == "1 to 2", "both are there")
    go = Event()
    monkeypatch.setattr(search, "find_results", lambda *asked: go.wait(30) and find_results(*asked))
    history.filter.lot.setText("L1")
    wait_for(lambda: history.turner.range.text() == "", "another lot is searched for", seconds=10)
    go.set()
    wait_for(lambda: history.turner.range.text() == "1 to 1", "it is found")


def test_a_lot_that_was_typed_a_moment_ago_is_exported(line, open_window, tmp_path, monkeypatch):
    add_rows(line, [{"lot": "L1"}, {"lot": "L2"}, {"lot": "L2"}])
    page = open_engineer(open_window(line.file))
    said = []
    page.said.connect(said.append)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "lot.csv"), ""))
    page.history.filter.lot.setText("L1")
    QTest.mouseClick(page.history.export, Qt.MouseButton.LeftButton)
    wait_for(lambda: said, "it is written")
    with (tmp_path / "lot.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["lot"] for row in csv.DictReader(file)] == ["L1"]
