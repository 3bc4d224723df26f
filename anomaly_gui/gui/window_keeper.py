"""Makes the window, and makes it anew in another language: what is open goes on in the new one."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_data_path
from PySide6.QtCore import QObject, Qt, Slot

from anomaly_gui.gui.help.help_window import renew_help_window
from anomaly_gui.gui.main_window import MainWindow
from anomaly_gui.gui.state.display.languages import (
    LANGUAGE,
    explain_missing_letters,
    find_chosen_language,
    speak_language,
)
from anomaly_gui.language import find_language
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from anomaly_gui.gui.state.mode import Mode
    from anomaly_gui.worker.jobs.training import Trained

_LEAST_ROOM = 100_000  # bytes: less is as good as a full disk


@dataclass(frozen=True)
class View:
    """What a window shows of its project."""

    mode: Mode
    selected: tuple[Path, ...]
    tab: int
    trained: Trained | None

    @classmethod
    def of(cls, window: MainWindow) -> View:
        """Return what a window shows now."""
        paths = window.session.table.paths
        selected = tuple(paths[row] for row in window.session.selection)
        return cls(window.mode, selected, window.center.tabs.currentIndex(), window.retraining.last)

    def show_in(self, window: MainWindow) -> None:
        """Let another window show the same, as far as it has it."""
        rows = {path: row for row, path in enumerate(window.session.table.paths)}
        window.session.select_rows([rows[path] for path in self.selected if path in rows])
        window.center.tabs.setCurrentIndex(self.tab)
        model = window.session.model
        if self.trained is not None and model is not None and self.trained.view.file.name == model.file.name:
            window.panel.show_trained(self.trained)
            window.retraining.on_trained(self.trained)
        window.show_mode(self.mode)


class WindowKeeper(QObject):
    """Has the one window of the program.

    Windows that were replaced are kept to the end: those of Python's and of Qt's half do not survive to be
    taken apart in any order.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.replaced: list[MainWindow] = []
        self._view: View | None = None
        place = user_data_path("anomaly-gui", appauthor=False)
        why = find_obstacle(place)
        self.window = self._make_window(Path(tempfile.mkdtemp(prefix="anomaly-gui-")) if why else place)
        if why:
            text = self.tr(
                "%1 cannot be written (%2): nothing is kept for after a crash; save what you make."
            )
            self.window.status_line.show_text(text.replace("%1", str(place)).replace("%2", why))

    def _make_window(self, data_folder: Path) -> MainWindow:
        window = MainWindow(data_folder)
        window.languages.chosen.connect(self.choose_language)
        queued = Qt.ConnectionType.QueuedConnection  # what the opening itself shows comes first
        window.services.projects.opened.connect(self._show_view, queued)
        return window

    @Slot(str)
    def choose_language(self, chosen: str) -> None:
        """Speak the language that is chosen, unless something is at work or its letters are missing."""
        language = find_chosen_language(chosen)
        refusal = explain_missing_letters(language)
        if self.window.workshop.is_working:
            refusal = self.tr(
                "The language cannot change while something is at work: wait for its end, or stop it."
            )
        if refusal:
            self.window.languages.show_chosen()
            self.window.status_line.show_text(refusal)
            return
        self.window.preferences.set_text(LANGUAGE, chosen)
        if language != find_language():
            speak_language(language)
            self._replace_window()

    def _replace_window(self) -> None:
        old = self.window
        if (typing := old.focusWidget()) is not None:
            typing.clearFocus()  # what is typed there is taken
        self._view = View.of(old)
        old.preferences.save_layout(old)
        self.window = self._make_window(old.services.project.data_folder)
        self.window.show()  # before the old one goes: the program ends with its last window
        if stations := old.stations.hand_over():
            self.window.stations.open_stations(stations)
        old.hands_over = True
        old.close()
        self.replaced.append(old)
        renew_help_window()
        self.window.services.recovery.take_handed_over(old.services.project.own.path)
        if old.session.model is None:
            self._show_view()

    @Slot()
    def _show_view(self) -> None:
        """Show what the window before showed, once, as soon as its model is there."""
        if self._view is not None:
            self._view.show_in(self.window)
            self._view = None


def find_obstacle(folder: Path) -> str:
    """Return why nothing can be kept in a folder, which is made if need be; nothing where all is well."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(bytes(_LEAST_ROOM))
    except OSError as error:
        return explain_os_error(error)
    return ""
