"""Scores, counts, labels, kinds and drops as an operator meets them; one window with a small model."""

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest
from parts import save_parts
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from windows import SMALL, close, drag_and_drop, drop, wait

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.judging.relative_scores import compress, expand
from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.detection.model.image_result import ImageResult
from anomaly_gui.gui.main_window import MainWindow
from anomaly_gui.gui.state.image_table import ImageLabel, Origin
from anomaly_gui.gui.state.mode import Mode
from anomaly_gui.gui.state.said.remarks import REMARKS, Remark
from anomaly_gui.gui.tune.scale.plot_scale import PlotScale, ScoreAxis
from anomaly_gui.gui.widgets.flow_layout import FlowLayout
from anomaly_gui.gui.widgets.screen_fit import fit_into_screen

LEFT = Qt.MouseButton.LeftButton
NAME = "a&b <i>x.png"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("readable")


@pytest.fixture(scope="module")
def window(qapp, folder, closed):
    window = MainWindow(folder)
    window.resize(1280, 800)
    window.show()
    known = save_parts(folder / "known", 4, seed=1, defect=True)
    window.workshop.train_model(TrainRequest((save_parts(folder / "good", 24),), (), (known,), SMALL))
    wait(window)
    window.workshop.score_images((save_parts(folder / "line", 5, 2),), ImageLabel.GOOD)
    wait(window)
    yield window
    close(window, closed)


@pytest.fixture(autouse=True)
def as_it_was(window):
    yield
    while window.session.undo_stack.canUndo():
        window.session.undo_stack.undo()
    window.menus.raw_scores.setChecked(False)
    window.session.select_rows(())
    window.show_mode(Mode.TUNE)


def _defects(window):
    table = window.session.table
    return [row for row in table.shown_rows.tolist() if table.labels[row] == ImageLabel.DEFECT]


def _press(window, key, modifiers=Qt.KeyboardModifier.NoModifier):
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    QTest.keyClick(window, key, modifiers)


def _shown_numbers(plot):
    axis, (_, (low, high)) = plot.scatter.getAxis("left"), plot.box.viewRange()
    heights = axis.tickValues(low, high, plot.box.height())[0][1]
    return dict(zip(axis.tickStrings(heights, 1, 1), heights, strict=True))


def test_the_line_is_one_and_the_points_stay_while_it_moves(window):
    plot, thresholds = window.center.plot, window.session.thresholds
    heights = plot._heights.copy()
    assert _shown_numbers(plot)["1"] == pytest.approx(plot.lines.line.value())
    thresholds.preview_value(thresholds.current.value - 0.7 * thresholds.unit)
    moved = plot.lines.line.value()
    assert moved == pytest.approx(plot.scale.to_plot(thresholds.current.value) + 0.7, abs=0.2)
    assert _shown_numbers(plot)["1"] == pytest.approx(moved)
    thresholds.set_value(thresholds.current.value - 0.7 * thresholds.unit)
    assert np.array_equal(plot._heights, heights)
    assert _shown_numbers(plot)["1"] == pytest.approx(plot.lines.line.value())
    defect = _defects(window)[0]
    assert plot.scale.to_plot(window.session.table.scores[defect]) > plot.lines.line.value()


def test_one_foreign_image_does_not_crush_the_rest(window, folder):
    session, plot = window.session, window.center.plot
    foreign = ImageResult(Path("foreign.png"), -1e7, Verdict.DEFECT)
    session.add_results([foreign], Origin.DROPPED, [ImageLabel.NONE])
    _, (low, high) = plot.box.viewRange()
    good = float(plot.scale.to_plot(np.median(session.thresholds.good.scores)))
    assert (plot.lines.line.value() - good) / (high - low) > 0.03
    assert plot._heights[-1] < high
    assert float(expand(compress(-3e5))) == pytest.approx(-3e5)
    session._replace_table(session.table.without_origins([Origin.DROPPED]))
    window.workshop.score_images((folder / "line",), ImageLabel.GOOD)
    wait(window)


@pytest.mark.parametrize("span", [(-1.5, 0.9), (-1.0, 9.0), (0.95, 1.05), (-2.0, 16.0)])
@pytest.mark.parametrize("threshold", [-400.0, -417.0, -120.0])
def test_numbers_on_the_axis_are_round_ascending_and_apart(qapp, span, threshold):
    from anomaly_gui.detection.judging.relative_scores import RelativeScale

    axis = ScoreAxis()
    axis.show_scale(PlotScale(RelativeScale(-400.0, 20.0)), threshold)
    heights = axis.tickValues(*span, 300)[0][1]
    assert len(heights) >= 2
    assert np.all(np.diff(heights) * 300 / (span[1] - span[0]) > 20)
    assert all(len(text) <= 9 for text in axis.tickStrings(heights, 1, 1))


