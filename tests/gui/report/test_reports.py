"""Reports as PDF: what they say, read back from the files."""

import hashlib
import re

import pypdf
import pytest
from parts import save_parts
from PySide6.QtGui import QFontDatabase
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog
from windows import SMALL, close, drop, need_font, wait

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.figures.style import format_score
from anomaly_gui.gui.main_window import MainWindow
from anomaly_gui.gui.report.report_fonts import explain_missing_font
from anomaly_gui.gui.report.validation_report import count_by_label
from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.gui.state.mode import Mode


def _read(file):
    """Return a PDF's text page by page, with single spaces."""
    return [re.sub(r"\s+", " ", page.extract_text()) for page in pypdf.PdfReader(file).pages]


@pytest.fixture
def ask_for(monkeypatch):
    """Choose a file in the dialog that asks for one."""

    def choose(file):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))

    return choose


@pytest.fixture(scope="module")
def shared(qapp, tmp_path_factory, closed):
    """A window with a saved model and images of both kinds, one of them labelled wrongly."""
    folder = tmp_path_factory.mktemp("reports")
    window = MainWindow(tmp_path_factory.mktemp("place"))
    window.show()
    window.workshop.train_model(TrainRequest((save_parts(folder / "good", 24),), settings=SMALL))
    wait(window)
    window.workshop.save_model(folder / "parts & <more>.anomaly")
    wait(window)
    good = save_parts(folder / "line" / "good", 6, seed=5, name="fine")
    save_parts(folder / "line" / "bad", 3, seed=6, defect=True, name="scratch")
    drop(window, [folder / "line"])
    wait(window)
    rows = [row for row, path in enumerate(window.session.table.paths) if path.parent == good]
    window.session.label_rows(rows[:1], ImageLabel.DEFECT)  # a miss
    window.session.undo_stack.clear()
    yield window
    close(window, closed)


@pytest.fixture
def judged(shared):
    """The same window, left as it was."""
    yield shared
    while shared.session.undo_stack.canUndo():
        shared.session.undo_stack.undo()
    shared.session.select_rows(())
    shared.services.operator.set_lot("")
    shared.services.shift.start_shift()
    shared.show_mode(Mode.TUNE)


def _write(window, action, file, ask_for):
    ask_for(file)
    action.trigger()
    wait(window, until=file.exists)
    return _read(file)


def test_a_validation_says_model_threshold_counts_and_who(judged, ask_for, tmp_path):
    model = judged.documents.file
    text = " ".join(_write(judged, judged.reports.validation, tmp_path / "validation.pdf", ask_for))
    assert "Validation of parts & <more>.anomaly" in text
    assert hashlib.sha256(model.read_bytes()).hexdigest() in text
    assert "24 images of 24 parts" in text
    assert "held-out scores of the training images" in text
    counts = count_by_label(judged.session, judged.session.table.shown_rows)
    misses = counts[ImageLabel.DEFECT]
    assert re.search(rf"Misses {misses['good']} of {sum(misses.values())}: [\d.]+ % \(", text)
    assert "Clopper and Pearson" in text
    assert f"Judged wrongly: {misses['good'] + counts[ImageLabel.GOOD]['defect']}" in text
    assert "fine_0.png" in text
    assert "Checked by" in text
    assert "Signature" in text
    assert re.search(r"Made 20\d\d-\d\d-\d\d", text)


def test_a_report_has_its_title_and_pages_and_pictures(judged, ask_for, tmp_path):
    file = tmp_path / "validation.pdf"
    pages = _write(judged, judged.reports.validation, file, ask_for)
    reader = pypdf.PdfReader(file)
    assert reader.metadata.title == "Validation of parts & <more>.anomaly"
    assert all(f"{number} / {len(pages)}" in page for number, page in enumerate(pages, 1))
    assert sum(len(page.images) for page in reader.pages) >= 2  # the plot, and what is wrong
    assert float(reader.pages[0].mediabox.height) == pytest.approx(842, abs=1)  # A4


def test_scores_are_relative_with_kinds_and_notes_or_log_likelihoods(judged, ask_for, tmp_path):
    session, display = judged.session, judged.session.score_display
    rows = [row for row, path in enumerate(session.table.paths) if path.name.startswith("scratch")]
    judged.services.remarks.set_kind(rows[:2], "dent & bump")
    judged.services.remarks.set_note(rows[:1], "below the <edge>")
    score = session.table.scores[rows[0]]
    raw, relative = format_score(score), display.write_score(score)
    text = " ".join(_write(judged, judged.reports.verdicts, tmp_path / "relative.pdf", ask_for))
    assert relative in text
    assert raw not in text
    assert "dent & bump" in text
    assert "below the <edge>" in text
    found = sum(session.find_verdict(row) == "defect" for row in rows[:2])
    text = " ".join(_write(judged, judged.reports.validation, tmp_path / "kinds.pdf", ask_for))
    assert f"dent & bump {found} 2" in text
    assert f"(log-likelihood {format_score(session.threshold.value)})" in text
    judged.menus.raw_scores.trigger()
    text = " ".join(_write(judged, judged.reports.verdicts, tmp_path / "raw.pdf", ask_for))
    judged.menus.raw_scores.trigger()
    assert raw in text


