"""What the window asks after a training, and what it says of a promise that is broken."""

import re
import time
from dataclasses import replace

import numpy as np
import pytest
from parts import save_parts
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QWidget
from windows import SMALL, wait

from anomaly_gui.detection.judging.promise import BROKEN
from anomaly_gui.gui.state.image_table import ImageLabel, ImageTable, Origin, Row
from anomaly_gui.gui.state.mode import Mode

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(make):
    """A window without what earlier tests asked for."""
    window = make()
    for place in (window.panel.good, window.panel.calibration, window.panel.defects):
        place.set_paths(())
    window.panel.form.set_values(vars(SMALL))
    yield window
    for name in ("good", "other_day", "defects"):
        window.preferences.set_folders(name, ())


def _grain(random, cells):
    """Return a surface of bumps, (240, 240)."""
    bumps = Image.fromarray(random.normal(0, 12, (cells, cells)).astype(np.float32))
    return np.asarray(bumps.resize((240, 240), Image.Resampling.BICUBIC))


def _film(folder, parts, shots, seed=3):
    """Save shots of parts that differ by noise alone."""
    random = np.random.default_rng(seed)
    folder.mkdir()
    for part in range(parts):
        surface = sum(_grain(random, cells) for cells in (26, 104)) + 120
        for shot in range(shots):
            pixels = surface + random.normal(0, 3, surface.shape)
            image = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
            image.save(folder / f"shot_{part}{shot:02}.png")
    return folder


def _black(folder, name="black.png"):
    Image.new("RGB", (48, 48)).save(folder / name)


def _train(window, folder):
    window.panel.good.set_paths((folder,))
    QTest.mouseClick(window.panel.train_button, LEFT)
    wait(window)


def _answer(window, question, number):
    window.panel.ensureWidgetVisible(question)
    QTest.mouseClick(question.buttons[number], LEFT)
    wait(window)


def _names(window):
    return {record.path.name for record in window.session.model.training.images}


def _shown(question):
    return [tile.path.name for tile in question.tiles.tiles if not tile.isHidden()]


def test_a_camera_that_stands_still_is_asked_about_and_the_answer_is_kept(window, tmp_path):
    film = _film(tmp_path / "film", 1, 12)
    _train(window, film)
    question = window.panel.questions.near_duplicates
    assert window.mode is Mode.TRAIN and question.isVisible()
    assert question.says.text() == "All 12 images seem to show one part."
    assert len(_shown(question)) == 2
    _answer(window, question, 1)
    assert window.session.model.training.groups.tolist() == list(range(12))
    assert window.panel.form.read_settings().group_by == "none"
    assert not window.panel.questions.is_open and window.mode is Mode.TUNE
    window.panel.form.set_values({"group_by": "auto"})
    window.session.set_saved(window.session.threshold, ())
    _train(window, film)
    assert not window.panel.questions.is_open


def test_one_part_is_taken_for_one_part_when_so_answered(window, tmp_path):
    _train(window, _film(tmp_path / "film", 1, 12))
    _answer(window, window.panel.questions.near_duplicates, 0)
    assert set(window.session.model.training.groups.tolist()) == {0}
    assert window.panel.form.read_settings().group_by == "one"
    assert "as asked" in window.session.model.training.grouped_by


def test_parts_shot_in_turn_are_confirmed_without_another_training(window, tmp_path):
    _train(window, _film(tmp_path / "film", 4, 5))
    question, view = window.panel.questions.near_duplicates, window.session.model
    assert question.says.text() == "20 images were taken to show 4 parts, such as these:"
    assert _shown(question) == ["shot_000.png", "shot_004.png", "shot_100.png", "shot_104.png"]
    wait(window, until=lambda: not question.tiles.tiles[0].button.icon().isNull())
    QTest.mouseClick(question.tiles.tiles[0].button, LEFT)
    assert window.session.table.paths[window.session.selection[0]].name == "shot_000.png"
    _answer(window, question, 0)
    assert window.session.model is view and not question.isVisible()
    assert window.panel.form.read_settings().group_by == "auto"


def test_other_folders_begin_without_the_answer_of_the_first(window, tmp_path):
    film = _film(tmp_path / "film", 1, 12)
    _train(window, film)
    _answer(window, window.panel.questions.near_duplicates, 1)
    window.panel.good.set_paths((save_parts(tmp_path / "good", 8),))
    assert window.panel.form.read_settings().group_by == "auto"
    window.panel.good.set_paths((film,))
    assert window.panel.form.read_settings().group_by == "none"


