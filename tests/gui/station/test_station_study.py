"""The attribute agreement study in the stations' window: planned, judged by keys and clicks, reported."""

import csv
import shutil
import sys
from threading import Event
from types import SimpleNamespace

import pytest
from line import save_picture
from pypdf import PdfReader
from PySide6.QtCore import QLocale, Qt, QTimer, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from recorded import add_rows
from station_waiting import wait_for
from windows import need_font

from anomaly_gui.gui.report.writing import write_pdf
from anomaly_gui.gui.state.display.languages import speak_language
from anomaly_gui.gui.station.study import plan_dialog
from anomaly_gui.gui.station.study.plan_dialog import PlanDialog
from anomaly_gui.gui.station.study.study_report import describe_report
from anomaly_gui.gui.station.tasks import Tasks
from anomaly_gui.station.watching.study.sheet import find_parts, make_sheet, open_sheet
from anomaly_gui.station.watching.study.words import describe_study

STUDY = 3  # its tab


@pytest.fixture
def known(tmp_path):
    folder = tmp_path / "known"
    for kind, count in (("good", 6), ("defect", 4)):
        (folder / kind).mkdir(parents=True)
        for number in range(count):
            save_picture(folder / kind / f"{number}.png", defect=kind == "defect", seed=number)
    return folder


@pytest.fixture
def planned(line, known):
    return make_sheet(line.ledger.parent, find_parts(known, 1), ["Anna", "Bo"], 2, 5)


def open_study_page(window):
    window.menus.pages[1].trigger()
    page = window.current.engineer
    page.tabs.setCurrentIndex(STUDY)
    window.activateWindow()
    return page.study


def shows(page, widget):
    return page.stack.currentWidget() is widget


def read_answers(folder):
    with (folder / "answers.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row["answer"] for row in csv.DictReader(file)]


def is_asking(page):
    return page.judging.good.isEnabled()


def find_right(page):
    """Return whether what is asked for is a defect."""
    question = page.sheet.questions[page._asked]
    return page.sheet.parts[question.part].is_defect


def answer(page, key):
    wait_for(lambda: is_asking(page), "the picture is there")
    asked = page._asked
    QTest.keyClick(page.judging, key)
    wait_for(lambda: page._asked != asked, "the next is asked for", seconds=10)


def judge_turn(page, wrong=()):
    """Judge what is left of a turn; `wrong`: which of the answers are."""
    QTest.mouseClick(page.turns.begin, Qt.MouseButton.LeftButton)
    place = 0
    while page._asked is not None:
        wait_for(lambda: is_asking(page), "the picture is there")
        is_defect = find_right(page) != (place in wrong)
        answer(page, Qt.Key.Key_D if is_defect else Qt.Key.Key_G)
        place += 1


def fill_dialog(known, operators, trials=2):
    """Fill in the dialog that comes, by keys and clicks."""
    found = SimpleNamespace(says="")

    def fill():
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, PlanDialog)
        assert not dialog.plan_button.isEnabled()
        QTest.mouseClick(dialog.folder, Qt.MouseButton.LeftButton)
        QTest.keyClicks(dialog.operators, operators)
        for _ in range(3 - trials):
            QTest.keyClick(dialog.trials, Qt.Key.Key_Down)
        wait_for(lambda: dialog.plan_button.isEnabled(), "the parts are found", seconds=10)
        found.says = dialog.says.text()
        QTest.keyClick(dialog.operators, Qt.Key.Key_Return)

    QTimer.singleShot(200, fill)
    return found


def test_a_study_is_planned_from_a_folder_of_pictures(line, open_window, known, monkeypatch):
    add_rows(line, [{}])
    page = open_study_page(open_window(line.file))
    wait_for(lambda: shows(page, page.empty) and page.empty.isVisible(), "there is none yet")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(known))
    found = fill_dialog(known, "Anna, Bo")
    QTest.mouseClick(page.empty.button, Qt.MouseButton.LeftButton)
    assert found.says.startswith("10 parts, 4 of them defects. 40 answer")
    wait_for(lambda: shows(page, page.turns), "it is planned")
    assert page.turns.says.text() == "0 of 40 answers are given."
    assert page.turns.operator == "Anna"
    assert page.sheet.trials == ("1", "2")
    assert page.choice.count() == 1
    assert "defect" not in page.turns.advice.text()  # who judges is not told how many there are


def test_what_cannot_be_a_study_is_said_in_the_dialog(line, open_window, tmp_path, monkeypatch):
    add_rows(line, [{}])
    page = open_study_page(open_window(line.file))
    wait_for(lambda: page.empty.isVisible(), "there is none yet")
    table = tmp_path / "parts.csv"
    table.write_text("part,standard\na,good\nb,maybe\n")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(table), ""))
    said = []

    def fill():
        dialog = QApplication.activeModalWidget()
        QTest.mouseClick(dialog.table, Qt.MouseButton.LeftButton)
        wait_for(lambda: "maybe is no answer" in dialog.says.text(), "it is said", seconds=10)
        said.append(dialog.plan_button.isEnabled())
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    QTimer.singleShot(200, fill)
    QTest.mouseClick(page.empty.button, Qt.MouseButton.LeftButton)
    assert said == [False]


