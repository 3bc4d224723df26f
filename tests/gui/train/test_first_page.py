"""The first page: from a folder to a trained model with no click more."""

import pytest
from parts import save_parts
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from windows import SMALL, wait

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(make):
    """A window in which nothing has been chosen."""
    window = make()
    window.panel.good.set_paths(())
    window.panel.form.set_values(vars(SMALL))
    yield window
    window.preferences.set_folders("good", ())


def test_from_the_first_page_a_folder_is_trained_with_no_click_more(window, tmp_path, monkeypatch):
    good = save_parts(tmp_path / "good", 30)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(good))
    QTest.mouseClick(window.center.start_page.train, LEFT)
    wait(window, until=lambda: window.center.start_page.hint.text().startswith("It learns"))
    wait(window, until=lambda: window.session.model is not None)
    wait(window)
    wait(window, until=window.center.next_step.isVisible)
    assert window.center.next_step.says.text().startswith("Ready")


def test_a_folder_that_is_not_chosen_trains_nothing(window, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    QTest.mouseClick(window.center.start_page.train, LEFT)
    assert not window.workshop.is_busy
    assert window.session.model is None
