"""What operators say of images, and what the next training makes of it."""

import json
import shutil

import numpy as np
import pytest
from parts import save_parts
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from windows import SMALL, drop, wait

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.model.model_file import open_model
from anomaly_gui.gui.state.image_table import ImageLabel, ImageTable, Origin
from anomaly_gui.gui.state.mode import Mode
from anomaly_gui.gui.tune.gallery import Show


def _row_of(window, verdict):
    rows = np.flatnonzero(window.session.table.origins != Origin.KNOWN_DEFECTS).tolist()
    return next(row for row in rows if window.session.find_verdict(row) == verdict)


def test_a_wrong_verdict_puts_a_copy_aside_and_counts_at_once(small, tmp_path):
    drop(small, [save_parts(tmp_path / "line", 4, 9, defect=True)])
    wait(small)
    session = small.session
    row = int(np.flatnonzero(session.table.origins == Origin.DROPPED)[0])
    assert session.find_verdict(row) == "defect"
    session.select_rows((row,))
    small.activateWindow()
    QTest.keyClick(small, Qt.Key.Key_W)
    wait(small, until=lambda: small.services.corrections.now.good)
    assert session.table.labels[row] == ImageLabel.GOOD
    assert session.table.is_wrong(row, session.threshold.value)
    copy = small.services.corrections.now.good[0]
    assert copy.read_bytes() == session.table.paths[row].read_bytes()
    assert "1 good" in small.panel.use_corrections.text()
    session.undo_stack.undo()
    assert small.services.corrections.now.good == ()
    assert session.table.labels[row] == ImageLabel.NONE
    session.undo_stack.redo()
    shutil.rmtree(tmp_path / "line")  # the stick is taken away; the copy is learned from all the same
    request = TrainRequest((tmp_path / "good",), settings=SMALL)
    small.session._has_unsaved_model = False
    small.session.thresholds.current = small.session.saved_threshold
    small.requests.start_training(request)
    wait(small)
    assert copy in {record.path for record in small.session.model.training.images}
    assert small.services.corrections.now.good == (copy,)  # the next model needs it too


def test_an_excluded_image_is_not_learned_from(small, tmp_path):
    session = small.session
    session.select_rows((3,))
    gone = session.table.paths[3]
    small.docks.inspector.exclude_button.click()
    assert small.services.corrections.now.excluded == (gone,)
    assert small.docks.inspector.exclude_button.isChecked()
    assert "1 left out" in small.panel.use_corrections.text()
    small.session._has_unsaved_model = False
    small.requests.start_training(TrainRequest((tmp_path / "good",), settings=SMALL))
    wait(small)
    assert len(session.model.training.images) == 23
    assert gone not in {record.path for record in session.model.training.images}
    assert small.services.corrections.now.excluded == (gone,)


def test_corrections_of_a_model_come_back_with_it(small, make, tmp_path):
    small.session.select_rows((1, 2))
    small.steps.toggle_excluded()
    file = tmp_path / "kept.anomaly"
    small.workshop.save_model(file)
    wait(small)
    another = make(tmp_path / "place 0")
    another.documents.open_model(file)
    wait(another)
    assert another.services.corrections.now == small.services.corrections.now
    assert len(another.services.corrections.now.excluded) == 2
    kept = next((tmp_path / "place 0" / "corrections").iterdir())
    kept.write_text(json.dumps({"good": 3}))
    another.session._has_unsaved_model = False
    another.documents.open_model(file)
    wait(another)
    assert another.services.corrections.now.excluded == ()
    assert str(kept) in another.panel.message.text()
    assert open_model(file).training.images


def test_an_image_that_is_gone_cannot_be_put_aside_and_is_named(small, tmp_path):
    row = _row_of(small, "good")
    small.session.table.paths[row].unlink()
    small.session.select_rows((row,))
    small.steps.report_wrong()
    QTest.mouseClick(small.docks.inspector.question.defect_button, Qt.MouseButton.LeftButton)
    wait(small, until=lambda: "cannot be put aside" in small.panel.message.text())
    assert small.session.table.paths[row].name in small.panel.message.text()
    assert small.services.corrections.now.good == ()


def test_what_an_image_is_is_asked_where_label_and_verdict_agree(small):
    row, session, question = _row_of(small, "good"), small.session, small.docks.inspector.question
    session.select_rows((row,))
    small.show_mode(Mode.TUNE)
    small.activateWindow()
    QTest.keyClick(small, Qt.Key.Key_W)
    assert question.isVisible()
    assert "are the same" in question.says.text()
    assert small.services.corrections.now.defects == ()
    QTest.mouseClick(question.cancel_button, Qt.MouseButton.LeftButton)
    assert not question.isVisible()
    QTest.mouseClick(small.docks.inspector.wrong_button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(question.defect_button, Qt.MouseButton.LeftButton)
    wait(small, until=lambda: small.services.corrections.now.defects)
    assert session.table.labels[row] == ImageLabel.DEFECT
    assert small.services.corrections.now.good == ()
    assert not question.isVisible()


def test_an_image_without_a_verdict_needs_a_label_first(small, tmp_path):
    drop(small, [tmp_path / "nothing.png"])
    wait(small)
    row = len(small.session.table) - 1
    small.session.select_rows((row,))
    small.steps.report_wrong()
    question = small.docks.inspector.question
    assert not question.isHidden()
    assert "neither good nor defect" in question.says.text()
    assert small.center.plot._selected.getData()[0].size == 0


@pytest.mark.parametrize(
    ("folder", "label"), [("OK", ImageLabel.GOOD), ("ng", ImageLabel.DEFECT), ("new", ImageLabel.NONE)]
)
def test_dropped_folders_are_labelled_by_their_names(small, tmp_path, folder, label):
    drop(small, [save_parts(tmp_path / "day" / folder, 3, 4)])
    wait(small)
    table = small.session.table
    assert (table.labels[table.origins == Origin.DROPPED] == label).all()
    assert ("labelled by the name" in small.status_line.label.text()) == (label != ImageLabel.NONE)


def test_no_list_draws_images_that_are_gone(small):
    """A new model's table may be shorter; lists drawn before they followed took the program down."""
    gallery = small.docks.gallery
    gallery.show_view(Show.ALL)
    gallery.show_view(Show.WRONG_AND_RIGHT)
    lists = (*gallery.pair.lists, gallery.flat)
    assert sum(one.rows.rowCount() for one in lists) > 24
    small.session._replace_table(ImageTable())
    assert [one.rows.rowCount() for one in lists] == [0] * len(lists)
    for one in lists:
        one.viewport().repaint()
