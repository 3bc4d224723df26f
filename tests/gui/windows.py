"""What tests of windows do again and again."""

import time

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.gui.style.chinese_font import find_chinese_font

PATIENCE = 120  # seconds; other work may share the machine
SMALL = TrainSettings(detector="pooled", layer="block2_pool", size=32, false_alarm_rate=0.1)


def need_font(language):
    """Skip a test where its language cannot be drawn."""
    if language == "zh_CN" and find_chinese_font() is None:
        pytest.skip("no font with Chinese characters is installed")


def wait(window, until=None):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        QTest.qWait(20)
        if until() if until else not window.workshop.is_busy:
            QTest.qWait(100)
            return
    raise AssertionError(f"still busy: {window.status_line.label.text()}")


def drop(widget, paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(QPoint(10, 10)),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    widget.dropEvent(event)


def give_up(window):
    """Let a window close without a question, whatever is in no project."""
    window.services.leaving.ask_what_to_do = lambda: QMessageBox.StandardButton.Discard


def close(window, closed):
    """Close a window whatever is unsaved in it, and keep it (see `conftest`)."""
    give_up(window)
    assert window.close()
    closed.append(window)


def drag_and_drop(widget, paths):
    """Hold files over a widget and drop them, by the events of a real drag; yields while they are held."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    place, left, none = widget.rect().center(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(place, Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(widget, entering)
    yield entering.isAccepted()
    dropping = QDropEvent(QPointF(place), Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(widget, dropping)


def train_in_panel(window, good, defects=()):
    """Train by the button of the panel, with settings that take little time."""
    window.panel.good.set_paths((good,))
    window.panel.defects.set_paths(defects)
    window.panel.form.set_values(
        {"detector": "pooled", "layer": "block2_pool", "size": 32, "false_alarm_rate": 0.1}
    )
    QTest.qWait(20)
    QTest.mouseClick(window.panel.train_button, Qt.MouseButton.LeftButton)
    wait(window)
