"""The window as it is used, with the real engine in its own process."""

import subprocess
import sys
import time
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from parts import save_parts
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox
from windows import SMALL, drop, give_up, wait

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.model.model_file import open_model
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.gui.main_window import MainWindow
from anomaly_gui.gui.state.image_table import ImageLabel, Origin
from anomaly_gui.gui.state.mode import Mode
from anomaly_gui.gui.tune.gallery import Show
from anomaly_gui.gui.work.exports import export_csv, export_picture


@pytest.fixture(scope="module")
def window(qapp, tmp_path_factory, closed):
    """A window with the sample trained and judged."""
    window = MainWindow(tmp_path_factory.mktemp("place"))
    window.resize(1280, 800)
    window.show()
    window.open_sample()
    wait(window)
    yield window
    give_up(window)
    assert window.close()
    closed.append(window)


@pytest.fixture(autouse=True)
def as_it_was(request):
    """Leave the shared window as the sample left it."""
    yield
    if "window" in request.fixturenames:
        window = request.getfixturevalue("window")
        while window.session.undo_stack.canUndo():
            window.session.undo_stack.undo()
        window.session.select_rows(())
        window.show_mode(Mode.TUNE)
        window.docks.gallery.show_view(Show.WRONG_AND_RIGHT)


def _said(window):
    return window.center.threshold_bar.counts.text().replace("\N{NO-BREAK SPACE}", " ")


def _recount(window, threshold):
    table = window.session.table
    rows = [table.read_row(row) for row in window.session.table.shown_rows.tolist()]
    return (
        sum(row.label == ImageLabel.GOOD and row.score < threshold for row in rows),
        sum(row.label == ImageLabel.DEFECT and row.score >= threshold for row in rows),
    )


def test_the_sample_is_judged_as_by_the_command(window):
    counts = window.session.count_images()
    assert (counts.false_alarms.count, counts.false_alarms.total) == (2, 327)
    assert (counts.misses.count, counts.misses.total) == (93, 1070)
    assert "2 of 327 (0.1 to 2.2 %)" in _said(window)
    assert "93 of 1,070" in _said(window)
    assert window.isWindowModified()
    assert window.mode is Mode.TUNE


def test_the_next_step_follows_what_was_judged_at_once(window):
    QTest.qWait(300)
    assert "977 of 1,070 known defects" in window.center.next_step.says.text()


def _modules_of_a_window():
    code = """
import sys, tempfile
from pathlib import Path
from PySide6.QtWidgets import QApplication
app = QApplication([])
from anomaly_gui.gui.main_window import MainWindow
window = MainWindow(Path(tempfile.mkdtemp()))
window.show()
app.processEvents()
heavy = {"tensorflow", "keras", "sklearn", "matplotlib", "jsonschema", "typer"}
print(*sorted(heavy & set(sys.modules)))
window.close()
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return ran.stdout.split()


def test_an_empty_window_loads_nothing_heavy():
    assert _modules_of_a_window() == []


def _place_in_plot(plot, x, score):
    """Return where a score is drawn, in pixels of the plot's viewport."""
    height = float(plot.scale.to_plot(score))
    return plot.scatter.mapFromScene(plot.box.mapViewToScene(QPointF(x, height)))


def test_dragging_the_line_moves_the_threshold(window, qtbot):
    plot, session = window.center.plot, window.session
    old = session.threshold.value
    viewport = plot.scatter.viewport()
    where = lambda value: _place_in_plot(plot, 300, value)  # noqa: E731
    start, end = where(old), where(old + 400)
    previews = []
    session.thresholds.previewed.connect(previews.append)
    QTest.mouseMove(viewport, start)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    for step in range(1, 11):
        QTest.mouseMove(viewport, start + (end - start) * step / 10)
        QTest.qWait(30)
    in_between = _said(window)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)
    QTest.qWait(100)
    moved = session.threshold.value
    assert len(previews) >= 5
    assert moved == pytest.approx(old + 400, abs=15)
    assert session.threshold.rule == "manual"
    alarms, misses = _recount(window, moved)
    assert f"{alarms:,} of 327" in _said(window)
    assert f"{misses:,} of 1,070" in _said(window)
    assert "of 327" in in_between and not in_between.startswith("false alarms 2 of")
    lists = [each.rows.rows for each in window.docks.gallery.pair.lists]
    assert (len(lists[0]), len(lists[2])) == (min(alarms, 300), min(misses, 300))
    session.undo_stack.undo()
    assert session.threshold.value == old
    session.undo_stack.redo()
    window.center.threshold_bar.calibrated_button.click()
    assert session.threshold.value == old