def test_suspects_are_shown_and_can_be_kept_and_left_out_again(window, tmp_path):
    good = save_parts(tmp_path / "good", 24)
    _black(good)
    _train(window, good)
    question = window.panel.questions.suspects
    assert "unlike the other 24:" in question.says.text() and _shown(question) == ["black.png"]
    assert question.tiles.tiles[0].note.text() == "is all black"
    assert "black.png" not in _names(window)
    _answer(window, question, 1)
    assert "black.png" in _names(window)
    assert question.isVisible() and "learned from all the same" in question.says.text()
    assert not question.buttons[1].isVisible()
    _answer(window, question, 0)
    assert "black.png" not in _names(window) and not question.isVisible()
    assert window.panel.form.read_settings().suspects == "leave-out"


def test_suspects_that_stay_left_out_need_no_training(window, tmp_path):
    good = save_parts(tmp_path / "good", 24)
    _black(good)
    _train(window, good)
    view = window.session.model
    _answer(window, window.panel.questions.suspects, 0)
    assert window.session.model is view and not window.panel.questions.is_open


def test_several_kinds_of_parts_are_shown(window, tmp_path):
    good = save_parts(tmp_path / "good", 14)
    save_parts(good, 9, seed=1, defect=True, name="bar")
    _train(window, good)
    question = window.panel.questions.kinds
    assert question.isVisible()
    assert sorted(name.split("_")[0] for name in _shown(question)) == ["bar", "bar", "part", "part"]
    _answer(window, question, 0)
    assert not question.isVisible()


def test_what_was_judged_is_judged_again_after_an_answer(window, tmp_path):
    good = save_parts(tmp_path / "good", 24)
    _black(good)
    _train(window, good)
    window.workshop.score_images((save_parts(tmp_path / "NG", 3, seed=5, defect=True),))
    wait(window)
    _answer(window, window.panel.questions.suspects, 1)
    table = window.session.table
    dropped = np.flatnonzero(table.origins == Origin.DROPPED)
    assert len(dropped) == 3 and set(table.labels[dropped].tolist()) == {ImageLabel.DEFECT}


def test_a_threshold_that_was_moved_is_not_lost_without_a_question(window, tmp_path, monkeypatch):
    good = save_parts(tmp_path / "good", 24)
    _black(good)
    _train(window, good)
    window.session.thresholds.set_value(window.session.threshold.value - 5)
    monkeypatch.setattr(window.documents, "may_replace_model", lambda: False)
    _answer(window, window.panel.questions.suspects, 1)
    assert "black.png" not in _names(window)
    assert window.panel.questions.suspects.isVisible()


def _brighter(folder, count=12):
    """Save good parts as they look in another light."""
    save_parts(folder, count, seed=9)
    for file in folder.iterdir():
        with Image.open(file) as image:
            pixels = np.asarray(image).astype(float) * 0.5 + 130
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(file)
    return folder


def _settle(window):
    wait(window)
    wait(window, until=lambda: not (window.services.watch._timer.isActive() or window.workshop.is_busy))


def test_a_broken_promise_is_said_and_mended_by_one_button(window, tmp_path):
    _train(window, save_parts(tmp_path / "good", 24))
    calibration = _brighter(tmp_path / "other day")
    window.workshop.score_images((calibration,), ImageLabel.GOOD)
    window.workshop.score_images((save_parts(tmp_path / "bad", 3, seed=5, defect=True),), ImageLabel.DEFECT)
    _settle(window)
    strip = window.center.threshold_bar.promise
    assert strip.isVisible()
    assert re.match(r"12 of 12 good parts rejected; promised .*brighter by \d+ %", strip.says.text())
    assert strip.says.text().endswith("Use them as good parts of another day?")
    QTest.mouseClick(strip.button, LEFT)
    _settle(window)
    assert {path.name for path in window.panel.calibration.paths} == {f"part_{k}.png" for k in range(12)}
    training = window.session.model.training
    assert {record.path.parent for record in training.calibration} == {calibration}
    assert not strip.isVisible() and window.services.watch.promise is None
    assert "rests on the other day's" in window.panel.message.text()
    assert int((window.session.table.origins == Origin.DROPPED).sum()) == 3


def test_shots_of_one_part_are_one_part_to_a_promise(window, tmp_path):
    """All of them rejected is bad luck for one part, and says nothing of the promise."""
    _train(window, _film(tmp_path / "film", 12, 2))
    session = window.session
    window.workshop.score_images((_film(tmp_path / "other", 1, 9, seed=8),), ImageLabel.GOOD)
    _settle(window)
    session.thresholds.apply_threshold(replace(session.threshold, value=1e9))
    _settle(window)
    promise = window.services.watch.promise
    assert (promise.images, promise.rejected, promise.parts) == (9, 9, 1)
    assert promise.outcome != BROKEN and not window.center.threshold_bar.promise.isVisible()


