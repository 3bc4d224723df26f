"""One project per product: everything comes back with it, nothing of one gets into another."""

import numpy as np
import pytest
from parts import save_parts
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox
from windows import SMALL, drop, train_in_panel, wait

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest, Shape
from anomaly_gui.gui.state.image_table import ImageLabel, Origin
from anomaly_gui.gui.state.mode import Mode
from anomaly_gui.gui.state.part_tag import NO_PART
from anomaly_gui.gui.work.projects.models_dialog import ProjectModels
from anomaly_gui.project.folder import ProjectFolder

LEFT = Qt.MouseButton.LeftButton
REGION = RegionOfInterest((Shape("rectangle", ((0.1, 0.1), (0.9, 0.9)), keep=True),))


@pytest.fixture
def asked(monkeypatch):
    """The questions that came; each is answered by Cancel."""
    questions = []

    def answer(*arguments):
        questions.append(arguments)
        return QMessageBox.StandardButton.Cancel

    monkeypatch.setattr(QMessageBox, "question", answer)
    return questions


def _describe(window):
    """All of a window that a person decided or sees."""
    table, panel = window.session.table, window.panel
    return {
        "images": [
            (str(path), label, origin, score)
            for path, label, origin, score in zip(
                table.paths, table.labels.tolist(), table.origins.tolist(), table.scores.tolist(), strict=True
            )
        ],
        "threshold": window.session.threshold,
        "folders": (panel.good.paths, panel.calibration.paths, panel.defects.paths),
        "region": panel.region.region,
        "settings": panel.form.read_settings(),
        "corrections": window.services.corrections.now,
        "models": window.services.project.document.models,
        "title": window.windowTitle(),
        "parts": [(part.number, part.lot) for part in table.parts],
        "said": [window.services.remarks.find_remark(row) for row in range(len(table))],
        "lot": window.services.operator.part,
        "shift": window.services.shift.judged,
    }


def _make_project(window, folder, name):
    """Make a project and decide something of every kind in it."""
    place = folder / f"{name}.anomalyproj"
    window.services.projects.make_project(place)
    train_in_panel(window, save_parts(folder / f"{name} good", 24))
    window.show_mode(Mode.INSPECT)
    window.services.operator.set_lot(f"lot of {name}")
    window.services.operator.set_number(f"number of {name}")
    drop(window, [save_parts(folder / f"{name} line", 4, 3, name=name)])
    wait(window)
    window.show_mode(Mode.TUNE)
    dropped = np.flatnonzero(window.session.table.origins == Origin.DROPPED)
    window.session.label_rows(dropped[:2].tolist(), ImageLabel.DEFECT)
    window.session.label_rows([3], ImageLabel.DEFECT)
    window.services.remarks.set_kind(dropped[:1].tolist(), f"scratch of {name}")
    window.services.remarks.set_note([3], f"note of {name}")
    window.session.select_rows((5,))
    window.steps.toggle_excluded()
    window.session.thresholds.set_value(window.session.threshold.value - 3)
    window.panel.region.set_region(REGION)
    window.panel.form.set_values({"false_alarm_rate": 0.2})
    QTest.qWait(20)
    return place


def test_a_closed_window_opened_on_its_project_shows_everything_again(make, tmp_path, asked):
    first = make()
    place = _make_project(first, tmp_path, "caps")
    before = _describe(first)
    assert first.close() and not asked
    second = make()
    drop(second, [place])
    wait(second)
    assert _describe(second) == before
    assert second.mode is Mode.TUNE
    assert second.services.project.name == "caps" and not second.isWindowModified()
    assert second.preferences.recent_projects[0] == place


def test_nothing_of_one_project_gets_into_another(make, tmp_path, asked):
    window = make()
    caps = _make_project(window, tmp_path, "caps")
    of_caps = _describe(window)
    window.services.projects.make_project(tmp_path / "lids.anomalyproj")
    panel = window.panel
    assert window.session.model is None and len(window.session.table) == 0
    services = window.services
    assert services.remarks.list_kinds() == [] and services.operator.part == NO_PART
    assert not any(services.shift.counts.values())
    assert panel.good.paths == () and not panel.region.region and not window.services.corrections.now
    assert panel.form.fields["false_alarm_rate"].value() != 20
    assert window.center.currentWidget() is window.center.start_page
    train_in_panel(window, save_parts(tmp_path / "lids good", 26, 9))
    request = panel.add_corrections(panel.make_request())
    assert request.excluded == () and request.normal == (tmp_path / "lids good",)
    lids = ProjectFolder(tmp_path / "lids.anomalyproj")
    assert not [file for file in lids.path.rglob("*") if file.is_file() and b"caps" in _read_text(file)]
    window.services.projects.open_project(caps)
    wait(window)
    assert _describe(window) == of_caps and not asked


