"""The operator's page: what is scanned, counted, locked and heard, by real keys, clicks and drops."""

import csv
import json
import stat
import sys

import pytest
from parts import save_parts
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit, QMessageBox
from windows import drop, wait

from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.gui.inspect.operator.last_parts import LAST
from anomaly_gui.gui.inspect.operator.pin_dialog import PinDialog
from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.gui.state.journal_record import read_journal
from anomaly_gui.gui.state.mode import Mode
from anomaly_gui.gui.state.operator.shift_book import ShiftBook
from anomaly_gui.gui.work.exports import export_csv
from anomaly_gui.project.folder import find_journal

PIN = "2468"
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(small):
    """A window on its page Inspect."""
    small.show_mode(Mode.INSPECT)
    _activate(small)
    yield small.center.verdict_view
    small.services.operator._set_locked(False)
    small.services.operator.set_lot("")
    small.preferences.set_text("operator/pin", "")


def _activate(window):
    """Bring a window to the front: shortcuts of others are off."""
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)


def _scan(widget, text):
    """Type as a scanner does: to whatever has the focus, and Enter at the end."""
    for character in text:
        QTest.keyClick(QApplication.focusWidget() or widget, character)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)


def _judge(window, paths):
    drop(window, paths)
    wait(window)


def _answer_pins(*answers):
    """Type into the dialog for PINs that comes, with Enter after each line; None gives up."""

    def answer():
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, PinDialog)
        for text in answers:
            if text is None:
                QTest.keyClick(dialog, Qt.Key.Key_Escape)
                return
            for line, part in zip(dialog.findChildren(QLineEdit), text.split("/"), strict=True):
                QTest.keyClicks(line, part)
            QTest.keyClick(dialog.findChildren(QLineEdit)[-1], Qt.Key.Key_Return)

    QTimer.singleShot(50, answer)


@pytest.mark.parametrize("focus", ["strip", "picture", "map_button", "number"])
def test_what_is_scanned_is_the_parts_number_whatever_has_the_focus(small, page, focus):
    session = small.session
    session.select_rows((3,))
    before = session.table.labels.copy()
    {**vars(page), "number": page.part.number}[focus].setFocus()
    _scan(small, "120WXdan-M 7")
    assert page.part.number.text() == "120WXdan-M 7"
    assert small.services.operator.part.number == "120WXdan-M 7"
    assert (session.table.labels == before).all()
    assert session.selection == (3,)
    assert not small.services.corrections.now.excluded
    _scan(small, "0815")  # the next takes its place
    assert page.part.number.text() == "0815"


def test_labelling_keys_work_again_where_labelling_is_the_work(small, page):
    small.session.select_rows((3,))
    small.show_mode(Mode.TUNE)
    QTest.keyClick(small.center.plot, Qt.Key.Key_2)
    assert small.session.table.labels[3] == ImageLabel.DEFECT
    assert page.part.number.text() == ""


def test_keys_in_a_dialog_are_not_the_parts_number(small, page):
    def type_lot():
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QInputDialog)
        QTest.keyClicks(dialog.findChild(QLineEdit), "B7")
        QTest.keyClick(dialog, Qt.Key.Key_Return)

    QTimer.singleShot(50, type_lot)
    QTest.mouseClick(page.part.change_lot, Qt.MouseButton.LeftButton)
    assert page.part.lot.text() == "B7"
    assert page.part.number.text() == ""


def test_a_key_leaned_on_before_the_scan_is_no_part_of_it(small, page):
    QTest.keyClick(small, "x")
    QTest.qWait(120)
    _scan(small, "4711")
    assert small.services.operator.part.number == "4711"


