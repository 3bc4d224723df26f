"""What a training can be asked for in the model panel: a detector, and a region of interest."""

from dataclasses import replace

import numpy as np
import pytest
from parts import save_parts
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from windows import SMALL, wait

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest, Shape
from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from anomaly_gui.detection.settings.train_settings import SETTINGS, TrainSettings
from anomaly_gui.gui.train.detector_choice import DetectorAdvice, DetectorHint
from anomaly_gui.gui.work.tasks import Task
from anomaly_gui.wording import percent

LEFT = Qt.MouseButton.LeftButton
MIDDLE = Shape("rectangle", ((0.2, 0.2), (0.7, 0.9)), keep=True)  # 35 %
SHARE = f"{percent(0.35, 0)} of the image counts"
WITH_MAPS = TrainSettings(
    detector="positional", layer="block2_pool", size=64, channels=50, false_alarm_rate=0.1
)


@pytest.fixture
def window(make):
    """A window without what earlier tests asked for."""
    window = make()
    for place in (window.panel.good, window.panel.calibration, window.panel.defects):
        place.set_paths(())
    yield window
    for name in ("good", "other_day", "defects"):
        window.preferences.set_folders(name, ())
    window.preferences.set_text("region_of_interest", "")


def _give_good(window, folder, count=24):
    window.panel.good.set_paths((save_parts(folder / "good", count),))
    wait(window, until=lambda: window.panel.good.report is not None)


def _ask(window):
    """Return what a click on the button asks for."""
    asked = []
    window.panel.train_requested.disconnect(window.requests.start_training)
    window.panel.train_requested.connect(asked.append)
    QTest.mouseClick(window.panel.train_button, LEFT)
    window.panel.train_requested.connect(window.requests.start_training)
    return asked[0]


def test_the_detector_comes_first_and_says_when_to_take_it(window):
    form = window.panel.form
    assert next(iter(form.fields)) == "detector"
    hint = form.findChild(DetectorHint)
    said = set()
    for detector in DETECTORS:
        form.fields["detector"].setCurrentText(detector)
        said.add(hint.text())
        QTest.qWait(20)
        assert hint.height() >= hint.heightForWidth(hint.width())
    assert len(said) == len(DETECTORS)
    assert sum("needs TensorFlow" in text and "minutes" in text for text in said) == 2
    assert not form.fields["channels"].isVisible()
    assert not form.fields["seed"].isVisible()


def test_proportions_are_those_of_a_square_until_some_are_named(window):
    form = window.panel.form
    field = form.fields["proportions"]
    assert (field.text(), form.read_settings().proportions) == ("auto", None)
    form.set_values({"proportions": 2.5})
    assert form.read_settings().proportions == 2.5
    field.setValue(0.05)
    assert form.read_settings().proportions == 0.05
    form.set_values({"proportions": None})
    assert form.read_settings().proportions is None


@pytest.mark.parametrize(
    ("detector", "shown", "not_shown"),
    [
        ("pooled", {"layer", "size", "density", "rule"}, {"channels", "seed", "latent_size", "steps"}),
        ("texture", {"layer", "size", "channels", "seed"}, {"density", "latent_size", "objective"}),
        (
            "autoencoder",
            {"learned_size", "latent_size", "steps", "learned_score"},
            {"layer", "size", "pretrain"},
        ),
        ("deep-svdd", {"steps", "objective", "nu", "pretrain", "density"}, {"layer", "learned_score"}),
    ],
)
def test_settings_are_shown_for_the_detectors_that_use_them(window, detector, shown, not_shown):
    form = window.panel.form
    form._fold.setChecked(True)
    form.set_values({"detector": detector})
    assert {name for name in shown | not_shown if form.fields[name].isVisible()} == shown


def test_every_setting_that_is_hidden_at_times_is_one_of_the_form(window):
    at_times = {name for name, declared in SETTINGS.items() if declared.used_by}
    assert at_times and at_times <= set(window.panel.form.fields)


