"""The application: one window, its translations, and what happens when something goes wrong."""

from __future__ import annotations

import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pyqtgraph as pg
from platformdirs import user_data_path
from pyqtgraph.util.garbage_collector import GarbageCollector
from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from anomaly_gui.gui.main_window import MainWindow
from anomaly_gui.gui.style.dressing import dress_application
from anomaly_gui.gui.widgets.crash_report import install_hook, start_log
from anomaly_gui.paths import resource

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEAST_ROOM = 100_000  # bytes: less is as good as a full disk


def run(paths: Sequence[Path] = (), *, sample: bool = False) -> int:
    """Open the window, with a project, a model, images or the sample; return the exit code in the end."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    prepare_application(app)
    start_log()
    install_hook()
    collector = collect_garbage_here()
    window = make_window()
    window.show()
    if sample:
        QTimer.singleShot(0, window.open_sample)
    elif paths:
        QTimer.singleShot(0, lambda: window.services.intake.take_paths(list(paths)))
    else:
        QTimer.singleShot(0, window.services.recovery.restore_left_over)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C in the terminal ends the window
    try:
        return app.exec()
    finally:
        collector.timer.stop()


def prepare_application(app: QApplication) -> None:
    """Give the application its name, its language and its look."""
    app.setApplicationName("Anomaly GUI")
    app.setDesktopFileName("anomaly-gui")
    _install_translations(app)
    dress_application(app)
    pg.setConfigOptions(antialias=True)


def collect_garbage_here() -> GarbageCollector:
    """Let Python look for garbage on the window's thread only, by a timer, from now on.

    A thread that happens to trigger it would destroy Qt's objects where they must not be touched.
    """
    return GarbageCollector(interval=1.0)


def make_window() -> MainWindow:
    """Return the main window with the user's own place for what it keeps, or a temporary one."""
    data_folder = user_data_path("anomaly-gui", appauthor=False)
    try:
        data_folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data_folder) as probe:
            probe.write(bytes(_LEAST_ROOM))
        return MainWindow(data_folder)
    except OSError as error:
        window = MainWindow(Path(tempfile.mkdtemp(prefix="anomaly-gui-")))
        window.status_line.show_text(
            window.tr("%1 cannot be written (%2): nothing is kept for after a crash; save what you make.")
            .replace("%1", str(data_folder))
            .replace("%2", str(error.strerror))
        )
        return window


def _install_translations(app: QApplication) -> None:
    """Load the product's catalogue for the system's language, and Qt's own."""
    for name, folder in (
        ("anomaly_gui", str(resource("translations"))),
        ("qtbase", QLibraryInfo.path(QLibraryInfo.TranslationsPath)),  # type: ignore[attr-defined] # the stubs lack it
    ):
        translator = QTranslator(app)
        # English has a catalogue of its own, for its plurals; it stands in for languages that have none
        if any(translator.load(locale, name, "_", folder) for locale in (QLocale(), QLocale("en"))):
            app.installTranslator(translator)
