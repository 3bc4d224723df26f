"""The window with the sample as it is used, with the real engine in its own process."""

import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtTest import QTest
from windows import give_up, wait

from anomaly_gui.detection.model.model_file import open_model
from anomaly_gui.gui.main_window import MainWindow
from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.gui.state.mode import Mode
from anomaly_gui.gui.tune.gallery import Show


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