def test_part_and_lot_go_with_the_next_images_only(small, page, tmp_path):
    files = sorted(save_parts(tmp_path / "line", 3, seed=5).iterdir())
    small.services.operator.set_lot("L-9")
    _scan(small, "SN<b>&1")
    _judge(small, files[:2])
    assert page.part.number.text() == ""
    assert page.shown_part.text() == "Part SN<b>&1"
    assert page.shown_part.textFormat() == Qt.TextFormat.PlainText
    _judge(small, files[2:])
    assert page.shown_part.isHidden()
    table = small.session.table
    wanted = [("SN<b>&1", "L-9"), ("SN<b>&1", "L-9"), ("", "L-9")]
    assert [(part.number, part.lot) for part in table.parts[-3:]] == wanted
    export_csv(small.session, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [(row["part"], row["lot"]) for row in rows[-3:]] == wanted
    kept = read_journal(find_journal(small.session.model.file))
    assert [row.part.number for row in kept.rows[-3:]] == ["SN<b>&1", "SN<b>&1", ""]


def test_counters_say_what_was_read_and_are_there_after_a_restart(small, page, make, tmp_path):
    shift, panel = small.services.shift, page.shift
    _judge(small, [save_parts(tmp_path / "line", 4, seed=5)])
    _judge(small, [save_parts(tmp_path / "bad", 2, seed=6, defect=True)])
    (tmp_path / "no.png").write_bytes(b"")
    _judge(small, [tmp_path / "no.png"])
    counts = shift.counts
    assert counts[Verdict.DEFECT] >= 2
    assert counts[Verdict.CANNOT_JUDGE] == 1
    assert sum(counts.values()) == 7
    assert panel.numbers[Verdict.DEFECT].text() == str(counts[Verdict.DEFECT])
    assert panel.yield_share.text() == f"{100 * counts[Verdict.GOOD] / 6:.1f} %"
    small.session.thresholds.set_value(1e6)  # what was read stays read
    assert shift.counts == counts
    small.show_mode(Mode.TUNE)
    _judge(small, [tmp_path / "line"])  # nobody inspects
    assert shift.counts == counts
    again = ShiftBook(shift._folder, small.session)
    assert (again.counts, again.since) == (counts, shift.since)
    assert [one.path for one in again.judged] == [one.path for one in shift.judged]


def test_a_new_shift_counts_from_zero_after_a_question(small, page, monkeypatch, tmp_path):
    shift = small.services.shift
    _judge(small, [save_parts(tmp_path / "line", 2, seed=5)])
    before, file = shift.since, shift._file
    for answer, total in ((QMessageBox.StandardButton.Cancel, 2), (QMessageBox.StandardButton.Yes, 0)):
        monkeypatch.setattr(QMessageBox, "question", lambda *_, answer=answer: answer)
        QTest.mouseClick(page.shift.reset, Qt.MouseButton.LeftButton)
        assert sum(shift.counts.values()) == total
    assert shift.since > before
    assert ShiftBook(shift._folder, small.session).since == shift.since
    assert len(file.read_text().splitlines()) == 3  # the shift before is kept
    assert page.shift.yield_share.text() == "–"


def test_a_line_cut_off_by_a_power_cut_is_left_out(small, page, tmp_path):
    shift = small.services.shift
    _judge(small, [save_parts(tmp_path / "line", 2, seed=5)])
    with shift._file.open("a") as file:
        file.write('{"when": "2026-')
    assert sum(ShiftBook(shift._folder, small.session).counts.values()) == 2


def test_a_shift_that_cannot_be_kept_says_so_once(small, page, qtbot, tmp_path):
    (tmp_path / "shifts").write_text("")
    shift = ShiftBook(tmp_path / "shifts", small.session)
    said = []
    shift.failed.connect(said.append)
    shift.note_rows(0, 1)
    shift.note_rows(1, 1)
    assert len(said) == 1
    assert "not kept for a restart" in said[0]
    assert sum(shift.counts.values()) == 2


def test_the_last_twenty_are_shown_newest_first(small, page, tmp_path):
    _judge(small, [save_parts(tmp_path / "line", 24, seed=5)])
    assert page.strip.count() == LAST == 20
    assert page.strip.item(0).data(Qt.ItemDataRole.UserRole) == len(small.session.table) - 1
    item = page.strip.visualItemRect(page.strip.item(1)).center()
    QTest.mouseClick(page.strip.viewport(), Qt.MouseButton.LeftButton, pos=item)
    assert small.session.selection == (len(small.session.table) - 2,)


def test_f11_fills_the_screen_and_back(small, page):
    QTest.keyClick(small, Qt.Key.Key_F11)
    assert small.isFullScreen()
    QTest.keyClick(small, Qt.Key.Key_F11)
    assert not small.isFullScreen()


def _lock(small, page):
    _answer_pins(f"{PIN}/{PIN}")
    QTest.mouseClick(page.lock, Qt.MouseButton.LeftButton)
    assert small.services.operator.is_locked


def test_a_pin_is_set_twice_the_same_and_kept_as_a_hash(small, page):
    _answer_pins("12/12", "2468/2469", None)
    QTest.mouseClick(page.lock, Qt.MouseButton.LeftButton)
    assert not small.services.operator.is_locked
    assert not small.services.operator.has_pin
    _lock(small, page)
    assert PIN not in small.preferences.read_text("operator/pin")
    assert small.preferences.read_text("operator/pin").startswith("scrypt$")


def test_locked_nothing_but_judging_goes_on(small, page, tmp_path):
    session, before = small.session, small.session.threshold
    kept = tmp_path / "kept.anomaly"
    small.workshop.save_model(kept)
    wait(small)
    session.select_rows((3,))
    session.label_rows((3,), ImageLabel.DEFECT)
    _lock(small, page)
    assert small.isFullScreen()
    assert not small.menuBar().isVisible()
    model = session.model
    _activate(small)
    for key in "12zstiogdexq":
        QTest.keyClick(QApplication.focusWidget() or small, key, CONTROL)
    QTest.keyClick(small, Qt.Key.Key_F11)
    QTest.keyClick(small, Qt.Key.Key_2)
    drop(small, [kept])
    wait(small)
    assert "PIN" in small.status_line.label.text()
    assert (small.mode, session.model, session.threshold) == (Mode.INSPECT, model, before)
    assert session.table.labels[3] == ImageLabel.DEFECT  # undo is off, too
    assert small.isVisible()
    assert small.isFullScreen()
    count = len(session.table)
    _judge(small, [save_parts(tmp_path / "line", 2, seed=5)])
    assert len(session.table) == count + 2


def test_a_window_without_a_model_is_not_locked(make):
    window = make()
    window.operator.lock.trigger()
    assert not window.services.operator.is_locked
    assert "Open a model first" in window.status_line.label.text()


def test_only_the_pin_unlocks(small, page):
    _lock(small, page)
    _answer_pins("1111", None)
    QTest.mouseClick(page.lock, Qt.MouseButton.LeftButton)
    assert small.services.operator.is_locked
    _answer_pins(None)
    assert not small.close()
    _answer_pins("1111", PIN)
    QTest.mouseClick(page.lock, Qt.MouseButton.LeftButton)
    assert not small.services.operator.is_locked
    assert not small.isFullScreen()
    assert small.menuBar().isVisible()
    _activate(small)
    QTest.keyClick(small, Qt.Key.Key_2, CONTROL)
    assert small.mode is Mode.TUNE


def test_a_station_that_lost_its_power_comes_back_locked(small, page):
    _lock(small, page)
    assert small.services.operator.was_locked
    small.services.operator.is_locked = False  # as in a window that was started anew
    small._on_restored()
    assert small.services.operator.is_locked
    assert small.mode is Mode.INSPECT


@pytest.mark.skipif(sys.platform == "win32", reason="Windows plays it itself")
def test_a_defect_is_heard_if_sound_is_on(make, small, tmp_path, monkeypatch):
    heard, player = tmp_path / "heard", tmp_path / "bin" / "pw-play"
    player.parent.mkdir()
    player.write_text(f'#!/bin/sh\ncp "$1" {heard}\n')
    player.chmod(player.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{player.parent}:/bin:/usr/bin")
    window = make()
    assert window.operator.sound.isEnabled()
    small.workshop.save_model(tmp_path / "kept.anomaly")
    wait(small)
    window.workshop.open_file(tmp_path / "kept.anomaly")
    wait(window)
    window.show_mode(Mode.INSPECT)
    bad = save_parts(tmp_path / "bad", 1, seed=6, defect=True)
    QTest.mouseClick(window.center.verdict_view.sound, Qt.MouseButton.LeftButton)
    _judge(window, [bad])
    QTest.qWait(200)
    assert not heard.exists()
    QTest.mouseClick(window.center.verdict_view.sound, Qt.MouseButton.LeftButton)
    _judge(window, [bad])
    wait(window, until=heard.exists)
    assert heard.read_bytes()[:4] == b"RIFF"


def test_without_a_player_sound_is_not_offered_and_the_menu_says_why(make, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("anomaly_gui.gui.inspect.operator.defect_tone.sys.platform", "linux")
    window = make()
    window.show_mode(Mode.INSPECT)
    assert window.center.verdict_view.sound.isHidden()
    assert not window.operator.sound.isEnabled()
    assert "no player" in window.operator.sound.text()


def test_a_journal_of_an_earlier_version_is_read(tmp_path):
    row = ["/parts/1.png", -3.0, 0, 3, "", [], "", None]
    (tmp_path / "models").mkdir()
    journal = tmp_path / "models" / "0001.jsonl"
    journal.write_text(json.dumps({"rows": [row]}) + "\n")
    (read,) = read_journal(journal).rows
    assert read.part.number == read.part.lot == ""
