"""What the window remembers from one start to the next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

_RECENT = 8


class Preferences:
    """Recent projects and models, and the layout of the window, in the system's place for settings."""

    def __init__(self) -> None:
        self._settings = QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "anomaly-gui", "anomaly-gui"
        )

    @property
    def recent_models(self) -> list[Path]:
        """The models used last, newest first."""
        return [Path(text) for text in self._read_texts("recent_models")]

    def add_recent_model(self, file: Path) -> None:
        """Put a model first in the list."""
        texts = [str(file), *(str(path) for path in self.recent_models if path != file)]
        self._settings.setValue("recent_models", texts[:_RECENT])

    @property
    def recent_projects(self) -> list[Path]:
        """The projects used last, newest first."""
        return [Path(text) for text in self._read_texts("recent_projects")]

    def add_recent_project(self, folder: Path) -> None:
        """Put a project first in the list."""
        texts = [str(folder), *(str(path) for path in self.recent_projects if path != folder)]
        self._settings.setValue("recent_projects", texts[:_RECENT])

    @property
    def recent_stations(self) -> list[Path]:
        """The stations used last, by the files of their lines or by their records, newest first."""
        return [Path(text) for text in self._read_texts("recent_stations")]

    def add_recent_station(self, path: Path) -> None:
        """Put a station first in the list."""
        texts = [str(path), *(str(other) for other in self.recent_stations if other != path)]
        self._settings.setValue("recent_stations", texts[:_RECENT])

    def forget(self, name: str) -> None:
        """Forget what was remembered under a name."""
        self._settings.remove(name)

    def read_folders(self, name: str) -> tuple[Path, ...]:
        """Return the folders that were chosen last for a purpose."""
        return tuple(Path(text) for text in self._read_texts(f"folders/{name}"))

    def set_folders(self, name: str, paths: tuple[Path, ...]) -> None:
        """Remember folders."""
        self._settings.setValue(f"folders/{name}", [str(path) for path in paths])

    def read_text(self, name: str) -> str:
        """Return a text that was remembered; empty for none."""
        return str(self._settings.value(name, ""))

    def set_text(self, name: str, text: str) -> None:
        """Remember a text."""
        self._settings.setValue(name, text)

    def is_on(self, name: str, *, default: bool) -> bool:
        """Return whether something that can be switched was on."""
        return bool(self._settings.value(name, default, type=bool))

    def set_on(self, name: str, on: bool) -> None:
        """Remember whether something is switched on."""
        self._settings.setValue(name, on)

    def _read_texts(self, name: str) -> list[str]:
        value = self._settings.value(name, [])
        texts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        return [str(text) for text in texts]

    def save_layout(self, window: QMainWindow, name: str = "") -> None:
        """Remember where a window and its panels are; the main window has no name."""
        self._settings.setValue(f"{name}geometry", window.saveGeometry())
        self._settings.setValue(f"{name}state", window.saveState())

    def restore_layout(self, window: QMainWindow, name: str = "") -> None:
        """Put a window and its panels where they were."""
        for kind, restore in (("geometry", window.restoreGeometry), ("state", window.restoreState)):
            value = self._settings.value(f"{name}{kind}")
            if isinstance(value, QByteArray):
                restore(value)
