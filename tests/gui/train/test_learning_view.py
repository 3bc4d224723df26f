"""A network learns: the model panel shows how, and lets one stop it; with the real engine at work."""

import numpy as np
import pytest
from parts import save_parts
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtTest import QTest
from windows import SMALL, close, wait

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.figures.map_colours import LUT
from anomaly_gui.gui.inspect.reconstruction_view import coloured_difference
from anomaly_gui.gui.main_window import MainWindow
from anomaly_gui.gui.state.image_table import Origin
from anomaly_gui.gui.state.mode import Mode
from anomaly_gui.gui.train.learning_view import LearningView, LossAxis, round_values
from anomaly_gui.gui.train.trained_text import describe_images
from anomaly_gui.gui.work.busy_bar import BusyBar
from anomaly_gui.progress import Epoch

LEFT = Qt.MouseButton.LeftButton
LEARNS = TrainSettings(
    detector="autoencoder", learned_size="32", latent_size=8, steps=30, false_alarm_rate=0.2
)
LONG = TrainSettings(
    detector="autoencoder", learned_size="32", latent_size=8, steps=200_000, false_alarm_rate=0.2
)


class FakeTask(QObject):
    """The signals of a task that the view and the bar listen to."""

    title = "Training"
    staged = Signal(str, int)
    advanced = Signal(int)
    learned = Signal(object)
    ended = Signal()


def _epoch(number, held_out=0.5, name="Learning", best=1):
    return Epoch(name, number, 40, 1.0 / number, held_out, best)


@pytest.fixture
def view(qtbot):
    view = LearningView()
    qtbot.addWidget(view)
    view.resize(300, 260)
    return view


def _follow(view):
    task = FakeTask(view)
    view.follow_task(task)
    return task


@pytest.mark.parametrize("epochs", [1, 2, 7, 40, 2000])
def test_the_axis_names_whole_epochs_apart_from_the_first(view, epochs):
    task = _follow(view)
    for number in range(max(1, epochs - 2), epochs + 1):
        task.learned.emit(_epoch(number))
    QTest.qWait(20)
    (low, high), _ = view.plot.getViewBox().viewRange()
    width = view.plot.getViewBox().width()
    ((_, values),) = view.plot.getAxis("bottom").tickValues(low, high, width)
    assert 2 <= len(values) <= 8
    assert all(value == int(value) for value in values)
    assert np.all(np.diff(values) * width / (high - low) > 25)


def test_nothing_is_shown_while_no_network_learns(view):
    task = _follow(view)
    assert view.isHidden()
    task.ended.emit()
    assert view.isHidden()


def test_every_epoch_is_a_point_of_both_curves(view):
    task = _follow(view)
    for number, held_out in enumerate((0.9, 0.4, 0.6), 1):
        task.learned.emit(_epoch(number, held_out, best=min(number, 2)))
    assert not view.isHidden()
    assert view.stands.text() == "epoch 3 of 40, best so far: epoch 2"
    np.testing.assert_allclose(view._learned.getOriginalDataset()[1], [1, 1 / 2, 1 / 3])
    np.testing.assert_allclose(view._held_out.getOriginalDataset()[1], [0.9, 0.4, 0.6])
    assert [list(values) for values in view._best.getOriginalDataset()] == [[2], [0.4]]
    task.ended.emit()
    assert view.isHidden()


def test_another_network_starts_new_curves_and_can_be_stopped_again(view):
    task = _follow(view)
    task.learned.emit(_epoch(1, name="Learning to reconstruct first"))
    task.learned.emit(_epoch(2, name="Learning to reconstruct first"))
    QTest.mouseClick(view.stop_button, LEFT)
    assert not view.stop_button.isEnabled()
    task.learned.emit(_epoch(3, name="Learning to reconstruct first"))
    assert not view.stop_button.isEnabled()
    task.learned.emit(_epoch(1))
    assert len(view._held_out.getOriginalDataset()[0]) == 1
    assert view.stop_button.isEnabled()
    _follow(view).learned.emit(_epoch(2))
    assert [one.number for one in view.epochs] == [2]


def test_a_waiting_task_that_is_cancelled_does_not_hide_the_one_at_work(view):
    at_work, waiting = _follow(view), _follow(view)
    at_work.learned.emit(_epoch(1))
    waiting.ended.emit()
    assert not view.isHidden()


