"""A place for a project: it is copied there with all it has, and goes on there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from anomaly_gui.errors import UserError
from anomaly_gui.gui.state.project.carrying import move_model
from anomaly_gui.project.folder import ENDING, copy_project

if TYPE_CHECKING:
    from anomaly_gui.gui.state.preferences import Preferences
    from anomaly_gui.gui.state.project.project_state import ProjectState
    from anomaly_gui.gui.state.session import Session


class ProjectSaving(QObject):
    """Asks where a project shall be, and brings it there."""

    saved = Signal()
    said = Signal(str)
    problem_met = Signal(str)

    def __init__(
        self, window: QWidget, session: Session, project: ProjectState, preferences: Preferences
    ) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self._project, self._preferences = project, preferences

    def ask_for_place(self, title: str) -> Path | None:
        """Ask where a project shall be; None where nothing was chosen."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, title, "", self.tr("Projects (*%1)").replace("%1", ENDING)
        )
        if not name:
            return None
        path = Path(name).absolute()
        return path if path.suffix == ENDING else path.with_name(path.name + ENDING)

    @Slot()
    def save_as(self) -> bool:
        """Ask for a place and go on there; return whether that was done."""
        path = self.ask_for_place(self.tr("Save the project"))
        return path is not None and self.save_in(path)

    @Slot()
    def duplicate(self) -> None:
        """Ask for a place and copy the project there; the one in use stays."""
        path = self.ask_for_place(self.tr("Duplicate the project"))
        if path is not None and self._copy_to(path):
            self._preferences.add_recent_project(path)
            self.said.emit(self.tr("A copy of the project is in %1.").replace("%1", str(path)))
            self.saved.emit()

    def save_in(self, path: Path) -> bool:
        """Bring the project to a place and go on there; return whether that was done."""
        if not self._copy_to(path):
            return False
        folder = replace(self._project.folder, path=path)
        try:
            document, lock = folder.read(), self._project.lock_folder(folder)
        except UserError as error:
            self.problem_met.emit(str(error))
            return False
        if document.current is not None:
            move_model(self._session, folder.find_model_file(document.current))
        self._project.take_folder(folder, document, lock, goes_on=True)
        self._preferences.add_recent_project(path)
        self.said.emit(
            self.tr("The project is in %1; what you do is kept there at once.").replace("%1", str(path))
        )
        self.saved.emit()
        return True

    def _copy_to(self, path: Path) -> bool:
        document = replace(self._project.document, name=path.stem)
        try:
            copy_project(self._project.folder, document, path)
        except UserError as error:
            self.problem_met.emit(str(error))
            return False
        return True
