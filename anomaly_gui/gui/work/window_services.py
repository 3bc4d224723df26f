"""All of a window that is not seen: its session, its files, its worker, and what watches over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from anomaly_gui.gui.state.corrections import Corrections
from anomaly_gui.gui.state.journal import Journal
from anomaly_gui.gui.state.operator.operator_state import OperatorState
from anomaly_gui.gui.state.operator.shift_book import ShiftBook
from anomaly_gui.gui.state.preferences import Preferences
from anomaly_gui.gui.state.project.project_state import ProjectState
from anomaly_gui.gui.state.said.remarks import Remarks
from anomaly_gui.gui.state.session import Session
from anomaly_gui.gui.state.window_maps import WindowMaps
from anomaly_gui.gui.work.documents import Documents
from anomaly_gui.gui.work.intake import Intake
from anomaly_gui.gui.work.leaving import Leaving
from anomaly_gui.gui.work.pictures.badges import Badges
from anomaly_gui.gui.work.pictures.missing_maps import MissingMaps
from anomaly_gui.gui.work.pictures.pictures import Pictures
from anomaly_gui.gui.work.projects.opening import ProjectParts, Projects
from anomaly_gui.gui.work.projects.project_saving import ProjectSaving
from anomaly_gui.gui.work.projects.recent_projects import RecentProjects
from anomaly_gui.gui.work.projects.recovery import Recovery
from anomaly_gui.gui.work.promise_watch import PromiseWatch
from anomaly_gui.gui.work.updates import Updates
from anomaly_gui.gui.work.workshop import Workshop

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget


class WindowServices(QObject):
    """Makes them for one window. `data_folder` is a folder of our own, for all windows of this user."""

    def __init__(self, data_folder: Path, window: QWidget) -> None:
        super().__init__(window)
        self.session = Session(self)
        self.pictures = Pictures(self)
        self.preferences = Preferences()
        self.maps = WindowMaps(self.preferences, self)
        self.badges = Badges(self.maps, self)
        self.project = ProjectState(data_folder, self)
        self.workshop = Workshop(self.session, self.project.name_model_file, data_folder / "sample", self)
        self.updates = Updates(window, self.session, self.workshop)
        self.corrections = Corrections(self.session, self.project, self)
        self.remarks = Remarks(self.session, self.project, self)
        self.operator = OperatorState(self.preferences, self.project, self)
        self.shift = ShiftBook(self.project.folder.shifts, self.session, self)
        self.project.opened.connect(self._on_project_opened)
        self.workshop.judged_for_operator.connect(self.shift.note_rows)
        self.missing_maps = MissingMaps(self.session, self.workshop, self)
        self.watch = PromiseWatch(self.session, self.workshop, self)

        self._make_files(window)

    def _make_files(self, window: QWidget) -> None:
        """Make what asks for files and opens them."""
        session, project, workshop = self.session, self.project, self.workshop
        self.saving = ProjectSaving(window, session, project, self.preferences)
        self.leaving = Leaving(window, session, project, workshop.runner, self.saving.save_as)
        self.documents = Documents(
            window, session, workshop, self.preferences, project, self.leaving, self.remarks
        )
        self.journal = Journal(session, lambda: self.documents.file, self)
        self.documents.changed.connect(self.journal.write_model)
        self.projects = Projects(
            window,
            ProjectParts(
                session,
                project,
                workshop,
                self.journal,
                self.documents,
                self.leaving,
                self.saving,
                self.preferences,
            ),
        )
        self.intake = Intake(window, session, workshop, self.documents, self.projects, self.operator)
        self.recovery = Recovery(project, workshop, self.projects, self)
        self.recent = RecentProjects(self)

    @Slot()
    def _on_project_opened(self) -> None:
        self.shift.use_folder(self.project.folder.shifts)

    def close_all(self, *, hands_over: bool = False) -> None:
        """End the worker and every thread in order, and let go of the project, or leave it to a window."""
        self.corrections.close()
        self.recent.close()
        self.workshop.runner.close()
        self.pictures.close()
        self.documents.close()
        if hands_over:
            self.project.hand_over()
        else:
            self.project.close()