def _read_text(file):
    return b"" if file.suffix == ".anomaly" else file.read_bytes()


def test_training_anew_judges_anew_what_was_judged_and_keeps_labels(make, tmp_path, asked):
    window = make()
    train_in_panel(window, save_parts(tmp_path / "good", 24))
    window.show_mode(Mode.INSPECT)
    window.services.operator.set_number("SN 7")
    drop(window, [save_parts(tmp_path / "line", 4, 3)])
    wait(window)
    session = window.session
    dropped = np.flatnonzero(session.table.origins == Origin.DROPPED).tolist()
    session.label_rows(dropped[:3], ImageLabel.DEFECT)
    session.label_rows([2], ImageLabel.DEFECT)
    labels = dict(zip(session.table.paths, session.table.labels.tolist(), strict=True))
    parts = dict(zip(session.table.paths, session.table.parts, strict=True))
    old = session.model
    session.thresholds.set_value(session.threshold.value - 1)
    window.show_mode(Mode.TRAIN)
    QTest.mouseClick(window.panel.train_button, LEFT)
    wait(window)
    assert session.model is not old and not asked  # the old one stays on the list
    assert dict(zip(session.table.paths, session.table.labels.tolist(), strict=True)) == labels
    assert dict(zip(session.table.paths, session.table.parts, strict=True)) == parts
    assert not session.waiting and not session.waiting_parts


def test_images_dropped_while_it_trains_are_judged_by_the_new_model(make, tmp_path):
    window = make()
    good = save_parts(tmp_path / "good", 24)
    train_in_panel(window, good)
    window.panel.form.set_values({"size": 64})
    QTest.mouseClick(window.panel.train_button, LEFT)
    drop(window, [save_parts(tmp_path / "line", 3, 3)])
    wait(window)
    table = window.session.table
    scores = table.scores[table.origins == Origin.DROPPED]
    window.session.remove_dropped()
    drop(window, [tmp_path / "line"])
    wait(window)
    table = window.session.table
    assert sorted(scores) == sorted(table.scores[table.origins == Origin.DROPPED])


def _click_in_question(button, check=lambda: None):
    """Answer the question that comes, with the mouse."""

    def answer():
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(20, answer)
            return
        check()
        QTest.mouseClick(box.button(button), LEFT)

    QTimer.singleShot(20, answer)


def test_the_closing_question_saves_the_project(make, tmp_path, monkeypatch):
    window = make()
    train_in_panel(window, save_parts(tmp_path / "good", 24))
    drop(window, [save_parts(tmp_path / "line", 4, 3)])
    wait(window)
    window.session.label_rows([25], ImageLabel.DEFECT)
    before = {**_describe(window), "title": ""}
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "caps"), ""))
    _click_in_question(QMessageBox.StandardButton.Save)
    assert window.close()
    another = make()
    another.services.projects.open_project(tmp_path / "caps.anomalyproj")
    wait(another)
    assert {**_describe(another), "title": ""} == before


def test_labels_alone_are_asked_about(make, tmp_path, asked):
    window = make()
    train_in_panel(window, save_parts(tmp_path / "good", 24))
    window.workshop.save_model(tmp_path / "m.anomaly")
    wait(window)
    assert not window.session.is_unsaved and not window.services.leaving.is_at_risk
    window.session.label_rows([2], ImageLabel.DEFECT)
    assert not window.close() and len(asked) == 1
    window.session.undo_stack.undo()
    drop(window, [save_parts(tmp_path / "line", 2, 3)])
    wait(window)
    assert not window.close() and len(asked) == 2


def test_a_training_that_ends_under_the_question_changes_nothing_until_it_is_answered(make, tmp_path):
    window = make()
    good = save_parts(tmp_path / "good", 24)
    train_in_panel(window, good)
    old, said = window.session.model, window.panel.message.text()
    window.workshop.train_model(TrainRequest((good,), settings=SMALL))
    waited = []

    def is_unchanged():
        QTest.qWait(1500)
        waited.append(window.session.model is old and window.panel.message.text() == said)

    _click_in_question(QMessageBox.StandardButton.Cancel, is_unchanged)
    assert not window.close()
    assert waited == [True]
    wait(window)
    assert window.session.model is not old


