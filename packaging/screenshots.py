"""Take pictures of the window in each of its states, on the sample, to be looked at.

    .venv/bin/python packaging/screenshots.py FOLDER [--only NAME...]
    .venv/bin/python packaging/screenshots.py --help-pages

With --help-pages the pictures that README and help pages show are taken anew. (scatter.png is what
`anomaly-gui demo --headless` writes, rooms.svg what `help_pages.py` draws.)

Each state is a process of its own, since the screen's scale and the colour scheme are set once. Without a
screen Qt's offscreen platform draws the same.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QPalette

    from anomaly_gui.gui.main_window import MainWindow

# name: width, height, scale of the screen, dark
STATES = {
    "empty": (1280, 800, 1, False),
    "training": (1280, 800, 1, False),
    "tuned": (1280, 800, 1, False),
    "wrong_and_right": (1280, 800, 1, False),
    "not_sure": (1280, 800, 1, False),
    "verdict": (1280, 800, 1, False),
    "dark": (1280, 800, 1, True),
    "small": (1280, 720, 1, False),
    "large": (1920, 1080, 2, False),
}
HELP_PICTURES = Path(__file__).resolve().parent.parent / "resources" / "help" / "pictures"
IN_HELP_PAGES = {
    "empty": "start.png",
    "wrong_and_right": "window.png",
    "not_sure": "train.png",
    "verdict": "inspect.png",
}
PATIENCE = 120  # seconds


def wait(until: object) -> None:
    """Let the window work until something is true, or give up."""
    from PySide6.QtWidgets import QApplication

    deadline = time.monotonic() + PATIENCE
    while not until():  # type: ignore[operator]
        if time.monotonic() > deadline:
            raise SystemExit("the window took too long")
        QApplication.processEvents()
        time.sleep(0.01)


def settle(seconds: float = 1.0) -> None:
    """Let thumbnails and layouts come."""
    deadline = time.monotonic() + seconds
    wait(lambda: time.monotonic() > deadline)


def bring_to(window: MainWindow, state: str) -> None:
    """Bring the window into a state."""
    from anomaly_gui.gui.state.mode import Mode

    if state == "empty":
        return
    window.open_sample()
    if state == "training":
        wait(lambda: window.session.model is None and window.panel.busy.bar.value() > 100)
        return
    wait(lambda: window.session.model is not None and not window.workshop.is_busy)
    session = window.session
    value = session.threshold.value if session.threshold else 0.0
    wrong = [row for row in session.table.shown_rows.tolist() if session.table.is_wrong(row, value)]
    session.select_rows((wrong[0],))
    if state in ("tuned", "dark", "small", "large"):
        session.thresholds.set_value(value + 150)
    if state == "not_sure":
        session.thresholds.set_unsure(60)
        window.services.corrections.exclude_rows([3], True)
        window.docks.images_dock.widget().setCurrentIndex(1)
        window.show_mode(Mode.TRAIN)
    if state == "verdict":
        session.select_rows((len(session.table) - 1,))
        window.show_mode(Mode.INSPECT)
    if state == "large":
        window.show_mode(Mode.TRAIN)


def dark_palette() -> QPalette:
    """Return a palette of light text on dark."""
    from PySide6.QtGui import QColor, QPalette

    return QPalette(QColor("#333333"), QColor("#252525"))


def take(state: str, file: Path) -> None:
    """Take one picture in this process."""
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QApplication

    width, height, _, dark = STATES[state]
    app = QApplication(sys.argv[:1])
    if dark:
        app.setPalette(dark_palette())  # what the system's own scheme does, where there is one
    from anomaly_gui.gui.app import prepare_application
    from anomaly_gui.gui.main_window import MainWindow

    prepare_application(app)
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary, "images of the sample")  # what the inspector has room to show
        place.mkdir()
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, temporary)
        window = MainWindow(place)
        window.resize(width, height)
        window.show()
        bring_to(window, state)
        settle(0.05 if state == "training" else 1.0)
        window.grab().save(str(file))
        window.services.projects.start_untitled()  # of what was shown nothing is to be saved
        window.close()


def take_all(states: Iterable[str], folder: Path) -> None:
    """Take a picture of each of these states, in a process of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for state in states:
        environment = {**os.environ, "QT_SCALE_FACTOR": str(STATES[state][2])}
        if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")):
            environment["QT_QPA_PLATFORM"] = "offscreen"
        command = [sys.executable, __file__, str(folder), "--alone", state]
        print(state, flush=True)
        subprocess.run(command, env=environment, check=True)


def take_help_pictures() -> None:
    """Take the pictures that the help pages show, each under its name there."""
    with tempfile.TemporaryDirectory() as temporary:
        take_all(IN_HELP_PAGES, Path(temporary))
        for state, name in IN_HELP_PAGES.items():
            shutil.copyfile(Path(temporary, f"{state}.png"), HELP_PICTURES / name)


def main() -> None:
    """Take all pictures, or those asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--only", nargs="*", choices=STATES, default=list(STATES))
    parser.add_argument("--help-pages", action="store_true", help="those that the help pages show")
    parser.add_argument("--alone", choices=STATES, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.help_pages:
        take_help_pictures()
    elif asked.folder is None:
        parser.error("say which folder the pictures go to")
    elif asked.alone:
        take(asked.alone, asked.folder / f"{asked.alone}.png")
    else:
        take_all(asked.only, asked.folder)


if __name__ == "__main__":
    main()