def test_rules_set_the_threshold_and_say_what_to_expect(window):
    bar, session = window.center.threshold_bar, window.session
    bar.rate.setValue(5)
    bar.rate_button.click()
    assert session.threshold.asked_rate == 0.05
    assert 0.03 < session.threshold.expected.rate <= 0.05
    bar.sigma_button.click()
    assert session.threshold.rule == "sigma"
    alarms, _ = _recount(window, session.threshold.value)
    assert alarms == 42  # what the demo says of the textbook rule
    bar.f1_button.click()
    assert session.threshold.rule == "best-f1"
    assert sum(_recount(window, session.threshold.value)) < 95
    bar.value.setValue(-1000)
    assert session.threshold.value == -1000
    assert session.threshold.expected is not None
    bar.unsure.setValue(50)
    assert session.count_images().not_sure == int(
        np.sum(np.abs(session.table.scores[session.table.shown_rows] + 1000) <= 50)
    )


def test_arrow_keys_nudge_the_line(window):
    old, line = window.session.threshold.value, window.center.plot.lines.line
    height = line.value()
    QTest.keyClick(window.center.plot, Qt.Key.Key_Up)
    assert line.value() > height
    assert window.session.threshold.value < old  # what is higher is worse: more is let pass
    QTest.keyClick(window.center.plot, Qt.Key.Key_Down)
    assert window.session.threshold.value == pytest.approx(old)


def test_a_click_on_a_point_selects_it_everywhere(window):
    plot, session = window.center.plot, window.session
    row = next(
        row
        for row in session.table.shown_rows.tolist()
        if session.table.is_wrong(row, session.threshold.value)
    )
    place = int(np.flatnonzero(session.table.shown_rows == row)[0])
    point = _place_in_plot(plot, place, session.table.scores[row])
    QTest.mouseClick(
        plot.scatter.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point
    )
    QTest.qWait(300)
    assert session.selection == (row,)
    assert "DEFECT" in window.docks.inspector.verdict.text()
    assert window.docks.inspector.facts.values["name"].text() == session.table.paths[row].name
    assert len(session.table.nearest[row]) == 3


def test_a_dragged_rectangle_selects_many(window):
    plot, session = window.center.plot, window.session
    start, end = _place_in_plot(plot, -5, 5), _place_in_plot(plot, 100, -700)
    viewport = plot.scatter.viewport()
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, shift, start)
    for step in range(1, 6):
        _move_with_shift(viewport, start + (end - start) * step / 5)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, shift, end)
    QTest.qWait(50)
    scores = session.table.scores[session.table.shown_rows]
    inside = np.flatnonzero((np.arange(len(scores)) <= 100) & (scores <= 5) & (scores >= -700))
    assert abs(len(session.selection) - len(inside)) <= 1
    assert len(session.selection) >= 2


def _move_with_shift(viewport, point):
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(point),
        QPointF(viewport.mapToGlobal(point)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.ShiftModifier,
    )
    QApplication.sendEvent(viewport, event)


def test_labels_count_at_once_and_can_be_undone(window):
    session = window.session
    row = int(np.flatnonzero(session.table.labels == ImageLabel.DEFECT)[-1])
    session.select_rows((row,))
    window.menus.labels[2].trigger()
    assert session.count_images().misses.total == 1069
    window.menus.labels[0].trigger()
    assert session.count_images().false_alarms.total == 328
    session.undo_stack.undo()
    session.undo_stack.undo()
    counts = session.count_images()
    assert (counts.false_alarms.total, counts.misses.total) == (327, 1070)


def test_next_wrong_goes_through_all_wrong_images(window):
    session = window.session
    window.steps.go_to_next_wrong()
    first = session.selection[0]
    window.steps.go_to_next_wrong()
    second = session.selection[0]
    assert first != second
    assert session.table.is_wrong(first, session.threshold.value)
    assert session.table.is_wrong(second, session.threshold.value)


def test_the_table_sorts_and_filters(window):
    window.docks.images_dock.widget().setCurrentWidget(window.docks.table)
    QTest.qWait(50)
    table = window.docks.table
    table.view.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    scores = window.session.table.scores[table.images.rows]
    assert (np.diff(scores) <= 0).all()  # as they are read: 0 first, what is worst last
    table.wanted.setText("one_00003")
    assert [window.session.table.paths[row].name for row in table.images.rows] == ["one_00003.png"]
    table.wanted.clear()
    table.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    window.docks.images_dock.widget().setCurrentWidget(window.docks.gallery)


def test_the_roc_tab_counts_as_the_bar_does(window):
    window.center.tabs.setCurrentWidget(window.center.roc)
    QTest.qWait(50)
    assert [cell.text() for cell in window.center.roc.cells] == ["325", "2", "93", "977"]
    assert "0.998" in window.center.roc.auroc.text()
    window.center.tabs.setCurrentWidget(window.center.plot)


