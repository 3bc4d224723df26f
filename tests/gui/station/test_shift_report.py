"""The report of a shift as PDF, read back."""

from datetime import datetime, timedelta

import pytest
from line import save_picture
from pypdf import PdfReader
from PySide6.QtCore import QLocale, QTranslator
from recorded import add_entries, add_rows
from station_waiting import wait_for
from windows import need_font

from anomaly_gui.gui.state.display.languages import speak_language
from anomaly_gui.gui.station.report.shift_facts import describe_span, read_shift
from anomaly_gui.station.ledger.engine import open_engine
from anomaly_gui.station.ledger.linking import AuditEntry
from anomaly_gui.station.ledger.reading import ResultFilter
from anomaly_gui.station.ledger.verifying import verify_ledger
from anomaly_gui.station.times import now_utc


@pytest.fixture
def recorded(line):
    save_picture(line.incoming / "x.png")
    add_rows(
        line,
        [{"lot": "L1"}] * 90
        + [{"lot": "L1", "verdict": "defect", "reason": "is unlike good parts as a whole"}] * 7
        + [{"lot": "L2", "verdict": "error", "reason": "it is torn"}]
        + [{"verdict": "good", "is_challenge": 1}] * 5
        + [{"lot": "L1", "at": "2026-01-01T00:00:00.000Z"}],
    )
    alarm = {"alarm": "light", "at": now_utc(), "text": "15 % darker", "is_active": True}
    add_entries(line, AuditEntry("threshold", "1", "2", "too many", "eve", "engineer"), alarm)
    return line


def write_report(window, file, wanted=None):
    page = window.current.engineer
    said = []
    page.said.connect(said.append)
    since = datetime.now().astimezone() - timedelta(hours=2)
    page.writing.write_report(describe_span(wanted or ResultFilter(since=since), since), file)
    wait_for(lambda: said, "it is written")
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(file).pages)


def test_the_report_of_a_shift_says_what_happened(recorded, open_window, tmp_path):
    text = write_report(open_window(recorded.file), tmp_path / "shift.pdf")
    for said in (
        "Shift report of Cell 1",
        "Plant 1, Line 1, Cell 1",
        "Parts 98",
        "Parts of the challenge 5",
        "Yield 92.78 % (85.70 % to 97.05 %)",  # 90 of 97, after Clopper and Pearson
        "good 90 91.84 %",
        "defect 7 7.14 %",
        "is unlike good parts as a whole 7",
        "it is torn 1",
        "part.anomaly",
        "ab" * 32,
        "light: came",
        "15 % darker",
        "eve (engineer)",
        "too many",
        "Signature",
    ):
        assert said in text, said
    engine = open_engine(recorded.ledger)
    assert verify_ledger(engine).head in text  # the last hash of the chain
    engine.dispose()


def test_the_report_of_a_lot_counts_nothing_else(recorded, open_window):
    window = open_window(recorded.file)
    wanted = ResultFilter(lot="L2", since=datetime.now().astimezone() - timedelta(hours=2))
    facts = read_shift(window.current.place, describe_span(wanted, window.current.feed.since))
    assert facts.counts.total() == 1
    assert facts.challenges == 0
    assert [use.count for use in facts.models] == [1]


def test_hours_add_up_to_all(recorded, open_window):
    window = open_window(recorded.file)
    since = datetime.now().astimezone() - timedelta(hours=2)
    facts = read_shift(window.current.place, describe_span(ResultFilter(), since))
    assert sum(counts.total() for counts in facts.hours.values()) == facts.counts.total() == 98
    assert all(hour.utcoffset() is not None and not hour.minute for hour in facts.hours)


def test_the_report_speaks_chinese(recorded, open_window, tmp_path, qapp, monkeypatch):
    need_font("zh_CN")
    locale = QLocale()
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    speak_language("zh_CN")
    try:
        text = write_report(open_window(recorded.file), tmp_path / "shift.pdf")
    finally:
        for translator in qapp.findChildren(QTranslator):
            qapp.removeTranslator(translator)
        QLocale.setDefault(locale)
    assert "班次报告" in text
    assert "良率" in text
    assert "合格 90" in text


def test_what_a_list_has_no_room_for_is_counted(line, open_window, tmp_path):
    add_rows(line, [{"verdict": "error", "reason": f"it is torn, {number}"} for number in range(12)])
    flapping = (
        {"alarm": "outputs", "at": now_utc(), "text": "it is away", "is_active": number % 2 == 0}
        for number in range(210)
    )
    add_entries(line, AuditEntry("unlock", "locked", "", "the lamp is new", "eve", "engineer"), *flapping)
    text = write_report(open_window(line.file), tmp_path / "shift.pdf")
    for said in (
        "The most frequent 10 of 12.",
        "Alarms: 105",
        "The newest 200 of 210 entries.",
        "What was done: 1",
        "the lamp is new",
    ):
        assert said in text, said
