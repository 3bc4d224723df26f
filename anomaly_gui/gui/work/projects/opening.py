"""Projects: made, opened, and which of a project's models is in use."""

from __future__ import annotations

import getpass
import shutil
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QWidget

from anomaly_gui.errors import UserError
from anomaly_gui.gui.state.image_table import Origin
from anomaly_gui.gui.state.journal_record import JournalRecord, read_journal
from anomaly_gui.gui.state.project.carrying import carry_over, move_model, take_carried
from anomaly_gui.gui.work.projects.recent_projects import COVER
from anomaly_gui.project.document import ModelEntry, ProjectDocument
from anomaly_gui.project.folder import ENDING, ProjectFolder, make_project

if TYPE_CHECKING:
    from anomaly_gui.gui.state.carried import Carried
    from anomaly_gui.gui.state.journal import Journal
    from anomaly_gui.gui.state.preferences import Preferences
    from anomaly_gui.gui.state.project.project_state import ProjectState
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.documents import Documents
    from anomaly_gui.gui.work.leaving import Leaving
    from anomaly_gui.gui.work.projects.project_saving import ProjectSaving
    from anomaly_gui.gui.work.workshop import Workshop
    from anomaly_gui.worker.model_summary import ModelSummary


@dataclass(frozen=True)
class ProjectParts:
    """What projects need of a window."""

    session: Session
    project: ProjectState
    workshop: Workshop
    journal: Journal
    documents: Documents
    leaving: Leaving
    saving: ProjectSaving
    preferences: Preferences