def test_the_settings_of_a_network_reach_the_training(window, tmp_path):
    _give_good(window, tmp_path)
    window.panel.form.set_values(
        {"detector": "deep-svdd", "learned_size": "64", "steps": 500, "pretrain": "yes", "weight_decay": 0.01}
    )
    settings = _ask(window).settings
    assert (settings.detector, settings.learned_size, settings.steps) == ("deep-svdd", "64", 500)
    assert (settings.pretrain, settings.weight_decay) == ("yes", 0.01)


def test_the_detector_reaches_the_training(window, tmp_path):
    _give_good(window, tmp_path)
    form = window.panel.form
    form.fields["detector"].setCurrentText("texture")
    form.set_values({"channels": 60, "seed": 7})
    settings = _ask(window).settings
    assert (settings.detector, settings.channels, settings.seed) == ("texture", 60, 7)


def test_a_size_that_has_no_maps_is_refused_in_the_panel(window, tmp_path):
    _give_good(window, tmp_path)
    window.panel.form.set_values({"detector": "positional", "size": 32})
    assert window.panel.make_request() is None
    assert "maps need" in window.panel.message.text()


def test_the_model_in_use_knows_its_detector_and_region(window, tmp_path):
    good = save_parts(tmp_path / "good", 24)
    request = TrainRequest((good,), settings=WITH_MAPS, interest=RegionOfInterest((MIDDLE,)))
    window.workshop.train_model(request)
    wait(window)
    view = window.session.model
    assert view.detector == "positional"
    assert view.interest == request.interest
    assert window.panel.region.of_model.text().endswith(SHARE)
    assert not window.panel.region.of_model.isHidden()


def test_advice_is_taken_by_a_button(make):
    window = make()
    window.panel.advice.show_advice("Take the detector texture.", "texture")
    window.panel.advice.button.click()
    assert window.panel.form.read_settings().detector == "texture"
    assert window.panel.advice.isHidden()
    assert "texture" in window.panel.message.text()


def test_what_a_comparison_recommends_is_taken_with_its_layer_and_size(make):
    window = make()
    choice = {"detector": "pooled", "backbone": "vgg16", "layer": "block2_pool", "size": 64}
    window.panel.advice.show_advice("Detectors were compared.", "pooled", choice)
    window.panel.advice.button.click()
    taken = window.panel.form.read_settings()
    assert {name: getattr(taken, name) for name in choice} == choice
    assert "pooled" in window.panel.message.text()


@pytest.mark.parametrize(
    ("advice", "recommended", "is_shown", "has_button"),
    [(None, "texture", False, False), ("Say.", None, True, False), ("Say.", "pooled", True, True)],
)
def test_advice_is_there_only_where_there_is_some(qtbot, advice, recommended, is_shown, has_button):
    box = DetectorAdvice()
    qtbot.addWidget(box)
    box.show_advice(advice, recommended)
    assert box.isHidden() is not is_shown
    assert (is_shown and not box.button.isHidden()) is has_button


def test_a_training_that_advises_says_so_in_the_panel_and_at_the_bottom(window, tmp_path):
    """Parts with a gradient lie in place: the worker says so through its pipe."""
    good = save_parts(tmp_path / "good", 24)
    window.workshop.train_model(TrainRequest((good,), settings=replace(SMALL, size=128)))
    wait(window)
    advice = window.panel.advice
    assert not advice.isHidden()
    assert "--detector" not in advice.says.text()
    assert advice.says.text() in window.status_line.label.text()
    assert advice.says.text() not in window.panel.message.text()
    assert advice.button.text() == "Use Automatic"


def _save_discs(folder, count, corner):
    """Save discs on a plain ground, and return their folder; `corner` is the grey of a square beside them."""
    folder.mkdir()
    down, across = np.mgrid[:64, :64]
    rng = np.random.default_rng(corner)
    for number in range(count):
        pixels = np.where((down - 32) ** 2 + (across - 32) ** 2 < 200, 180.0, 60.0)
        pixels[56:62, 56:62] = corner
        noisy = pixels + rng.normal(0, 3, pixels.shape)
        Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(folder / f"{number}.png")
    return folder