def test_losses_without_a_logarithm_are_left_out(view):
    task = _follow(view)
    view.show()
    for number, held_out in enumerate((-0.1, 0.0, 0.6), 1):
        task.learned.emit(_epoch(number, held_out, best=1))
    assert np.isfinite(view._held_out.getOriginalDataset()[1]).tolist() == [False, False, True]
    assert not len(view._best.getOriginalDataset()[0] or ())
    view.grab()


@pytest.mark.parametrize(("low", "high"), [(-6, 3), (-2, 0.1), (-0.4, -0.1), (-1.001, -1.0), (2, 2)])
def test_the_axis_names_a_few_losses(low, high):
    ticks = round_values(low, high)
    assert 3 <= len(ticks) <= 6 if low < high else not ticks
    assert all(low <= tick <= high for tick in ticks)
    assert len(set(LossAxis("left").tickStrings(ticks, 1, 1))) == len(ticks)


def test_the_time_left_is_an_upper_bound_and_counts_from_the_first_epochs_end(qtbot, monkeypatch):
    now = [100.0]
    monkeypatch.setattr("anomaly_gui.gui.work.busy_bar.time.monotonic", lambda: now[0])
    bar = BusyBar()
    qtbot.addWidget(bar)
    task = FakeTask(bar)
    bar.follow_task(task)
    task.staged.emit("Learning", 1000)
    now[0] += 30  # making the network's functions; 500 images were learned in an earlier run
    task.advanced.emit(500)
    task.learned.emit(_epoch(20))
    now[0] += 5
    task.advanced.emit(550)
    assert bar.rate.text() == "10.0 images/s, at most 45 s left"
    task.staged.emit("Known defects", 100)
    now[0] += 5
    task.advanced.emit(50)
    assert bar.rate.text() == "10.0 images/s, 5 s left"


def test_the_bar_below_lets_one_stop_while_a_network_learns_and_the_panels_leaves_that_to_the_curves(qtbot):
    for in_a_row in (True, False):
        bar = BusyBar(in_a_row=in_a_row)
        qtbot.addWidget(bar)
        task = FakeTask(bar)
        bar.follow_task(task)
        assert bar.stop.isHidden()
        task.learned.emit(_epoch(1))
        assert bar.stop.isHidden() != in_a_row
    bar = BusyBar(in_a_row=True)
    qtbot.addWidget(bar)
    task = FakeTask(bar)
    bar.follow_task(task)
    task.learned.emit(_epoch(1))
    with qtbot.waitSignal(bar.stop_requested):
        QTest.mouseClick(bar.stop, LEFT)
    assert not bar.stop.isEnabled()
    task.learned.emit(_epoch(2))
    assert not bar.stop.isEnabled()
    task.staged.emit("Known defects", 100)
    assert bar.stop.isHidden()


@pytest.fixture(scope="module")
def window(qapp, tmp_path_factory, closed):
    """A window with an autoencoder whose training was stopped early."""
    folder = tmp_path_factory.mktemp("learned")
    window = MainWindow(tmp_path_factory.mktemp("place"))
    window.resize(1280, 800)
    window.show()
    window.good = save_parts(folder / "good", 24)
    window.bad = save_parts(folder / "bad", 2, 2, defect=True)
    window.workshop.train_model(TrainRequest((window.good,), (), (window.bad,), LONG))
    _wait_for_epochs(window, 8)
    window.shown = (
        window.panel.learning.isVisible(),
        window.panel.learning.visibleRegion().boundingRect().height(),
        len(window.panel.learning._held_out.getOriginalDataset()[0]),
    )
    QTest.mouseClick(window.panel.learning.stop_button, LEFT)
    wait(window)
    yield window
    close(window, closed)


def _wait_for_epochs(window, count):
    wait(window, until=lambda: len(window.panel.learning.epochs) >= count or not window.workshop.is_busy)
    assert window.workshop.is_busy, window.panel.message.text()


def test_a_training_that_is_stopped_early_keeps_its_best(window):
    is_visible, height, epochs = window.shown
    assert is_visible
    assert height > 200  # the panel was moved to where it is seen
    assert epochs >= 8
    assert window.panel.learning.isHidden()
    view = window.session.model
    assert view.detector == "autoencoder"
    assert view.training.unseen.sum() == 7
    assert "The network learned from 17 images; the threshold rests on the 7 it never saw." in (
        window.panel.message.text()
    )


