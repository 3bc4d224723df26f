"""The menu Help: the guided first run, the key sheet, the details to copy; by clicks and keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox
from windows import wait

from anomaly_gui.gui.help.key_sheet import KeySheet, list_keys
from anomaly_gui.gui.state.mode import Mode

LEFT = Qt.MouseButton.LeftButton


def _lead_on(window):
    QTest.mouseClick(window.help.tour.card.lead_on, LEFT)
    QTest.qWait(120)


def test_five_steps_lead_from_the_sample_to_the_verdict(make):
    window = make()
    window.help.first_run.trigger()
    card = window.help.tour.card
    assert card.number.text() == "Step 1 of 5"
    assert card.isVisible()
    QTest.qWait(120)
    _lead_on(window)
    assert not card.lead_on.isEnabled()  # it is learning
    wait(window)
    assert card.number.text() == "Step 2 of 5"
    assert window.mode is Mode.TUNE
    for number in (3, 4, 5):
        _lead_on(window)
        assert card.number.text() == f"Step {number} of 5"
        assert window.rect().contains(card.geometry())
    assert window.mode is Mode.INSPECT
    assert "DEFECT" in window.center.verdict_view.word.text()
    _lead_on(window)
    assert window.help.tour is None


def test_the_card_hides_what_it_speaks_of_as_little_as_can_be(small):
    small.help.first_run.trigger()
    small.help.tour._go_on()
    for _ in range(3):
        QTest.qWait(120)
        tour = small.help.tour
        assert not tour.card.geometry().contains(tour._outline.geometry().center())
        _lead_on(small)


@pytest.mark.parametrize("way", ["button", "escape"])
def test_it_can_be_left(small, way):
    small.help.first_run.trigger()
    QTest.qWait(120)
    if way == "button":
        QTest.mouseClick(small.help.tour.card.leave, LEFT)
    else:
        QTest.keyClick(small.help.tour.card.lead_on, Qt.Key.Key_Escape)
    assert small.help.tour is None


def test_a_model_that_should_stay_leaves_the_button_on(small, monkeypatch):
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Cancel)
    small.help.first_run.trigger()
    QTest.qWait(120)
    _lead_on(small)
    assert small.help.tour.card.lead_on.isEnabled()
    assert small.help.tour.index == 0
    small.help.first_run.trigger()  # begins anew
    assert small.help.tour.index == 0


def test_the_key_sheet_has_every_shortcut_of_the_menus(make):
    window = make()
    window.help.keys.trigger()
    (sheet,) = window.findChildren(KeySheet)
    text = sheet.sheet.toPlainText()
    keys = dict(pair for _, pairs in list_keys(window.menuBar()) for pair in pairs)
    assert {"F1", "F11", "Ctrl+L", "W", "Ctrl+S"} <= set(keys)
    assert all(key in text and what in text for key, what in keys.items())
    sheet.close()


def test_details_for_a_report_name_no_files(small, tmp_path):
    small.help.copy.trigger()
    text = QGuiApplication.clipboard().text()
    assert text.startswith("Anomaly GUI ")
    assert "pooled, block2_pool, 32 px" in text
    assert str(tmp_path) not in text
    assert "Copied" in small.status_line.label.text()
