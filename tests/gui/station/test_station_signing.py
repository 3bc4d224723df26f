"""People in the stations' window: signing in and out, unlocking and approving, by the password each time."""

import time
from itertools import pairwise

import pytest
from crew import PASSWORDS, add_crew, approve, call, opened, release
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from recorded import add_rows, alive, write_state
from station_waiting import wait_for

from anomaly_gui.gui.station.access import signing
from anomaly_gui.gui.station.access.sign_dialog import SignDialog
from anomaly_gui.gui.station.access.signing import Signature
from anomaly_gui.gui.station.feed.snapshot import Remedy
from anomaly_gui.station.access.history import read_history
from anomaly_gui.station.access.sessions import sign_in
from anomaly_gui.station.access.station_lock import lock_station
from anomaly_gui.station.settings.reading import read_settings

WHY = "the known part had a scratch"


@pytest.fixture
def staffed(line):
    """A station with people."""
    add_rows(line, [{}])
    with opened(line) as engine:
        add_crew(engine)
    return line


def read_audit(line):
    with opened(line) as engine, engine.connect() as connection:
        return read_history(connection)


def lock(line):
    with opened(line) as engine:
        lock_station(engine, "A known defect was judged good.")


def enter(*attempts):
    """Type name, password and, where it is asked for, the reason into the dialog that comes; press Enter.

    Returns a list that gets what the dialog says after each attempt.
    """
    told = []

    def fill():
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, SignDialog)
        for name, password in attempts:
            dialog.name.clear()
            QTest.keyClicks(dialog.name, name)
            assert not dialog.sign.isEnabled()
            QTest.keyClicks(dialog.password, password)
            if dialog.why is not None and not dialog.why.text():
                QTest.keyClicks(dialog.why, WHY)
            QTest.keyClick(dialog.password, Qt.Key.Key_Return)
            assert not any(line.text() == password for line in dialog.findChildren(QLineEdit))
            wait_for(lambda: not dialog._is_busy, "it is answered", seconds=30)
            told.append(dialog.says.text())
        if dialog.isVisible():
            QTest.keyClick(dialog, Qt.Key.Key_Escape)

    QTimer.singleShot(200, fill)
    return told


def open_staffed(line, open_window):
    window = open_window(line.file)
    wait_for(lambda: window.person.isVisible(), "people are known")
    return window


def test_a_station_without_people_asks_nobody_to_sign_in(line, open_window):
    add_rows(line, [{}])
    window = open_window(line.file)
    wait_for(lambda: window.current.desk.people is not None, "it was looked at")
    assert not window.person.isVisible()
    assert not window.menus.sign_in.isEnabled()


def test_who_signs_in_is_shown_and_signs_out(staffed, open_window):
    window = open_staffed(staffed, open_window)
    assert window.person.text() == "Sign in…"
    told = enter(("oli", "wrong"), ("oli", PASSWORDS["oli"]))
    QTest.mouseClick(window.person, Qt.MouseButton.LeftButton)
    assert told[0] == "The name or the password is wrong."
    wait_for(lambda: window.person.text() == "oli (operator)", "who is there is shown")
    assert "oli is signed in, as operator." in window.statusBar().currentMessage()
    QTest.mouseClick(window.person, Qt.MouseButton.LeftButton)
    wait_for(lambda: window.person.choices.isVisible(), "what can be done is offered")
    QTest.keyClick(window.person.choices, Qt.Key.Key_Down)
    QTest.keyClick(window.person.choices, Qt.Key.Key_Down)
    QTest.keyClick(window.person.choices, Qt.Key.Key_Return)
    wait_for(lambda: window.person.text() == "Sign in…", "nobody is there")
    assert "oli is signed out" in window.statusBar().currentMessage()


def test_who_signed_in_elsewhere_is_shown(staffed, open_window):
    window = open_staffed(staffed, open_window)
    call(staffed, "sign-in", "eve", "--password-stdin", given=[PASSWORDS["eve"]])
    wait_for(lambda: window.person.text() == "eve (engineer)", "she is shown")


def test_the_dialog_says_when_somebody_is_locked(staffed, open_window):
    window = open_staffed(staffed, open_window)
    told = enter(*[("oli", "wrong")] * 5, ("oli", PASSWORDS["oli"]))
    window.menus.sign_in.trigger()
    assert "oli is locked until" in told[4]
    assert "oli is locked until" in told[5]  # nor does the right one help
    assert window.person.text() == "Sign in…"


def test_an_engineer_unlocks_and_an_operator_may_not(staffed, open_window):
    lock(staffed)
    with alive(staffed):
        write_state(staffed, "locked", alarms=[("challenge", "A known defect was judged good.")])
        window = open_staffed(staffed, open_window)
        strip = window.current.operator.condition
        wait_for(lambda: strip.sign.isVisible(), "it is offered")
        assert strip.sign.text() == "Unlock…"
        told = enter(("oli", PASSWORDS["oli"]), ("eve", PASSWORDS["eve"]))
        QTest.mouseClick(strip.sign, Qt.MouseButton.LeftButton)
        assert told[0] == "oli is operator: this needs one of engineer, admin."
        assert read_audit(staffed).lock == ""
        assert "judges again" in window.statusBar().currentMessage()
    (entry,) = staffed.ask("SELECT who, role, why FROM audit WHERE what = 'lock' AND after = ''")
    assert entry == ("eve", "engineer", WHY)


