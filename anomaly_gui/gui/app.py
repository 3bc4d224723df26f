"""The application: one window, its translations, and what happens when something goes wrong."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

import pyqtgraph as pg
from pyqtgraph.util.garbage_collector import GarbageCollector
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from anomaly_gui.gui.state.display.languages import (
    LANGUAGE,
    explain_missing_letters,
    find_chosen_language,
    speak_language,
)
from anomaly_gui.gui.state.preferences import Preferences
from anomaly_gui.gui.style.dressing import dress_application
from anomaly_gui.gui.widgets.crash_report import install_hook, start_log
from anomaly_gui.gui.window_keeper import WindowKeeper
from anomaly_gui.gui.work.intake import LINE
from anomaly_gui.language import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def run(paths: Sequence[Path] = (), *, sample: bool = False) -> int:
    """Open the window, with a project, a model, images or the sample, or that of stations alone.

    Returns
    -------
    the exit code in the end
    """
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    problem = prepare_application(app)
    start_log()
    install_hook()
    collector = collect_garbage_here()
    # its window lives as long as the application, whoever has no other
    kept = _open_stations(paths) if _are_lines(paths) else _open_window(app, paths, sample, problem)
    assert kept is not None
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C in the terminal ends the window
    try:
        return app.exec()
    finally:
        collector.timer.stop()


def _are_lines(paths: Sequence[Path]) -> bool:
    return bool(paths) and all(path.suffix == LINE for path in paths)


def _open_stations(paths: Sequence[Path]) -> QObject:
    from anomaly_gui.gui.station.station_window import open_stations  # late: most never need it

    return open_stations(paths)


def _open_window(app: QApplication, paths: Sequence[Path], sample: bool, problem: str) -> QObject:
    keeper = WindowKeeper(app)
    window = keeper.window
    if problem:
        window.status_line.show_text(problem)
    window.show()
    if sample:
        QTimer.singleShot(0, window.open_sample)
    elif paths:
        QTimer.singleShot(0, lambda: window.services.intake.take_paths(list(paths)))
    else:
        QTimer.singleShot(0, window.services.recovery.restore_left_over)
    return keeper


def prepare_application(app: QApplication) -> str:
    """Give the application its name, its language and its look; return why it is another language."""
    app.setApplicationName("Anomaly GUI")
    app.setDesktopFileName("anomaly-gui")
    problem = _speak_chosen_language()
    dress_application(app)
    pg.setConfigOptions(antialias=True)
    return problem


def _speak_chosen_language() -> str:
    """Speak the language of the preferences; English, and say why, where its letters would be boxes."""
    language = find_chosen_language(Preferences().read_text(LANGUAGE))
    speak_language(language)
    problem = explain_missing_letters(language)
    if problem:
        speak_language(ENGLISH)
        return explain_missing_letters(language)
    return ""


def collect_garbage_here() -> GarbageCollector:
    """Let Python look for garbage on the window's thread only, by a timer, from now on.

    A thread that happens to trigger it would destroy Qt's objects where they must not be touched.
    """
    return GarbageCollector(interval=1.0)
