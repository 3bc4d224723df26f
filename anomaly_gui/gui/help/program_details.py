"""What developers ask for first when somebody reports a problem: no images, no names of files."""

from __future__ import annotations

import os
import platform
from typing import TYPE_CHECKING

import PySide6
from PySide6.QtCore import QLocale
from PySide6.QtGui import QGuiApplication

import anomaly_gui

if TYPE_CHECKING:
    from anomaly_gui.gui.state.session import Session


def describe_program(session: Session) -> str:
    """Return a line each on program, system, screens, and the model in use."""
    return "\n".join((*_describe_system(), *_describe_session(session)))


def _describe_system() -> tuple[str, ...]:
    screens = ", ".join(
        f"{screen.size().width()} x {screen.size().height()} at {screen.devicePixelRatio():g}"
        for screen in QGuiApplication.screens()
    )
    return (
        f"Anomaly GUI {anomaly_gui.__version__}",
        f"Python {platform.python_version()}, PySide6 {PySide6.__version__}",
        f"{platform.platform()}, {os.cpu_count()} processors",
        f"Window: {QGuiApplication.platformName()}, screens {screens}, language {QLocale().name()}",
    )


def _describe_session(session: Session) -> tuple[str, ...]:
    model, threshold = session.model, session.threshold
    if model is None or threshold is None:
        return ("Model: none",)
    settings, training = model.settings, model.training
    return (
        f"Model: {model.detector}, {', '.join(settings.layers)}, {settings.size} px, {model.network}",
        f"Learned from {len(training.images)} images, {len(training.calibration)} for calibration",
        f"Threshold: {threshold.value:g}, {threshold.rule}, {threshold.basis}",
        f"Images in the window: {len(session.table)}",
    )