def test_what_tells_defects_beside_the_part_is_said_next_to_the_button_that_draws_a_region(window, tmp_path):
    good, stickers = _save_discs(tmp_path / "good", 20, 60), _save_discs(tmp_path / "stickers", 6, 250)
    request = TrainRequest((good,), (), (stickers,), replace(WITH_MAPS, group_by="none"))
    window.workshop.train_model(request)
    wait(window)
    said = window.panel.region.problem
    assert "lies outside the part (6 of 6 known defects): draw a region" in said.text()
    assert not said.isHidden()
    assert said.text() not in window.panel.message.text()
    window.panel.region.set_region(RegionOfInterest((MIDDLE,)))
    assert said.isHidden()


def test_without_good_images_there_is_nothing_to_draw_on(window, tmp_path):
    row = window.panel.region
    row.draw_button.click()
    assert "Choose a folder of good images first" in row.problem.text()
    (tmp_path / "empty").mkdir()
    window.panel.good.set_paths((tmp_path / "empty",))
    row.draw_button.click()
    assert "still being read" in row.problem.text()
    wait(window, until=lambda: window.panel.good.report is not None)
    row.draw_button.click()
    assert "There is no image" in row.problem.text()
    (tmp_path / "empty" / "torn.png").write_bytes(b"torn")
    window.panel.good.set_paths((tmp_path / "empty",))
    wait(window, until=lambda: window.panel.good.report is not None)
    wait(window, until=lambda: window.panel.good.report.is_whole)
    row.draw_button.click()
    wait(window, until=lambda: not row.problem.isHidden())
    assert "torn.png" in row.problem.text()
    assert row.editor is None


def test_the_region_of_interest_reaches_the_training_and_comes_back(window, make, tmp_path):
    _give_good(window, tmp_path)
    row = window.panel.region
    assert row.share.text() == "whole image"
    row.draw_button.click()
    wait(window, until=lambda: row.editor is not None)
    row.editor._propose_shapes((MIDDLE,))
    row.editor.accept()
    assert row.share.text() == SHARE
    request = _ask(window)
    assert request.interest == RegionOfInterest((MIDDLE,))
    assert window.panel.add_corrections(request).interest == request.interest
    window.requests.start_training(replace(request, settings=SMALL))
    window.workshop.runner.cancel_all()
    wait(window)
    assert window.services.saving.save_in(tmp_path / "parts.anomalyproj")
    window.services.projects.start_untitled()
    assert row.region == RegionOfInterest()
    window.services.projects.open_project(tmp_path / "parts.anomalyproj")
    assert row.region == request.interest
    row.clear_button.click()
    assert row.share.text() == "whole image"
    assert _ask(window).interest == RegionOfInterest()


def test_a_cancelled_editor_changes_nothing(window, tmp_path):
    _give_good(window, tmp_path)
    row = window.panel.region
    row.draw_button.click()
    wait(window, until=lambda: row.editor is not None)
    row.editor._propose_shapes((MIDDLE,))
    row.editor.reject()
    assert row.region == RegionOfInterest()


@pytest.mark.parametrize("kept", ["no json", '[{"kind": "star"}]', "7"])
def test_a_region_that_cannot_be_read_again_is_the_whole_image(window, make, tmp_path, kept):
    window.preferences.set_folders("good", (save_parts(tmp_path / "good", 1),))
    window.preferences.set_text("region_of_interest", kept)
    assert make().panel.region.region == RegionOfInterest()


@pytest.mark.parametrize("learned", [False, True])
def test_learned_features_are_compared_when_asked(window, tmp_path, monkeypatch, learned):
    _give_good(window, tmp_path)
    jobs = []
    monkeypatch.setattr(
        window.workshop, "_start_job", lambda job, title: jobs.append(job) or Task(title, window)
    )
    window.panel.compare_learned.setChecked(learned)
    QTest.mouseClick(window.panel.compare_button, LEFT)
    assert [job.request.learned for job in jobs] == [learned]


def test_without_tensorflow_learned_features_cannot_be_asked_for(window, tmp_path, monkeypatch):
    monkeypatch.setattr(window.panel, "_can_learn", False)
    _give_good(window, tmp_path)
    assert window.panel.compare_button.isEnabled()
    assert not window.panel.compare_learned.isEnabled()