def test_training_images_copies_and_defects_say_nothing_of_a_promise(window, tmp_path):
    good = save_parts(tmp_path / "good", 24)
    _train(window, good)
    window.workshop.score_images((good,), ImageLabel.GOOD)
    window.workshop.score_images((save_parts(tmp_path / "bad", 3, seed=5, defect=True),), ImageLabel.DEFECT)
    _settle(window)
    assert window.services.watch.promise is None
    fresh = save_parts(tmp_path / "fresh", 5, seed=7)
    for _ in range(2):
        window.workshop.score_images((fresh,), ImageLabel.GOOD)
    _settle(window)
    assert window.services.watch.promise.images == 5
    assert str(window.services.watch.promise) in window.center.threshold_bar.origin.text()


def test_a_label_and_a_moved_threshold_are_tested_at_once(window, tmp_path):
    _train(window, save_parts(tmp_path / "good", 24))
    window.workshop.score_images((save_parts(tmp_path / "fresh", 6, seed=7),), ImageLabel.GOOD)
    _settle(window)
    assert window.services.watch.promise.outcome != BROKEN
    rows = np.flatnonzero(window.session.table.origins == Origin.DROPPED).tolist()
    window.session.label_rows(rows[:2], ImageLabel.DEFECT)
    _settle(window)
    assert window.services.watch.promise.parts == 4
    window.session.thresholds.apply_threshold(replace(window.session.threshold, expected=None))
    _settle(window)
    assert window.services.watch.promise is None and not window.center.threshold_bar.promise.isVisible()


def test_images_of_a_model_that_was_opened_wait_for_its_good_ones(window, tmp_path):
    _train(window, save_parts(tmp_path / "good", 24))
    window.workshop.save_model(tmp_path / "m.anomaly")
    window.workshop.open_file(tmp_path / "m.anomaly")
    window.workshop.score_images((_brighter(tmp_path / "other day"),), ImageLabel.GOOD)
    _settle(window)
    view = window.session.model
    QTest.mouseClick(window.center.threshold_bar.promise.button, LEFT)
    assert window.session.model is view and not window.workshop.is_busy
    assert window.mode is Mode.TRAIN and len(window.panel.calibration.paths) == 12
    assert "Choose the good images" in window.status_line.label.text()


def test_a_promise_is_tested_on_100_000_images_within_a_frame_or_two(window, tmp_path, monkeypatch):
    _train(window, save_parts(tmp_path / "good", 24))
    table, random = ImageTable(), np.random.default_rng(0)
    scores = random.normal(window.session.threshold.value, 50, 100_000).tolist()
    rows = [Row(tmp_path, score, ImageLabel.GOOD, Origin.DROPPED, sha256=str(score)) for score in scores]
    table.append_rows(rows)
    monkeypatch.setattr(window.session, "table", table)
    window.services.watch.check_promise()
    took = []
    for _ in range(5):
        began = time.perf_counter()
        window.services.watch.check_promise()
        took.append(time.perf_counter() - began)
    assert window.services.watch.promise.images == 100_000
    print(took)
    assert min(took) < 0.1


def _texts_of(window):
    for widget in window.findChildren(QWidget):
        yield widget.toolTip()
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget.text()
        if isinstance(widget, QComboBox):
            yield from (widget.itemText(place) for place in range(widget.count()))


def test_nothing_that_is_shown_names_an_option_of_the_command_line(window, tmp_path):
    good = save_parts(tmp_path / "good", 24)
    _black(good)
    window.panel.form.set_values({"size": 128})
    _train(window, good)
    assert window.panel.advice.says.text()
    window.panel.form.set_values({"group_by": "("})
    QTest.mouseClick(window.panel.train_button, LEFT)
    assert "Group by" in window.panel.message.text()
    said = [*_texts_of(window), window.status_line.label.text()]
    assert len(said) > 100
    assert [text for text in said if re.search(r"(?<![\w-])--\w", text)] == []


def test_the_form_has_words_for_what_a_person_may_choose(window):
    form = window.panel.form
    grouping, suspects = form.fields["group_by"], form.fields["suspects"]
    assert form.read_settings().group_by == "auto" and grouping.currentText() == "near-duplicates"
    for place, value in enumerate(("auto", "none", "one", "folder")):
        grouping.setCurrentIndex(place)
        assert form.read_settings().group_by == value
    grouping.setEditText(r"^(\d+)_")
    assert form.read_settings().group_by == r"^(\d+)_"
    suspects.setCurrentIndex(1)
    assert form.read_settings().suspects == "keep"
