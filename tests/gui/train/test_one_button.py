"""One button trains; one sentence says what came of it, and one button leads on."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from parts import save_parts
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QFileDialog, QMessageBox, QSlider
from test_comparison_view import COMPARED
from windows import SMALL, drop, wait

from anomaly_gui.gui.help.help_places import GLOSSARY, find_help
from anomaly_gui.gui.state.image_table import ImageLabel, Origin
from anomaly_gui.gui.state.mode import Mode
from anomaly_gui.gui.train import settings_form, training_requests
from anomaly_gui.gui.train.comparison_view import ComparisonView
from anomaly_gui.gui.widgets.job_progress import JobProgress, plan_training
from anomaly_gui.gui.work import busy_bar
from anomaly_gui.gui.work.busy_bar import BusyBar
from anomaly_gui.gui.work.tasks import Task
from anomaly_gui.language import speak, translate

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(make):
    """A window without what earlier tests asked for."""
    window = make()
    window.resize(1280, 800)
    for place in (window.panel.good, window.panel.calibration, window.panel.defects):
        place.set_paths(())
    window.panel.form.set_values(vars(SMALL))
    yield window
    for name in ("good", "other_day", "defects"):
        window.preferences.set_folders(name, ())


def _train(window):
    wait(window, until=window.panel.train_button.isEnabled)
    QTest.mouseClick(window.panel.train_button, LEFT)
    _settle(window)


def _settle(window):
    wait(window)
    watch = window.services.watch
    wait(window, until=lambda: not (watch._timer.isActive() or window.workshop.is_busy))


def _read(label):
    """Return a text whose counts are not translated here."""
    return label.text().replace("(s)", "s")


def _brighten(folder):
    for file in folder.iterdir():
        with Image.open(file) as image:
            pixels = np.asarray(image).astype(float) * 0.5 + 130
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(file)
    return folder


def _turn_wheel(widget, notches=-1):
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(widget.mapToGlobal(widget.rect().center())),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_from_a_dropped_folder_to_inspecting_by_two_clicks(window, tmp_path):
    good = save_parts(tmp_path / "good", 60)
    drop(window, [good])
    _train(window)
    strip = window.center.next_step
    wait(window, until=strip.isVisible)
    assert strip.says.text() == "Ready: about 10 of 100 good parts will be rejected."
    assert strip.button.text() == "Inspect"
    QTest.mouseClick(strip.button, LEFT)
    assert window.mode is Mode.INSPECT


def test_known_defects_that_are_found_are_counted(window, tmp_path):
    window.panel.good.set_paths((save_parts(tmp_path / "good", 30),))
    window.panel.defects.set_paths((save_parts(tmp_path / "bad", 5, 2, defect=True),))
    _train(window)
    assert window.center.next_step.says.text().endswith("; 5 of 5 known defects are found.")


def test_defects_that_are_missed_are_shown_by_one_click(window, tmp_path):
    window.panel.good.set_paths((save_parts(tmp_path / "good", 30),))
    window.panel.defects.set_paths((save_parts(tmp_path / "like good ones", 5, 2),))
    _train(window)
    strip = window.center.next_step
    assert "known defects are found: look at those that are missed" in strip.says.text()
    QTest.mouseClick(strip.button, LEFT)
    row = window.session.selection[0]
    assert window.session.table.labels[row] == ImageLabel.DEFECT
    assert window.session.table.is_wrong(row, window.session.threshold.value)


def test_few_parts_are_a_first_guess_and_more_are_asked_for(window, tmp_path, monkeypatch):
    window.panel.good.set_paths((save_parts(tmp_path / "good", 12),))
    _train(window)
    strip = window.center.next_step
    assert _read(strip.says) == "A first guess, by 12 good parts: give 100 to rely on it."
    more = save_parts(tmp_path / "more", 20, 3)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(more))
    QTest.mouseClick(strip.button, LEFT)
    assert window.mode is Mode.TRAIN and window.panel.good.paths == (tmp_path / "good", more)
    window.session.set_saved(window.session.threshold, ())
    _train(window)
    assert strip.says.text().startswith("Ready:")


def test_good_parts_that_differ_are_learned_too_by_one_click(window, tmp_path):
    window.panel.good.set_paths((save_parts(tmp_path / "good", 30),))
    _train(window)
    other = _brighten(save_parts(tmp_path / "other day", 18, seed=9))
    window.workshop.score_images((other,), ImageLabel.GOOD)
    window.workshop.score_images((save_parts(tmp_path / "bad", 3, 5, defect=True),), ImageLabel.DEFECT)
    _settle(window)
    strip = window.center.next_step
    wait(window, until=lambda: strip.button.text() == "Learn them, too")
    assert _read(strip.says).startswith("These 18 good parts differ from those learned (brighter by ")
    QTest.mouseClick(strip.button, LEFT)
    _settle(window)
    learned = {record.path.parent for record in window.session.model.training.images}
    assert learned == {tmp_path / "good", other}
    assert int((window.session.table.origins == Origin.DROPPED).sum()) == 3
    assert len(window.panel.good.paths) == 19


def test_a_threshold_moved_too_far_is_taken_back_by_one_click(window, tmp_path):
    window.panel.good.set_paths((save_parts(tmp_path / "good", 30),))
    _train(window)
    before = window.session.threshold
    window.session.thresholds.set_value(float(np.median(window.session.table.scores)))
    strip = window.center.next_step
    wait(window, until=lambda: strip.button.text() == "Take it back")
    QTest.mouseClick(strip.button, LEFT)
    assert window.session.threshold.value == before.value


def test_an_open_question_comes_first_and_has_keys(window, tmp_path):
    good = save_parts(tmp_path / "good", 30)
    Image.new("RGB", (48, 48)).save(good / "black.png")
    window.panel.good.set_paths((good,))
    _train(window)
    strip, question = window.center.next_step, window.panel.questions.suspects
    assert strip.says.text().startswith("Learned. Something is asked that only you can tell")
    window.show_mode(Mode.TUNE)
    QTest.mouseClick(strip.button, LEFT)
    assert window.mode is Mode.TRAIN
    assert question.buttons[0].toolTip().endswith("(Alt+L)")
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)
    wait(window, until=lambda: strip.says.text().startswith("Ready:"))


def test_what_was_judged_is_judged_anew_by_another_training(window, tmp_path):
    window.panel.good.set_paths((save_parts(tmp_path / "good", 30),))
    _train(window)
    window.workshop.score_images((save_parts(tmp_path / "bad", 3, 5, defect=True),), ImageLabel.DEFECT)
    _settle(window)
    window.session.set_saved(window.session.threshold, ())
    _train(window)
    assert int((window.session.table.origins == Origin.DROPPED).sum()) == 3
    assert window.center.next_step.says.text().endswith("3 of 3 known defects are found.")


def test_an_expert_sees_what_is_not_automatic_and_takes_it_back(window):
    form = window.panel.form
    form.set_values({"detector": "auto", "layer": "auto", "size": None})
    assert not form.expert.changes.isVisible()
    form.set_values({"detector": "texture", "channels": 60})
    assert form.expert.changes.text() == "Changed: What is judged, Channels"
    QTest.mouseClick(form.expert.reset, LEFT)
    assert (form.read_settings().detector, form.read_settings().channels) == ("auto", None)
    assert not form.fields["detector"].isVisible()
    QTest.mouseClick(form.expert.button, LEFT)
    assert form.fields["detector"].isVisible() and window.panel.compare_button.isVisible()


def test_the_users_words_come_first(window):
    detector, alarms = (window.panel.form.fields[name] for name in ("detector", "false_alarm_rate"))
    shown = [detector.itemText(row) for row in range(4)]
    assert shown == ["Automatic", "Whole image", "Parts in place", "Surfaces and turned parts"]
    assert alarms.text() == "10.0 %" and window.panel.form.read_settings().false_alarm_rate == 0.1
    alarms.setValue(0.25)
    assert alarms.text() == "0.25 %" and window.panel.form.read_settings().false_alarm_rate == 0.0025


@pytest.mark.parametrize(
    ("name", "term"), [("backbone", "backbone"), ("layer", "layer"), ("density", "density")]
)
def test_a_term_is_explained_by_pointing_at_it_and_by_f1(window, name, term):
    field = window.panel.form.fields[name]
    assert len(field.toolTip()) > 30
    assert find_help(field, Mode.TRAIN) == f"{GLOSSARY}#{term}"


def test_a_layer_brings_the_network_that_has_it(window):
    form = window.panel.form
    form.set_values({"detector": "auto", "backbone": "auto", "layer": "auto", "size": None})
    form.fields["layer"].setEditText("block4_conv3")
    settings = form.read_settings()
    assert (settings.backbone, settings.layer) == ("vgg16", "block4_conv3")


def test_the_wheel_changes_nothing_it_is_not_meant_for(small):
    small.panel.form._fold.setChecked(True)
    fields = [field for kind in (QComboBox, QAbstractSpinBox, QSlider) for field in small.findChildren(kind)]
    values = [_value(field) for field in fields]
    small.setFocus()
    for field in fields:
        _turn_wheel(field)
        _turn_wheel(field, 1)
        _turn_wheel(field)
    assert [_value(field) for field in fields] == values and len(fields) > 20
    combo = small.panel.form.fields["backbone"]
    combo.setFocus()
    _turn_wheel(combo)
    assert combo.currentIndex() == 0


def _value(field):
    return field.currentText() if isinstance(field, QComboBox) else field.value()


def test_the_wheel_steps_the_threshold_by_the_scores_once_a_person_is_in_it(small):
    small.show_mode(Mode.TUNE)
    small.activateWindow()
    field = small.center.threshold_bar.value
    before, spread = field.value(), np.subtract(*np.percentile(small.session.table.scores, (75, 25)))
    field.setFocus()
    wait(small, until=field.hasFocus)
    _turn_wheel(field, 1)
    step = field.value() - before
    assert spread / 150 < step <= spread / 50 * 1.01
    assert small.session.threshold.value == pytest.approx(field.value())


def test_learned_detectors_are_not_offered_without_tensorflow(make, tmp_path, monkeypatch):
    for module in (settings_form, training_requests):
        monkeypatch.setattr(module, "is_installed", lambda _: False)
    asked = []
    monkeypatch.setattr(QMessageBox, "question", lambda *_: asked.append(1))
    window = make()
    detector = window.panel.form.fields["detector"]
    row = detector.findData("autoencoder")
    assert not detector.model().item(row).isEnabled()
    assert "TensorFlow" in detector.model().item(row).toolTip()
    window.panel.good.set_paths((save_parts(tmp_path / "good", 30),))
    window.panel.form.set_values(vars(SMALL))
    _train(window)
    model = window.session.model
    window.panel.form.set_values({"detector": "autoencoder"})
    QTest.mouseClick(window.panel.train_button, LEFT)
    assert "Autoencoder needs TensorFlow" in window.panel.message.text()
    assert not asked and not window.workshop.is_busy and window.session.model is model


def test_nothing_to_judge_is_one_sentence(small, tmp_path):
    (tmp_path / "nothing").mkdir()
    (tmp_path / "notes.txt").write_text("a text")
    drop(small, [tmp_path / "nothing"])
    wait(small)
    said = small.status_line.label
    assert said.text() == "There is no image in nothing: choose a folder with images."
    drop(small, [tmp_path / "notes.txt"])
    wait(small)
    assert (
        _read(said)
        .replace("files", "file")
        .startswith("1 file cannot be judged, such as notes.txt: is not a PNG")
    )
    small.panel.good.set_paths((tmp_path / "nothing",))
    wait(small, until=lambda: small.panel.good.report is not None)
    assert small.panel.good.warnings.text() == "⚠ There is no image in it."
    assert not small.panel.train_button.isEnabled()


def test_a_training_is_one_progress_whose_time_does_not_restart(window, tmp_path, monkeypatch):
    now, seen = [0.0], []
    monkeypatch.setattr(busy_bar, "time", SimpleNamespace(monotonic=lambda: now[0]))
    bar = window.panel.busy
    show = bar._show_whole

    def follow():
        now[0] += 1.0
        show()
        seen.append((bar.bar.value(), bar._whole._left, bar.what.text()))

    monkeypatch.setattr(bar, "_show_whole", follow)
    window.panel.good.set_paths((save_parts(tmp_path / "good", 30),))
    window.panel.defects.set_paths((save_parts(tmp_path / "bad", 5, 2, defect=True),))
    _train(window)
    shares, left, stages = zip(*seen, strict=True)
    assert list(shares) == sorted(shares) and list(left) == sorted(left, reverse=True)
    assert len(set(stages)) >= 4 and left[-1] < 1e6 and shares[-1] > 900


def test_a_stage_that_takes_longer_than_thought_does_not_turn_time_back():
    job, left = JobProgress(plan_training(True), 0.0), []
    for at, (name, inside) in enumerate([("Good images", 0.5), ("Good images", 1.0), ("Fitting", 0.0)], 3):
        job.begin_stage(name)
        job.advance(inside)
        left.append(job.estimate_left(float(at)))
    left.append(job.estimate_left(500.0))
    assert left == sorted(left, reverse=True) and left[0] is not None


def test_stages_are_known_in_the_language_they_are_told_in():
    with speak("zh_CN"):
        job, shares = JobProgress(plan_training(True), 0.0), []
        for name in (
            "Good images",
            "Known defects",
            "Looking for odd images",
            "Fitting",
            "Keeping the model",
        ):
            assert translate(name) != name
            job.begin_stage(translate(name))
            shares.append(job.share)
    assert shares == sorted(set(shares))


def test_stopping_is_said_at_once_and_stays(window, tmp_path):
    many = save_parts(tmp_path / "many", 200, seed=5)
    window.panel.good.set_paths((many,))
    window.panel.form.set_values({"size": 224})
    QTest.mouseClick(window.panel.train_button, LEFT)
    bars = (window.panel.busy, window.status_line.busy)
    wait(window, until=lambda: bars[0].bar.value() > 0)
    QTest.mouseClick(bars[0].cancel, LEFT)
    assert [bar.what.text() for bar in bars] == ["Stopping…", "Stopping…"]
    bars[0]._on_staged("Fitting", 5)  # told before the worker heard of it
    assert bars[0].what.text() == "Stopping…" and not bars[1].cancel.isEnabled()
    wait(window)
    assert window.session.model is None and window.panel.train_button.isEnabled()


def test_a_job_that_waits_leaves_the_bar_to_the_one_at_work(qtbot, window):
    bar = BusyBar()
    qtbot.addWidget(bar)
    first, second = (Task(title, window) for title in ("Training", "Scoring"))
    bar.follow_task(first)
    first.staged.emit("Fitting", -1)
    bar.follow_task(second)
    assert bar.what.text() == "Fitting"
    first.ended.emit()
    assert bar.what.text() == "Scoring"


def test_a_row_of_a_comparison_trains(window, tmp_path):
    window.panel.good.set_paths((save_parts(tmp_path / "good", 30),))
    wait(window, until=window.panel.train_button.isEnabled)
    row = replace(COMPARED.candidates[0], layers=("block3_pool",), size=64)
    window.workshop.compared.emit(replace(COMPARED, candidates=(row,), recommended=row))
    view = window.findChild(ComparisonView)
    QTest.mouseClick(view.use_button, LEFT)
    _settle(window)
    assert window.session.model.settings.layers == ("block3_pool",)


def test_advice_that_is_taken_trains(window, tmp_path):
    window.panel.good.set_paths((save_parts(tmp_path / "good", 30),))
    wait(window, until=window.panel.train_button.isEnabled)
    choice = {"layer": "block3_pool", "size": 64}
    window.panel.advice.show_advice("Detectors were compared.", "pooled", choice)
    QTest.mouseClick(window.panel.advice.button, LEFT)
    _settle(window)
    assert window.session.model.settings.layers == ("block3_pool",)