def test_log_likelihoods_are_a_switch_and_stay_in_inspector_and_table(window, folder):
    session, row = window.session, _defects(window)[0]
    session.select_rows((row,))
    raw = session.score_display.write_score
    relative = raw(session.table.scores[row])
    assert float(relative.replace(",", "")) > 1
    assert window.docks.inspector.facts.values["score"].toolTip().startswith("<qt>" + relative)
    assert "&lt;" in window.docks.inspector.facts.values["score"].toolTip()
    window.menus.raw_scores.trigger()
    assert raw(session.table.scores[row]) != relative
    assert window.services.preferences.is_on("log_likelihoods", default=False)
    plot = window.center.plot
    assert plot._heights.tolist() == session.table.scores[session.table.shown_rows].tolist()
    assert "log-likelihood" in plot.scatter.getAxis("left").labelText
    window.documents.write_export(_export(window), folder / "table.csv")
    lines = list(csv.DictReader((folder / "table.csv").read_text("utf-8-sig").splitlines()))
    assert float(lines[-1]["score"]) == pytest.approx(session.table.scores[session.table.shown_rows[-1]])
    assert all((float(one["relative_score"]) > 1) == (one["verdict"] == "defect") for one in lines)


def _export(window):
    from functools import partial

    from anomaly_gui.gui.work.exports import export_csv

    return partial(export_csv, remarks=window.services.remarks)