@pytest.fixture
def slow_search(monkeypatch):
    """Let no parts be found before they may be: an event by the name of the folder."""
    gates = {"known": Event(), "other": Event()}

    def find_slowly(source, seed):
        assert gates[source.name].wait(30)
        return find_parts(source, seed)

    monkeypatch.setattr(plan_dialog, "find_parts", find_slowly)
    return gates


def test_parts_of_a_folder_that_was_chosen_before_are_not_taken(qapp, known, tmp_path, slow_search):
    other = shutil.copytree(known, tmp_path / "other")
    save_picture(other / "good" / "6.png", seed=6)
    tasks, done = Tasks(), []
    dialog = PlanDialog(tasks)
    tasks.done.connect(done.append)
    dialog.operators.setText("Anna")
    dialog.take_source(known)
    dialog.take_source(other)
    slow_search["known"].set()
    wait_for(lambda: done, "the first folder was searched", seconds=10)
    QTest.qWait(100)
    assert not dialog.plan_button.isEnabled()
    slow_search["other"].set()
    wait_for(dialog.plan_button.isEnabled, "the parts are found", seconds=10)
    assert len(dialog.plan.parts) == 11
    tasks.close()
    dialog.deleteLater()


def test_a_search_that_ends_after_its_dialog_is_not_heard(qapp, known, slow_search, monkeypatch):
    raised, done = [], []
    monkeypatch.setattr(sys, "excepthook", lambda *error: raised.append(error))
    tasks = Tasks()
    dialog = PlanDialog(tasks)
    tasks.done.connect(done.append)
    dialog.show()
    dialog.take_source(known)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    dialog.deleteLater()
    QTest.qWait(100)
    slow_search["known"].set()
    wait_for(lambda: done, "the folder was searched", seconds=10)
    QTest.qWait(100)
    assert not raised
    tasks.close()


def test_answers_by_keys_and_buttons_are_saved_at_once(line, open_window, planned):
    add_rows(line, [{}])
    page = open_study_page(open_window(line.file))
    wait_for(lambda: shows(page, page.turns), "it is there")
    QTest.mouseClick(page.turns.begin, Qt.MouseButton.LeftButton)
    assert page.judging.turn.text() == "Anna: trial 1 of 2"
    assert not page.head.isVisible()
    answer(page, Qt.Key.Key_G)
    answer(page, Qt.Key.Key_D)
    wait_for(lambda: is_asking(page), "the third is there")
    QTest.mouseClick(page.judging.defect, Qt.MouseButton.LeftButton)
    wait_for(lambda: read_answers(planned.folder)[:4] == ["good", "defect", "defect", ""], "they are saved")
    answer(page, Qt.Key.Key_Backspace)
    wait_for(lambda: read_answers(planned.folder)[:3] == ["good", "defect", ""], "it is taken back")
    assert page.judging.progress.value() == 2
    assert page.judging.progress.maximum() == 10


def test_no_answer_counts_before_the_picture_is_there(line, open_window, planned):
    add_rows(line, [{}])
    page = open_study_page(open_window(line.file))
    wait_for(lambda: shows(page, page.turns), "it is there")
    planned.parts[planned.questions[0].part].picture.unlink()
    QTest.mouseClick(page.turns.begin, Qt.MouseButton.LeftButton)
    for _ in range(3):
        QTest.keyClick(page.judging, Qt.Key.Key_G)
    wait_for(lambda: "cannot be shown" in page.judging.says.text(), "it is said")
    QTest.keyClick(page.judging, Qt.Key.Key_G)
    assert page.sheet.count_answers() == (0, 40)


def test_a_study_goes_on_where_it_was_after_the_window_was_closed(line, open_window, planned):
    add_rows(line, [{}])
    window = open_window(line.file)
    page = open_study_page(window)
    wait_for(lambda: shows(page, page.turns), "it is there")
    QTest.mouseClick(page.turns.begin, Qt.MouseButton.LeftButton)
    for _ in range(3):
        answer(page, Qt.Key.Key_G)
    window.hand_over()
    assert open_sheet(planned.folder).find_next() == 3
    again = open_study_page(open_window(line.file))
    wait_for(lambda: shows(again, again.turns), "it is there again")
    assert again.turns.says.text() == "3 of 40 answers are given."
    assert again.turns.table.item(0, 1).text() == "3 of 10"
    QTest.mouseClick(again.turns.begin, Qt.MouseButton.LeftButton)
    assert again._asked == 3
    QTest.keyClick(again.judging, Qt.Key.Key_Escape)
    assert shows(again, again.turns)