def test_saving_and_opening_give_the_same_verdicts_and_tell_who_moved_the_line(window, make, tmp_path):
    file = tmp_path / "ones.anomaly"
    session = window.session
    verdicts = [session.find_verdict(row) for row in session.table.shown_rows.tolist()]
    session.thresholds.set_value(-400.0)
    window.workshop.save_model(file)
    wait(window)
    assert window.documents.file == file
    assert not window.isWindowModified()
    saved = open_model(file)
    assert saved.threshold.value == -400.0
    assert [move.new for move in saved.moves] == [-400.0]
    assert saved.moves[0].who
    another = make()
    another.documents.open_model(file)
    wait(another)
    another.workshop.score_images((session.table.paths[session.table.shown_rows[0]].parent,), ImageLabel.GOOD)
    wait(another)
    assert another.session.threshold.value == -400.0
    assert another.session.count_images().false_alarms.total == 327
    again = another.session
    scores = dict(zip(again.table.paths, again.table.scores.tolist(), strict=True))
    for row in session.table.shown_rows[:327].tolist():
        assert scores[session.table.paths[row]] == pytest.approx(session.table.scores[row], abs=0.5)
    assert len(verdicts) == 1397


def test_known_defects_are_counted_after_training(small):
    counts = small.session.count_images()
    assert (counts.misses.count, counts.misses.total) == (0, 4)
    assert counts.false_alarms.total == 24
    assert "24 images of 24 parts" in small.panel.message.text()
    assert "Promised: no more than 10 of 100 good parts rejected" in small.panel.message.text()


def test_files_may_be_dropped_on_every_part_of_the_window(small, tmp_path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    parts = (
        small.center.plot.scatter.viewport(),
        small.docks.gallery.pair,
        small.docks.inspector.picture.picture.viewport(),
    )
    for part in (
        *parts,
        small.center.threshold_bar,
        small.center.verdict_view,
        small.menuBar(),
        small.docks.table.view.viewport(),
    ):
        event = QDragEnterEvent(
            QPoint(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(part, event)
        assert event.isAccepted(), part


def test_dropped_files_folders_and_junk_all_get_a_row(small, tmp_path):
    junk = tmp_path / "drop"
    save_parts(junk / "more", 5, seed=3)
    (junk / "broken.png").write_bytes(b"")
    (junk / "notes.txt").write_text("notes")
    drop(small, [junk, tmp_path / "gone.png"])
    wait(small)
    table = small.session.table
    dropped = [
        table.read_row(row) for row in range(len(table)) if table.read_row(row).origin is Origin.DROPPED
    ]
    assert len(dropped) == 7
    reasons = {row.path.name: row.reason for row in dropped if row.score is None}
    assert set(reasons) == {"broken.png", "gone.png"}
    assert all(reasons.values())
    assert "passed over" in small.status_line.label.text() or small.session.count_images().not_judged == 2
    assert small.session.count_images().not_judged == 2
    small.documents.write_export(export_csv, tmp_path / "table.csv")
    assert "broken.png" in (tmp_path / "table.csv").read_text("utf-8-sig")
    small.documents.write_export(partial(export_picture, title="x"), tmp_path / "plot.png")
    small.documents.write_export(partial(export_picture, title="x"), tmp_path / "plot.svg")
    assert (tmp_path / "plot.png").stat().st_size > 10_000
    assert (tmp_path / "plot.svg").read_text("utf-8").startswith("<?xml")


def test_a_cancelled_training_leaves_the_old_model(small, tmp_path):
    before, threshold = small.session.model, small.session.threshold
    many = save_parts(tmp_path / "many", 300, seed=5)
    small.session._has_unsaved_model = False
    small.workshop.train_model(TrainRequest((many,), settings=TrainSettings(detector="pooled", size=224)))
    wait(small, until=lambda: small.panel.busy.bar.value() > 0)
    assert small.status_line.busy.isVisible()
    QTest.keyClick(small, Qt.Key.Key_Escape)
    wait(small)
    assert small.session.model is before
    assert small.session.threshold is threshold
    assert not small.status_line.busy.isVisible()


def test_a_training_that_cannot_be_says_why(small, tmp_path):
    (tmp_path / "empty").mkdir()
    before = small.session.model
    small.workshop.train_model(TrainRequest((tmp_path / "empty",), settings=SMALL))
    wait(small)
    assert "There is no image in" in small.panel.message.text()
    assert small.session.model is before


def test_closing_asks_while_something_is_unsaved(small, monkeypatch):
    asked = []

    def answer(*arguments):
        asked.append(arguments)
        return QMessageBox.StandardButton.Cancel

    monkeypatch.setattr(QMessageBox, "question", answer)
    assert not small.close()
    assert len(asked) == 1
    assert small.session.model is not None


def test_a_cancelled_save_does_not_let_a_later_save_close_the_window(small, monkeypatch, tmp_path):
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Save)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    assert not small.close()
    assert small.isVisible()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "later"), ""))
    small.documents.save_as()
    wait(small)
    assert (tmp_path / "later.anomaly").exists()
    assert small.isVisible()
    small.session.thresholds.set_value(small.session.threshold.value - 1)
    assert not small.close()  # it is saved first, then it closes
    wait(small, until=lambda: not small.isVisible())
    assert open_model(tmp_path / "later.anomaly").threshold.rule == "manual"