def test_an_earlier_model_is_taken_again_with_the_labels_given_since(make, tmp_path, asked):
    window = make()
    train_in_panel(
        window, save_parts(tmp_path / "good", 24), (save_parts(tmp_path / "bad", 3, 1, defect=True),)
    )
    drop(window, [save_parts(tmp_path / "line", 4, 3)])
    wait(window)
    threshold = window.session.threshold.value - 2
    window.session.thresholds.set_value(threshold)
    QTest.mouseClick(window.panel.train_button, LEFT)
    wait(window)
    drop(window, [save_parts(tmp_path / "more", 2, 4)])
    wait(window)
    dropped = np.flatnonzero(window.session.table.origins == Origin.DROPPED).tolist()
    window.session.label_rows(dropped, ImageLabel.GOOD)
    document = window.services.project.document
    assert [(entry.good, entry.defects, entry.how) for entry in document.models] == [(24, 3, "trained")] * 2
    dialog = ProjectModels(window.session, window.services.project, window.services.projects, window)
    dialog.table.selectAll()
    QTest.mouseClick(dialog.compare_button, LEFT)
    cells = [[dialog.figures.item(row, column).text() for column in (0, 1)] for row in range(3)]
    assert cells[1] == ["0 / 3", "0 / 3"] and cells[0][0].endswith("/ 4") and cells[2][0].startswith("1.0")
    dialog.table.item(1, 7).setText("the first")
    dialog.table.selectRow(1)
    QTest.mouseClick(dialog.use_button, LEFT)
    wait(window)
    assert window.session.threshold.value == threshold
    table = window.session.table
    assert (table.labels[table.origins == Origin.DROPPED] == ImageLabel.GOOD).sum() == 6
    document = window.services.project.document
    assert document.current == "0001" and document.models[0].note == "the first" and not asked
    dialog.close()


def test_a_project_opened_in_one_window_is_not_opened_in_another(make, tmp_path):
    first, second = make(), make()
    place = tmp_path / "caps.anomalyproj"
    first.services.projects.make_project(place)
    second.services.projects.open_project(place)
    QTest.qWait(20)
    assert "is open in another window" in second.panel.message.text()
    assert second.services.project.is_untitled
    assert first.close()
    second.services.projects.open_project(place)
    assert second.services.project.name == "caps"


@pytest.mark.parametrize(("content", "says"), [("torn", "damaged"), (None, "is not a project")])
def test_what_is_no_project_is_named_and_changes_nothing(make, tmp_path, content, says):
    window = make()
    place = tmp_path / "x.anomalyproj"
    place.mkdir()
    if content:
        (place / "project.json").write_text(content)
    window.panel.good.set_paths((tmp_path,))
    window.services.projects.open_project(place)
    QTest.qWait(20)
    assert says in window.panel.message.text()
    assert window.panel.good.paths == (tmp_path,)


def test_a_duplicate_goes_its_own_way(make, tmp_path, monkeypatch):
    window = make()
    window.services.projects.make_project(tmp_path / "caps.anomalyproj")
    train_in_panel(window, save_parts(tmp_path / "good", 24))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "lids"), ""))
    window.services.saving.duplicate()
    threshold = window.session.threshold.value
    window.session.thresholds.set_value(threshold - 9)
    window.services.projects.open_project(tmp_path / "lids.anomalyproj")
    wait(window)
    assert window.services.project.name == "lids" and window.session.threshold.value == threshold


def test_recent_projects_are_cards_with_a_picture(make, tmp_path):
    first = make()
    place = tmp_path / "caps & lids.anomalyproj"
    first.services.projects.make_project(place)
    train_in_panel(first, save_parts(tmp_path / "good", 24))
    assert first.close()
    second = make()
    page = second.center.start_page
    wait(second, until=lambda: page.projects.isVisible())
    card = page.projects.cards[0]
    assert "caps && lids" in card.text() and "1 model" in card.text()
    cover = second.services.project.document.more.get("cover") or str(tmp_path / "good" / "part_0.png")
    wait(second, until=lambda: second.services.pictures._thumbnails.get((cover, 136)) is not None)
    QTest.mouseClick(card, LEFT)
    wait(second, until=lambda: second.session.model is not None)
    assert second.services.project.name == "caps & lids"


def test_answers_after_a_training_are_kept_with_the_project(make, tmp_path):
    window = make()
    place = tmp_path / "caps.anomalyproj"
    window.services.projects.make_project(place)
    train_in_panel(window, save_parts(tmp_path / "good", 24))
    window.panel.questions.answered.emit({"suspects": "leave-out"})
    assert window.close()
    another = make()
    another.services.projects.open_project(place)
    wait(another)
    assert another.retraining._answers == {(tmp_path / "good",): {"suspects": "leave-out"}}
    another.services.projects.make_project(tmp_path / "lids.anomalyproj")
    assert another.retraining._answers == {(): {}}