def test_who_moved_the_threshold_is_said_and_that_it_is_not_saved(judged, ask_for, tmp_path):
    judged.session.thresholds.set_value(judged.session.threshold.value - 1)
    text = " ".join(_write(judged, judged.reports.validation, tmp_path / "moved.pdf", ask_for))
    assert "not saved yet" in text
    assert "Moved by people" in text
    assert "manual" in text


def test_in_inspect_the_verdicts_are_those_of_the_shift(judged, ask_for, tmp_path):
    judged.show_mode(Mode.INSPECT)
    judged.services.operator.set_lot("L-9")
    judged.services.operator.set_number("SN 1&2")
    drop(judged, [save_parts(tmp_path / "now", 1, seed=8, defect=True, name="now")])
    wait(judged)
    text = " ".join(_write(judged, judged.reports.verdicts, tmp_path / "shift.pdf", ask_for))
    assert "Verdicts of parts & <more>.anomaly" in text
    assert "now_0.png" in text
    assert "SN 1&2" in text
    assert "L-9" in text
    assert "Images 1" in text
    assert "fine_" not in text


def test_elsewhere_they_are_the_selected_ones_or_all(judged, ask_for, tmp_path):
    text = " ".join(_write(judged, judged.reports.verdicts, tmp_path / "all.pdf", ask_for))
    names = [*(f"fine_{index}.png" for index in range(6)), *(f"scratch_{index}.png" for index in range(3))]
    assert [name for name in names if name not in text] == []
    rows = [row for row, path in enumerate(judged.session.table.paths) if path.name.startswith("scratch")]
    judged.session.select_rows(rows[:2])
    text = " ".join(_write(judged, judged.reports.verdicts, tmp_path / "some.pdf", ask_for))
    assert "fine_" not in text
    assert text.count("scratch_2.png") == 0


def test_many_verdicts_go_over_pages_with_the_header_on_each(judged, ask_for, tmp_path):
    judged.show_mode(Mode.INSPECT)
    for _ in range(12):
        judged.services.shift.note_rows(0, 10)
    pages = _write(judged, judged.reports.verdicts, tmp_path / "long.pdf", ask_for)
    with_rows = [page for page in pages if "part_3.png" in page]
    assert len(with_rows) >= 3
    assert all("Verdict" in page and "Score" in page for page in with_rows)


def test_chinese_names_can_be_read_and_copied(judged, ask_for, tmp_path):
    need_font("zh_CN")
    drop(judged, [save_parts(tmp_path / "线", 1, seed=8, defect=True, name="划痕")])
    wait(judged)
    text = " ".join(_write(judged, judged.reports.verdicts, tmp_path / "报告.pdf", ask_for))
    assert "划痕" in text


def test_a_missing_font_is_named(monkeypatch, qapp):
    monkeypatch.setattr(QFontDatabase, "families", lambda *_: [])
    assert "Noto Sans CJK SC" in explain_missing_font("合格")
    assert explain_missing_font("good") == ""


def test_a_place_that_cannot_be_written_is_one_sentence(judged, ask_for, tmp_path):
    ask_for(tmp_path / "nowhere" / "report.pdf")
    judged.reports.validation.trigger()
    wait(judged, until=lambda: "cannot be written" in judged.status_line.label.text())
    assert list(tmp_path.glob("**/*.part")) == []


def test_an_image_that_is_gone_leaves_its_name(judged, ask_for, tmp_path):
    gone = save_parts(tmp_path / "gone", 2, seed=9, defect=True, name="gone")
    drop(judged, [gone])
    wait(judged)
    for file in gone.iterdir():
        file.unlink()
    judged.session.select_rows(range(len(judged.session.table) - 2, len(judged.session.table)))
    text = " ".join(_write(judged, judged.reports.verdicts, tmp_path / "gone.pdf", ask_for))
    assert "gone_0.png" in text


def test_a_report_is_printed(judged, monkeypatch, tmp_path):
    out = tmp_path / "printed.pdf"

    def accept(dialog):
        dialog.printer().setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        dialog.printer().setOutputFileName(str(out))
        return 1

    monkeypatch.setattr(QPrintDialog, "exec", accept)
    judged.reports.print_validation.trigger()
    wait(judged, until=lambda: "printer" in judged.status_line.label.text())
    assert "Validation of" in _read(out)[0]


def test_without_a_model_there_is_nothing_to_report(make):
    assert not make().menus.report_menu.isEnabled()


def test_the_model_of_a_project_is_named_by_its_digest(judged, ask_for, tmp_path):
    """The last one here: the window has a project from now on."""
    assert judged.services.saving.save_in(tmp_path / "Gears.anomalyproj")
    model = judged.session.model.file
    text = " ".join(_write(judged, judged.reports.validation, tmp_path / "project.pdf", ask_for))
    assert "Validation of Gears" in text
    assert hashlib.sha256(model.read_bytes()).hexdigest() in text