def test_the_table_has_only_the_good_images_that_tell_how_others_are_judged(window):
    training, table = window.session.model.training, window.session.table
    of_training = [path for path, origin in zip(table.paths, table.origins, strict=True) if origin == 0]
    assert of_training == [training.images[place].path for place in training.judged]
    assert window.session.thresholds.good.scores.tolist() == training.held_out[training.judged].tolist()


def test_a_cancelled_training_leaves_the_model_in_use(window):
    before = window.session.model
    window.workshop.train_model(TrainRequest((window.good,), settings=LONG))
    _wait_for_epochs(window, 3)
    window.workshop.runner.cancel_all()
    wait(window)
    assert window.session.model is before
    assert window.panel.learning.isHidden()
    assert not window.panel.learning.epochs


def test_while_one_looks_at_images_the_learning_is_stopped_from_the_bar_below(window):
    window.workshop.train_model(TrainRequest((window.good,), (), (window.bad,), LONG))
    window.show_mode(Mode.TUNE)
    _wait_for_epochs(window, 3)
    assert window.status_line.busy.stop.isVisible()
    QTest.mouseClick(window.status_line.busy.stop, LEFT)
    wait(window)
    assert window.session.model.training.unseen.sum() == 7
    assert window.status_line.busy.stop.isHidden()


def _look_at_a_defect(window):
    window.show_mode(Mode.TUNE)
    row = int(np.flatnonzero(window.session.table.origins == Origin.KNOWN_DEFECTS)[0])
    window.session.select_rows((row,))
    return window.docks.inspector.reconstruction


def test_the_inspector_shows_image_reconstruction_and_difference_when_asked(window):
    view = _look_at_a_defect(window)
    assert view.isVisible()
    assert view.shown.isHidden()
    QTest.mouseClick(view.button, LEFT)
    assert not view.button.isEnabled()
    wait(window)
    assert view.shown.isVisible()
    assert view.button.isEnabled()
    image, reconstruction, difference = (picture.image for picture in view.pictures)
    assert (image.width(), image.height()) == (reconstruction.width(), reconstruction.height()) == (32, 32)
    assert image != reconstruction
    assert difference.width() == 256
    for picture in view.pictures:
        assert picture.height() == pytest.approx(picture.width(), abs=2)
    assert view.pictures[2].geometry().right() <= window.docks.inspector.width()
    window.session.select_rows((0,))
    assert view.shown.isHidden()
    assert view.isVisible()
    window.session.select_rows(())
    assert view.isHidden()


def test_a_reconstruction_that_comes_late_is_not_shown_for_another_image(window):
    view = _look_at_a_defect(window)
    view.button.click()
    window.session.select_rows((0,))
    assert view.button.isEnabled()
    wait(window)
    assert view.shown.isHidden()


def test_a_file_that_cannot_be_read_is_told_in_place_of_its_reconstruction(window):
    view = _look_at_a_defect(window)
    path = window.session.table.paths[window.session.selection[0]]
    content = path.read_bytes()
    path.write_bytes(b"torn")
    view.button.click()
    wait(window)
    path.write_bytes(content)
    assert path.name in view.why.text()
    assert view.why.isVisible()
    assert view.shown.isHidden()
    view.button.click()
    wait(window)
    assert view.why.isHidden()
    assert view.shown.isVisible()


def test_a_difference_has_the_colours_of_maps_over_the_faded_image():
    image = np.zeros((32, 32, 3), np.uint8)
    difference = np.zeros((8, 8), np.float32)
    difference[0, 0] = 3
    shown = coloured_difference(image, difference)
    assert shown.shape == (256, 256, 3)
    assert shown[0, 0].tolist() == LUT[-1][:3].tolist()
    assert shown[-1, -1].tolist() == [110, 110, 110]


def test_a_model_that_learned_no_features_says_nothing_of_a_network(window):
    window.show_mode(Mode.TRAIN)
    said = describe_images(window.session.model.training)
    window.workshop.train_model(TrainRequest((window.good,), settings=SMALL))
    wait(window)
    assert "network" in said
    assert "network" not in window.panel.message.text()
    assert window.panel.message.text().startswith("Learned from 24 images")
    window.session.select_rows((0,))
    assert window.docks.inspector.reconstruction.isHidden()