def test_another_operator_may_judge_first(line, open_window, planned):
    add_rows(line, [{}])
    page = open_study_page(open_window(line.file))
    wait_for(lambda: shows(page, page.turns), "it is there")
    cell = page.turns.table.visualItemRect(page.turns.table.item(1, 0)).center()
    QTest.mouseClick(page.turns.table.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    assert page.turns.begin.text() == "Bo judges: trial 1"
    judge_turn(page)
    assert page.turns.says.text() == "Bo has judged all of trial 1. 10 of 40 answers are given."
    assert page.turns.operator == "Anna"  # the plan's next


def test_parts_without_pictures_are_asked_for_by_name(line, open_window, tmp_path):
    add_rows(line, [{}])
    table = tmp_path / "parts.csv"
    rows = [f"cap {number},{'defect' if number < 3 else 'good'}" for number in range(10)]
    table.write_text("part,standard\n" + "\n".join(rows))
    sheet = make_sheet(line.ledger.parent, find_parts(table, 1), ["Anna"], 1, 5)
    page = open_study_page(open_window(line.file))
    wait_for(lambda: shows(page, page.turns), "it is there")
    QTest.mouseClick(page.turns.begin, Qt.MouseButton.LeftButton)
    assert page.judging.says.text() == f"Look at part {sheet.questions[0].part}. Is it good, or a defect?"
    QTest.keyClick(page.judging, Qt.Key.Key_G)
    assert page.sheet.count_answers() == (1, 10)


def test_what_a_study_tells_is_a_page_and_a_pdf(line, open_window, planned, tmp_path, monkeypatch):
    add_rows(line, [{}])
    page = open_study_page(open_window(line.file))
    wait_for(lambda: shows(page, page.turns), "it is there")
    for turn in range(4):
        judge_turn(page, wrong=(0, 1) if turn == 1 else ())
    wait_for(lambda: shows(page, page.report), "it is counted")
    assert page.report.conclusion.text().startswith("✕ Not good enough, teach and try again: Bo")
    numbers = " ".join(page.report.numbers.toPlainText().split())
    for said in ("Parts 10", "Anna 100.0 % (10 of 10;", "Bo 80.0 % (8 of 10; 44 % to 97 %)", "unacceptable"):
        assert said in numbers, said
    assert "Kappa" in numbers
    file, said = tmp_path / "study.pdf", []
    page.said.connect(said.append)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    QTest.mouseClick(page.save, Qt.MouseButton.LeftButton)
    wait_for(lambda: said, "it is written")
    text = " ".join(" ".join(sheet.extract_text().split()) for sheet in PdfReader(file).pages)
    for word in (
        "Attribute agreement study",
        "Cell 1",
        "teach and try again: Bo",
        "44 % to 97 %",
        "Signature",
    ):
        assert word in text, word


def test_answers_that_cannot_be_written_are_said_and_kept(line, open_window, planned):
    add_rows(line, [{}])
    page = open_study_page(open_window(line.file))
    wait_for(lambda: shows(page, page.turns), "it is there")
    QTest.mouseClick(page.turns.begin, Qt.MouseButton.LeftButton)
    away = planned.folder.with_name("away")
    planned.folder.rename(away)
    answer(page, Qt.Key.Key_G)
    wait_for(lambda: page.trouble.isVisible() and "answers.csv" in page.trouble.text(), "it is said")
    away.rename(planned.folder)
    answer(page, Qt.Key.Key_D)
    wait_for(lambda: read_answers(planned.folder)[:2] == ["good", "defect"], "both are saved")
    wait_for(lambda: not page.trouble.isVisible(), "all is well again")


def test_a_study_that_is_damaged_is_said(line, open_window, planned):
    add_rows(line, [{}])
    (planned.folder / "parts.csv").write_text("nothing")
    page = open_study_page(open_window(line.file))
    wait_for(lambda: "has no columns" in page.trouble.text(), "it is said")
    assert page.head.isVisible()


def test_the_report_is_written_in_chinese(planned, tmp_path, qapp, monkeypatch):
    need_font("zh_CN")
    locale = QLocale()
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    speak_language("zh_CN")
    try:
        sheet = planned
        for place, question in enumerate(sheet.questions):
            sheet = sheet.set_answer(place, sheet.parts[question.part].is_defect)
        sheet.save()
        page = describe_study(sheet.measure_agreement())
        write_pdf(describe_report(page, "工位 1", "2026-11-26 18:40"), tmp_path / "study.pdf")
    finally:
        for translator in qapp.findChildren(QTranslator):
            qapp.removeTranslator(translator)
        QLocale.setDefault(locale)
    text = "".join(each.extract_text() for each in PdfReader(tmp_path / "study.pdf").pages)
    for said in ("计数型一致性分析", "结论", "有效性", "漏检", "误报", "Kappa", "可接受", "签名"):
        assert said in text, said