def test_a_lock_is_there_to_be_signed_while_the_station_does_not_run(staffed, open_window):
    lock(staffed)
    window = open_staffed(staffed, open_window)
    strip = window.current.operator.condition
    wait_for(lambda: strip.sign.isVisible(), "it is offered")
    assert "A known defect was judged good." in strip.advice.text()
    assert strip.start.isVisible()
    enter(("ann", PASSWORDS["ann"]))
    window.menus.unlock.trigger()
    wait_for(lambda: not strip.sign.isVisible(), "it is open")
    assert not window.menus.unlock.isEnabled()


def test_what_is_new_is_approved_once_it_was_released(staffed, open_window, model_file):
    with alive(staffed):
        write_state(staffed, "locked", alarms=[("locked", "Nobody has approved the settings.")])
        window = open_staffed(staffed, open_window)
        strip = window.current.operator.condition
        wait_for(lambda: strip.sign.isVisible(), "it is offered")
        assert strip.sign.text() == "Approve…"
        told = enter(("eve", PASSWORDS["eve"]))
        QTest.mouseClick(strip.sign, Qt.MouseButton.LeftButton)
        assert "was not released: an engineer releases it first" in told[0]
        assert not release(staffed, model_file).error
        write_state(staffed, "locked")
        wait_for(lambda: strip.sign.isVisible(), "it is offered again")
        told = enter(("oli", PASSWORDS["oli"]), ("eve", PASSWORDS["eve"]))
        QTest.mouseClick(strip.sign, Qt.MouseButton.LeftButton)
        assert "this needs one of" in told[0]
        assert "What is new:" in window.statusBar().currentMessage()
    approved = read_audit(staffed).approved
    assert (approved["by"], approved["settings"]) == ("eve", read_settings(staffed.file).sha256)


def test_what_was_approved_is_offered_no_more_than_where_it_is_locked(staffed, open_window, model_file):
    assert not release(staffed, model_file).error
    assert not approve(staffed).error
    with alive(staffed):
        write_state(staffed)
        window = open_staffed(staffed, open_window)
        wait_for(lambda: window.current.feed.latest.people is not None, "it was looked at")
        assert window.current.feed.latest.remedy is None
        assert window.menus.approve.isEnabled()  # before a start, too


def test_records_that_were_changed_by_hand_offer_no_signature(staffed, open_window):
    lock(staffed)
    with opened(staffed) as engine, engine.begin() as connection:
        connection.exec_driver_sql("UPDATE audit SET after = 'x' WHERE what = 'lock'")
    window = open_window(staffed.file)
    wait_for(lambda: window.current.desk.people is not None, "it was looked at")
    assert window.current.desk.people.is_changed
    assert window.current.feed.latest.remedy is None


def test_the_window_lives_while_a_password_is_checked(staffed, open_window, monkeypatch):
    window = open_staffed(staffed, open_window)
    slow = signing.authenticate
    lock(staffed)
    monkeypatch.setattr(signing, "authenticate", lambda *given: (time.sleep(1), slow(*given))[1])
    beats = [time.monotonic()]
    timer = QTimer(interval=20)
    timer.timeout.connect(lambda: beats.append(time.monotonic()))
    enter(("eve", PASSWORDS["eve"]))
    timer.start()
    window.current.desk.ask_for_remedy(Remedy.UNLOCK)
    timer.stop()
    longest = max(b - a for a, b in pairwise(beats))
    assert longest < 0.8
    assert read_audit(staffed).lock == ""


def test_somebody_signs_in_while_the_window_is_locked(staffed, open_window):
    window = open_staffed(staffed, open_window)
    window.lock.lock()
    assert window.person.isVisible()
    enter(("oli", PASSWORDS["oli"]))
    QTest.mouseClick(window.person, Qt.MouseButton.LeftButton)
    wait_for(lambda: window.person.text() == "oli (operator)", "who is there is shown")


def test_no_password_is_written_out():
    assert "secret-word" not in repr(Signature("eve", "secret-word", "why"))


def test_an_idle_person_is_said_to_be_so(staffed, open_window, monkeypatch):
    settings = read_settings(staffed.file).access
    with opened(staffed) as engine:
        sign_in(engine, "eve", PASSWORDS["eve"], settings)
    later = time.time() + settings.idle_after + 5
    monkeypatch.setattr("anomaly_gui.station.access.clock.read_clock", lambda: later)
    window = open_staffed(staffed, open_window)
    assert "was idle" in window.person.toolTip()


def test_a_station_that_runs_goes_on_once_its_files_are_approved(staffed, open_window, model_file, running):
    assert not release(staffed, model_file).error
    running(staffed)
    window = open_staffed(staffed, open_window)
    strip = window.current.operator.condition
    wait_for(lambda: strip.sign.isVisible() and strip.sign.text() == "Approve…", "it is locked")
    enter(("eve", PASSWORDS["eve"]))
    QTest.mouseClick(strip.sign, Qt.MouseButton.LeftButton)
    wait_for(lambda: window.current.feed.latest.health.state == "running", "it judges")
    assert not strip.isVisible()
