"""The slider from faster to finer: what it sets, and what this machine does with it, measured on the side."""

import pytest
from parts import save_parts
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from windows import wait

from anomaly_gui.gui.work.tasks import Task

LEFT, END, HOME = Qt.Key.Key_Left, Qt.Key.Key_End, Qt.Key.Key_Home


@pytest.fixture
def window(make):
    window = make()
    window.panel.good.set_paths(())
    yield window
    window.preferences.set_folders("good", ())


def _press(window, key):
    field = window.panel.form.size_field
    field.slider.setFocus()
    QTest.keyClick(field.slider, key)
    return field


def test_the_middle_is_automatic_and_the_ends_are_the_coarsest_and_the_finest(window):
    form = window.panel.form
    assert (form.size_field.slider.value(), form.read_settings().size) == (2, None)
    assert form.size_field.number.text() == "auto"
    _press(window, HOME)
    assert form.read_settings().size == 160
    _press(window, END)
    assert (form.read_settings().size, form.size_field.number.text()) == (640, "640")
    for _ in range(2):
        _press(window, LEFT)
    assert form.read_settings().size is None


def test_a_size_between_the_steps_stays_and_the_slider_stands_next_to_it(window):
    form = window.panel.form
    form.set_values({"size": 64})
    assert (form.read_settings().size, form.size_field.slider.value()) == (64, 0)
    form.set_values({"size": 496})
    assert (form.read_settings().size, form.size_field.slider.value()) == (496, 3)
    form.size_field.number.setValue(31)  # below the smallest: none is named
    assert (form.read_settings().size, form.size_field.slider.value()) == (None, 2)


def test_without_good_images_it_says_what_is_missing(window):
    field = _press(window, HOME)
    wait(window, until=lambda: field.brings.text())
    assert field.brings.text() == "Choose good images to see how fast they would be judged."


def test_what_this_machine_does_is_measured_beside_the_window(window, tmp_path):
    form = window.panel.form
    form.set_values({"detector": "pooled"})
    window.panel.good.set_paths((save_parts(tmp_path / "good", 6),))
    field = _press(window, HOME)
    wait(window, until=lambda: window.workshop.is_measuring)
    assert field.brings.text() == "Measuring how fast images are judged…"
    assert not window.workshop.is_working
    assert window.panel.train_button.isEnabled()
    wait(window)
    assert field.brings.isVisible()
    assert field.brings.text().startswith("Judges about ")
    assert field.brings.text().endswith(" images a second at 160 x 160 px on this machine.")
    form.fields["detector"].setCurrentText("positional")
    assert not field.brings.isVisible()


def test_what_somebody_waits_for_puts_an_end_to_measuring(window, tmp_path):
    form, ended = window.panel.form, []
    window.panel.good.set_paths((save_parts(tmp_path / "good", 6),))
    task = window.workshop.measure_rate(window.panel.make_request())
    task.cancelled.connect(lambda: ended.append("cancelled"))
    window.requests.measure_speed()  # asked again: the first one ends
    assert isinstance(window.workshop._measuring, Task)
    assert window.workshop._measuring is not task
    window.workshop.open_file(tmp_path / "none.anomaly")
    wait(window)
    assert ended == ["cancelled"]
    assert form.size_field.brings.text() == ""