def test_two_windows_of_one_place_keep_their_own_models(make, tmp_path):
    place = tmp_path / "shared"
    place.mkdir()
    one, other = make(place), make(place)
    for window, name in ((one, "a"), (other, "b")):
        save_parts(tmp_path / name, 24 if name == "a" else 30, seed=ord(name))
        window.workshop.train_model(TrainRequest((tmp_path / name,), settings=SMALL))
    for window, count in ((one, 24), (other, 30)):
        wait(window)
        window.workshop.save_model(tmp_path / f"{count}.anomaly")
        wait(window)
        assert len(open_model(tmp_path / f"{count}.anomaly").training.images) == count


def test_the_calibrated_threshold_of_a_textbook_model_keeps_a_promise(make, tmp_path):
    window, good = make(), save_parts(tmp_path / "good", 60)
    window.workshop.train_model(TrainRequest((good,), settings=replace(SMALL, rule="sigma")))
    wait(window)
    assert window.session.threshold.rule == "sigma"
    window.center.threshold_bar.calibrated_button.click()
    assert window.session.threshold.rule == "false-alarm-rate"
    assert window.session.threshold.promised_rate is not None


def test_closing_while_it_works_ends_in_order(make, tmp_path):
    window = make()
    many = save_parts(tmp_path / "many", 200)
    window.workshop.train_model(TrainRequest((many,), settings=TrainSettings(detector="pooled", size=224)))
    wait(window, until=lambda: window.panel.busy.bar.value() > 0)
    began = time.monotonic()
    assert window.close()
    assert time.monotonic() - began < 15
    assert not list(tmp_path.rglob("*.anomaly"))


def test_dropping_a_folder_on_an_empty_window_offers_it_for_training(make, tmp_path):
    window = make()
    good = save_parts(tmp_path / "good", 3)
    (good / "notes.txt").write_text("x")
    drop(window, [good])
    wait(window, until=lambda: window.panel.good.report is not None)
    assert window.panel.good.count.text() == "3"
    assert "passed over" in window.panel.good.note.text()
    assert window.panel.train_button.isEnabled()


def test_a_file_that_is_no_model_is_named(make, tmp_path):
    window = make()
    (tmp_path / "no.anomaly").write_text("no model")
    drop(window, [tmp_path / "no.anomaly"])
    wait(window)
    assert "no.anomaly is not a model file" in window.status_line.label.text()
    assert window.session.model is None


def test_the_settings_form_says_what_the_engine_takes(make):
    window = make()
    assert window.panel.form.read_settings() == TrainSettings()
    values = {"detector": "pooled", "layer": "block2_pool,block3_pool", "size": 64, "false_alarm_rate": 0.02}
    window.panel.form.set_values(values)
    settings = window.panel.form.read_settings()
    assert (settings.layer, settings.size, settings.false_alarm_rate) == ("block2_pool,block3_pool", 64, 0.02)
    window.panel.form.set_values({"layer": "block9"})
    assert window.panel.make_request() is None
    assert "block9" in window.panel.message.text()


def test_the_folders_of_a_project_come_back_with_it(make, tmp_path):
    first, good = make(), save_parts(tmp_path / "good", 24)
    gone = save_parts(tmp_path / "gone", 1)
    first.panel.good.set_paths((good,))
    first.panel.calibration.set_paths((gone,))
    first.requests.start_training(TrainRequest((good,), (gone,), (), SMALL))
    first.workshop.runner.cancel_all()
    wait(first)
    assert first.services.saving.save_in(tmp_path / "parts.anomalyproj")
    give_up(first)
    assert first.close()
    another = make()
    assert another.panel.good.paths == ()  # of another product nothing is offered
    another.services.projects.open_project(tmp_path / "parts.anomalyproj")
    assert another.panel.good.paths == (good,)
    assert another.panel.calibration.paths == (gone,)


def test_recent_models_come_back(make, small, tmp_path):
    file = tmp_path / "kept.anomaly"
    small.workshop.save_model(file)
    wait(small)
    another = make()
    assert another.preferences.recent_models[0] == file
    assert another.menus.recent.actions()[0].text() == str(file)
