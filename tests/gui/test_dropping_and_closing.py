"""What is dropped on a window, trained and saved in it, and asked when it closes, of a few small images."""

import time
from dataclasses import replace
from functools import partial

from parts import save_parts
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox
from windows import SMALL, drop, give_up, wait

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.model.model_file import open_model
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.gui.state.image_table import Origin
from anomaly_gui.gui.work.exports import export_csv, export_picture


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
