"""What the panel is asked for, kept in the project as it changes, and shown again when that is opened."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox

from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
from anomaly_gui.detection.settings.train_settings import SETTINGS
from anomaly_gui.errors import ParameterError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from anomaly_gui.gui.state.preferences import Preferences
    from anomaly_gui.gui.state.project.project_state import ProjectState
    from anomaly_gui.gui.train.model_panel import ModelPanel

_OLD_REGION = "region_of_interest"
_OLD_FOLDERS = {"good": "good", "calibration": "other_day", "defects": "defects"}


class ProjectChoices(QObject):
    """Stands between the panel and the project: folders, region of interest and settings."""

    def __init__(self, panel: ModelPanel, project: ProjectState) -> None:
        super().__init__(panel)
        self._panel, self._project = panel, project
        self._fields = {"good": panel.good, "calibration": panel.calibration, "defects": panel.defects}
        self._soon = QTimer(self, singleShot=True, interval=0)  # several fields may change at once
        self._soon.timeout.connect(self.keep_choices)
        for field in self._fields.values():
            field.changed.connect(self._keep_soon)
        panel.region.changed.connect(self._keep_soon)
        self._listen_to_form()
        project.opened.connect(self.show_choices)

    def _listen_to_form(self) -> None:
        for combo in self._panel.form.findChildren(QComboBox):
            combo.currentTextChanged.connect(self._keep_soon)
        for line in self._panel.form.findChildren(QLineEdit):
            line.textChanged.connect(self._keep_soon)
        for number in self._panel.form.findChildren(QSpinBox):
            number.valueChanged.connect(self._keep_soon)
        for real in self._panel.form.findChildren(QDoubleSpinBox):
            real.valueChanged.connect(self._keep_soon)

    @Slot()
    def _keep_soon(self) -> None:
        self._soon.start()  # not connected itself: it would take the values of fields for milliseconds

    @Slot()
    def keep_choices(self) -> None:
        """Write down what the panel asks for now."""
        self._soon.stop()
        values: dict[str, Any] = {name: field.paths for name, field in self._fields.items()}
        values["region"] = tuple(self._panel.region.region.to_values())
        try:
            settings = vars(self._panel.form.read_settings())
        except ParameterError:  # half of it is typed: what it was before is kept
            pass
        else:
            defaults = {name: declared.default for name, declared in SETTINGS.items()}
            values["settings"] = {name: value for name, value in settings.items() if value != defaults[name]}
        self._project.update(**values)

    @Slot()
    def show_choices(self) -> None:
        """Show what the project says; folders that are not there are shown, too, and warn."""
        document = self._project.document
        for name, field in self._fields.items():
            paths: tuple[Path, ...] = getattr(document, name)
            if paths != field.paths:
                field.set_paths(paths)
        self._panel.region.set_region(_read_region(list(document.region)))
        defaults = {name: declared.default for name, declared in SETTINGS.items()}
        self._panel.form.set_values({**defaults, **document.settings})
        self._panel.show_message("")

    def take_over(self, preferences: Preferences) -> None:
        """Take what an earlier version kept for all products, once: it becomes this project's."""
        for name, old in _OLD_FOLDERS.items():
            paths = tuple(path for path in preferences.read_folders(old) if path.exists())
            if paths:
                self._fields[name].set_paths(paths)
            preferences.forget(f"folders/{old}")
        if self._panel.good.paths:  # a region belongs to the images it was drawn on
            text = preferences.read_text(_OLD_REGION)
            self._panel.region.set_region(_parse_region(text))
        preferences.forget(_OLD_REGION)


def _parse_region(text: str) -> RegionOfInterest:
    try:
        return _read_region(json.loads(text or "[]"))
    except ValueError:  # the file of settings is anybody's to edit
        return RegionOfInterest()


def _read_region(values: Any) -> RegionOfInterest:
    try:
        return RegionOfInterest.from_values(values)
    except (ValueError, ParameterError):
        return RegionOfInterest()