class Projects(QObject):
    """Opens projects, and keeps the list of their models."""

    opened = Signal()  # a model of a project is in use, with all that was judged by it
    changed = Signal()  # the recent projects, or the name of this one
    problem_met = Signal(str)

    def __init__(self, window: QWidget, parts: ProjectParts) -> None:
        super().__init__(window)
        self._window, self._parts = window, parts
        self._session, self._project, self._workshop = parts.session, parts.project, parts.workshop
        self._carried: Carried | None = None
        for signal, slot in (
            (self._workshop.trained, self._on_trained),
            (self._workshop.updated, self._on_updated),
            (self._workshop.opened, self._on_model_opened),
        ):
            signal.connect(slot)
        parts.saving.saved.connect(self.changed)
        self._project.opened.connect(self.changed)

    # Projects

    @Slot()
    def ask_and_make(self) -> None:
        """Ask for a place, and begin a project there."""
        if not self._parts.leaving.may_leave():
            return
        path = self._parts.saving.ask_for_place(self.tr("New project"))
        if path is not None:
            self.make_project(path)

    def make_project(self, path: Path) -> None:
        """Begin a project in a place."""
        try:
            make_project(path, ProjectDocument(name=path.stem))
        except UserError as error:
            self.problem_met.emit(str(error))
        else:
            self.open_folder(path)

    @Slot()
    def ask_and_open(self) -> None:
        """Ask for a project and open it."""
        name = QFileDialog.getExistingDirectory(
            self._window, self.tr("Open a project (a folder NAME%1)").replace("%1", ENDING)
        )
        if name:
            self.open_project(Path(name))

    @Slot()
    def open_recent(self) -> None:
        """Open the project of the menu's entry."""
        action = self.sender()
        if isinstance(action, QAction):
            self.open_project(Path(str(action.data())))

    @Slot(object)
    def open_project(self, path: Path) -> None:
        """Open a project, unless there is something that should stay."""
        if path.absolute() == self._project.folder.path or not self._parts.leaving.may_leave():
            return
        self.open_folder(path)

    def open_folder(self, path: Path) -> None:
        """Open a project in place of what there is."""
        path = path.absolute()
        folder = ProjectFolder(path)
        try:
            document = folder.read()
            lock = self._project.lock_folder(folder)
        except UserError as error:
            self.problem_met.emit(str(error))
            return
        self.leave_project()
        self._project.take_folder(folder, document, lock)
        self._parts.preferences.add_recent_project(path)
        self.changed.emit()
        if document.current is not None:
            self._open_model(document.current)

    def leave_project(self) -> None:
        """End what is at work, and show nothing."""
        self._workshop.runner.forget_tasks()
        self._carried = None
        self._session.forget_model()
        self._parts.documents.take_restored(None)

    def start_untitled(self) -> None:
        """Begin a project with nothing in it and no place of its own."""
        self.leave_project()
        self._project.start_untitled()

    @Slot()
    def save(self) -> None:
        """Save what is in no file yet: the model where it came from, or else the project."""
        documents, project = self._parts.documents, self._project
        if documents.file is not None:
            documents.save_model()
        elif project.is_untitled:
            self._parts.saving.save_as()
        else:
            text = self.tr("All you do is kept in %1 at once.")
            self._parts.saving.said.emit(text.replace("%1", str(project.folder.path)))

    # Models

    def use_model(self, name: str) -> None:
        """Go to another model of the project: labels stay, and what it has not judged yet it judges."""
        if self._session.model is not None and self._project.document.current != name:
            self._carried = carry_over(self._session)
            self._open_model(name)

    def set_note(self, name: str, note: str) -> None:
        """Keep a note on a model."""
        self._project.set_document(self._project.document.with_note(name, note))

    def _open_model(self, name: str) -> None:
        task = self._workshop.open_kept(self._project.folder.find_model_file(name))
        task.finished.connect(self._on_kept_opened)

    @Slot(object)
    def _on_kept_opened(self, model: ModelSummary) -> None:
        self.take_kept(model, self._carried)
        self._carried = None

    def take_kept(self, model: ModelSummary, carried: Carried | None = None) -> JournalRecord:
        """Take a model of the project with what was judged by it; `carried` is what came since."""
        journal = self._project.folder.find_journal_file(model.file.stem)
        record = read_journal(journal) if journal.exists() else JournalRecord(is_new=False)
        with self._parts.journal.paused():
            self._parts.documents.take_restored(record.file)
            self._session.restore_state(model, record)
            if carried is not None:
                take_carried(self._session, carried)
        if carried is not None:
            self._parts.journal.start_again()
        self._project.update(current=model.file.stem)
        self.opened.emit()
        self._workshop.judge_waiting()
        return record

    @Slot(object)
    def _on_trained(self, result: object) -> None:  # noqa: ARG002 - the signal's signature
        defects = int((self._session.table.origins == Origin.KNOWN_DEFECTS).sum())
        self._note_model("trained", defects)

    @Slot(object)
    def _on_updated(self, result: object) -> None:  # noqa: ARG002 - the signal's signature
        self._note_model("updated", None)

    @Slot(object)
    def _on_model_opened(self, file: Path) -> None:  # noqa: ARG002 - the signal's signature
        self._parts.documents.take_own_project()
        self._note_model("opened", None)

    def _note_model(self, how: str, defects: int | None) -> None:
        """Put the model in use on the project's list."""
        model = self._session.model
        if model is None:
            return
        if model.file.parent != self._project.folder.models:  # the project got a place meanwhile
            file = self._project.name_model_file()
            shutil.copyfile(model.file, file)
            move_model(self._session, file)
            self._parts.journal.start_again()
            model = replace(model, file=file)
        document = self._project.document.with_model(describe_model(model, how, defects))
        cover = next((str(one.path) for one in model.training.images), "")
        self._project.set_document(replace(document, more={**document.more, COVER: cover}))


def describe_model(model: ModelSummary, how: str, defects: int | None) -> ModelEntry:
    """Return what a project's list says of a model that just came."""
    return ModelEntry(
        name=model.file.stem,
        when=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        who=getpass.getuser(),
        how=how,
        detector=model.detector,
        good=len(model.training.images),
        calibration=len(model.training.calibration),
        defects=defects,
    )
