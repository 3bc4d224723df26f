"""After a crash: what the window that ended without closing had open is opened again."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from anomaly_gui.errors import UserError
from anomaly_gui.gui.state.project.window_folder import WindowFolder
from anomaly_gui.gui.work.projects.opening import describe_model
from anomaly_gui.project.document import ModelEntry, ProjectDocument

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.gui.state.project.project_state import ProjectState
    from anomaly_gui.gui.work.projects.opening import Projects
    from anomaly_gui.gui.work.workshop import Workshop
    from anomaly_gui.worker.model_summary import ModelSummary

_FIRST = "0001"
_OLD_MODEL, _OLD_JOURNAL = "model.anomaly", "journal.jsonl"  # as earlier versions had them


class Recovery(QObject):
    """Restores one folder that was left over."""

    restored = Signal()
    said = Signal(str)
    problem_met = Signal(str)

    def __init__(
        self, project: ProjectState, workshop: Workshop, projects: Projects, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._project, self._workshop, self._projects = project, workshop, projects
        self._folder: WindowFolder | None = None
        self._document, self._says_why = ProjectDocument(), True

    def restore_left_over(self) -> bool:
        """Open again what was left over, if anything was; return whether there is anything."""
        while (folder := WindowFolder.find_left_over(self._project.data_folder)) is not None:
            if self._restore_folder(folder):
                return True
        return False

    def take_handed_over(self, path: Path) -> bool:
        """Open what another window of this program had open, and left in its folder; tell whether it was."""
        self._says_why = False
        folder = WindowFolder.lock_again(path)
        return folder is not None and self._restore_folder(folder)

    def _restore_folder(self, folder: WindowFolder) -> bool:
        opened = folder.read_opened()
        if opened is not None and opened.is_dir():
            folder.remove_folder()
            self._projects.open_folder(opened)
            return True
        if self._restore_untitled(folder):
            return True
        folder.remove_folder()  # there was nothing in it
        return False

    def _restore_untitled(self, folder: WindowFolder) -> bool:
        self._folder = folder
        try:
            _take_over_old(folder)
            self._document = folder.project.read()
        except (OSError, UserError) as error:
            if any(folder.project.models.glob("*.anomaly")):
                self._on_failed(str(error))
            return False
        if self._document.current is not None:
            task = self._workshop.open_kept(folder.project.find_model_file(self._document.current))
            task.finished.connect(self._on_opened)
            task.failed.connect(self._on_failed)
            task.crashed.connect(self._on_failed)  # it would crash again at every start
            return True
        if self._document != ProjectDocument():
            self._project.take_untitled(folder, self._document)
            return True
        return False

    @Slot(object)
    def _on_opened(self, model: ModelSummary) -> None:
        if self._folder is None:
            return
        entry = self._document.find_model(model.file.stem)
        if entry is None or not entry.detector:  # of an earlier version, which kept no list
            self._document = self._document.with_model(describe_model(model, "opened", None))
        self._project.take_untitled(self._folder, self._document)
        self._projects.take_kept(model)
        self.restored.emit()
        if self._says_why:
            self.said.emit(
                self.tr("The program ended without closing; model, threshold and labels are as they were.")
            )

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        """Put the folder where the next start does not try it again, and a person can find it."""
        if self._folder is None:
            return
        away = self._project.data_folder / "not restored" / self._folder.path.name
        away.parent.mkdir(parents=True, exist_ok=True)
        self._folder.unlock_folder()
        shutil.move(str(self._folder.path), away)
        self.problem_met.emit(
            self.tr("What was open cannot be restored; it is kept in %1. %2")
            .replace("%1", str(away))
            .replace("%2", sentence)
        )


def _take_over_old(folder: WindowFolder) -> None:
    """Make a project of what a window of an earlier version left; OSError, UserError where it cannot be."""
    model, journal = folder.path / _OLD_MODEL, folder.path / _OLD_JOURNAL
    project = folder.project
    if not model.exists():
        return
    project.models.mkdir(exist_ok=True)
    if journal.exists():
        journal.replace(project.find_journal_file(_FIRST))
    project.write(ProjectDocument().with_model(ModelEntry(_FIRST, "", "", "opened", "", 0)))
    model.replace(project.find_model_file(_FIRST))