def test_the_distribution_draws_nothing_where_no_image_is(window):
    window.menus.raw_scores.trigger()  # far below 0, up to where blocks were drawn
    plot = window.center.plot
    heights = np.sort(plot._heights)
    gap = int(np.argmax(np.diff(heights)))
    QTest.qWait(50)
    picture, view = plot.distribution.grab().toImage(), plot.distribution.getViewBox()
    ground = picture.pixelColor(picture.width() - 3, picture.height() // 2)
    for height in np.linspace(heights[gap], heights[gap + 1], 7)[1:-1]:
        point = plot.distribution.mapFromScene(view.mapViewToScene(QPointF(0.02, height)))
        assert picture.pixelColor(point) == ground
    plot.fit_points()


def test_not_sure_is_neither_a_miss_nor_a_false_alarm(window):
    session, pair = window.session, window.docks.gallery.pair
    session.thresholds.set_unsure(1e6)
    QTest.qWait(100)
    counts = session.count_images()
    assert (counts.false_alarms.count, counts.misses.count) == (0, 0)
    assert counts.unsure_defects == len(_defects(window))
    said = window.center.threshold_bar.counts.text().replace("\N{NO-BREAK SPACE}", " ")
    assert f"{counts.unsure_good} good, {counts.unsure_defects} defects" in said
    assert [len(each.rows.rows) for each in pair.lists[:4]] == [0, 0, 0, 0]
    assert sorted(pair.lists[5].rows.rows.tolist()) == _defects(window)
    assert pair.lists[5].isVisible()
    session.select_rows(())
    window.steps.go_to_next_wrong()
    assert session.selection == ()
    session.undo_stack.undo()
    QTest.qWait(100)
    assert not pair.lists[5].isVisible()


@pytest.mark.parametrize("part", ["inspector", "inspect", "plot", "filter", "gallery"])
def test_every_part_of_the_window_takes_drops_and_says_what_they_do(window, folder, part):
    window.show_mode(Mode.INSPECT if part == "inspect" else Mode.TUNE)
    widget = {
        "inspector": window.docks.inspector.picture.picture.viewport(),
        "inspect": window.center.verdict_view.picture.picture.viewport(),
        "plot": window.center.plot.scatter.viewport(),
        "filter": window.docks.table.wanted,
        "gallery": window.docks.gallery.pair.lists[0].viewport(),
    }[part]
    before, images = len(window.session.table), save_parts(folder / part, 1, 40)
    for is_taken in drag_and_drop(widget, [images]):
        assert is_taken
        assert window._drop_hint.isVisible()
        assert window._drop_hint.text == "Judge with the model in use"
    assert not window._drop_hint.isVisible()
    wait(window)
    assert len(window.session.table) == before + 1
    assert window.docks.table.wanted.text() == ""


def test_a_field_says_that_it_takes_what_is_held_over_it(window, folder):
    window.show_mode(Mode.TRAIN)
    field = window.panel.defects
    for is_taken in drag_and_drop(field.note, [folder / "known"]):
        assert is_taken
        assert field._drop_hint.text == "Take as: Known defects"
        assert not window._drop_hint.isVisible()
    assert field.paths == (folder / "known",)


def test_a_scanner_in_inspect_relabels_nothing(window):
    session, row = window.session, _defects(window)[0]
    session.select_rows((row,))
    window.show_mode(Mode.INSPECT)
    labels = session.table.labels.copy()
    for key in "120WX3DAN":
        _press(window, getattr(Qt.Key, f"Key_{key}"))
        _press(window, getattr(Qt.Key, f"Key_{key}"), Qt.KeyboardModifier.ShiftModifier)
    assert session.table.labels.tolist() == labels.tolist()
    assert session.selection == (row,)
    assert not window.services.corrections.now.excluded
    window.show_mode(Mode.TUNE)
    _press(window, Qt.Key.Key_1)
    assert session.table.labels[row] == ImageLabel.GOOD


def test_a_file_given_as_known_defect_and_dropped_counts_once(window, folder):
    session, before = window.session, window.session.count_images().misses.total
    shutil.copy(folder / "known" / "part_0.png", folder / "again.png")
    drop(window, [folder / "again.png"])
    wait(window)
    assert session.count_images().misses.total == before
    assert session.table.labels[len(session.table) - 1] == ImageLabel.DEFECT
    assert window.center.verdict_view._row == len(session.table) - 1


def test_size_keeps_its_pixels_and_names_are_shown_as_they_are(window, folder):
    save_parts(folder / "odd", 1, 50)
    (folder / "odd" / "part_0.png").rename(folder / "odd" / NAME)
    drop(window, [folder / "odd"])
    wait(window)
    session, inspector = window.session, window.docks.inspector
    row = len(session.table) - 1
    session.select_rows((row,))
    size = inspector.facts.values["size"]
    wait(window, until=lambda: "px" in size.text())
    text = size.text()
    _press(window, Qt.Key.Key_2)
    assert size.text() == text
    assert inspector.facts.values["name"].text() == NAME
    assert inspector.facts.values["name"].textFormat() == Qt.TextFormat.PlainText
    assert "&lt;i&gt;" in inspector.facts.values["name"].toolTip()
    model = window.docks.gallery.flat.rows
    model.set_rows(np.array([row]))
    assert "a&amp;b &lt;i&gt;" in model.data(model.index(0), Qt.ItemDataRole.ToolTipRole)


def test_defects_get_kinds_by_words_and_keys_and_are_counted(window, folder):
    session, fields, bar = window.session, window.docks.inspector.remark_fields, window.center.threshold_bar
    first, second = _defects(window)[:2]
    session.select_rows((first,))
    window.activateWindow()
    fields.kind.lineEdit().setFocus()
    QTest.keyClicks(fields.kind.lineEdit(), "scratch")
    QTest.keyClick(fields.kind.lineEdit(), Qt.Key.Key_Return)
    fields.note.setFocus()
    QTest.keyClicks(fields.note, "line 2")
    QTest.keyClick(fields.note, Qt.Key.Key_Return)
    assert window.services.remarks.find_remark(first) == Remark("scratch", "line 2")
    session.select_rows((second,))
    window.setFocus()
    window.center.plot.setFocus()
    _press(window, Qt.Key.Key_3)
    assert window.services.remarks.find_remark(second).kind == "scratch"
    assert "scratch:\N{NO-BREAK SPACE}2\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}2" in bar.kinds.text()
    project = window.services.project
    written = project.folder.read().more[REMARKS]
    assert written[session.table.sha256s[first]] == ["scratch", "line 2"]
    project.opened.emit()
    assert window.services.remarks.find_remark(first) == Remark("scratch", "line 2")
    window.documents.write_export(_export(window), folder / "kinds.csv")
    lines = list(csv.DictReader((folder / "kinds.csv").read_text("utf-8-sig").splitlines()))
    assert [one["note"] for one in lines if one["kind"] == "scratch"] == ["line 2", ""]
    while session.undo_stack.canUndo():
        session.undo_stack.undo()
    assert window.services.remarks.find_remark(first) == Remark()
    assert bar.kinds.isHidden()


def test_a_window_is_no_larger_than_its_screen(qapp, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.setGeometry(QRect(QPoint(300, 200), QPoint(1579, 999)))
    fit_into_screen(window, QRect(0, 0, 960, 540))
    assert window.width() <= 960
    assert window.height() <= 500
    assert QRect(0, 0, 960, 540 - 40).contains(window.geometry())  # what a system draws is above, and counts


@pytest.mark.parametrize("mode", list(Mode))
def test_the_window_fits_a_full_hd_screen_at_twice_the_scale(window, mode):
    window.show_mode(mode)
    QTest.qWait(50)
    assert window.minimumSizeHint().width() <= 960
    assert window.minimumSizeHint().height() <= 540


def test_the_rules_go_on_below_where_a_window_is_narrow(window):
    bar = window.center.threshold_bar
    bar.resize(300, 400)
    row = (bar.rate_button, bar.rate, bar.sigma_button, bar.sigmas, bar.f1_button)
    QTest.qWait(50)
    boxes = [widget.geometry() for widget in row]
    narrow = FlowLayout(*(QWidget() for _ in range(5)))
    assert narrow.heightForWidth(10_000) <= narrow.heightForWidth(10)
    assert not any(one.intersects(other) for n, one in enumerate(boxes) for other in boxes[n + 1 :])


def test_the_label_of_the_score_bar_stands_below_its_tick(window):
    window.show_mode(Mode.INSPECT)
    bar = window.center.verdict_view.scale_bar
    for row in (_defects(window)[0], 0):
        bar.show_score(float(window.session.table.scores[row]))
        picture = bar.grab().toImage()
        ground = picture.pixelColor(0, 0)
        ink = [
            [x for x in range(picture.width()) if any(picture.pixelColor(x, y) != ground for y in lines)]
            for lines in (range(16, 17), range(40, 54))
        ]
        tick, label = (sum(columns) / len(columns) for columns in ink)
        assert label == pytest.approx(tick, abs=3)
