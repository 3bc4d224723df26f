"""Models and results as files: opening, saving, exporting."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QWidget

from anomaly_gui.errors import UserError
from anomaly_gui.gui.state.project.carrying import has_judged
from anomaly_gui.gui.state.project.window_folder import WindowFolder
from anomaly_gui.gui.work.exports import export_csv, export_picture
from anomaly_gui.gui.work.leaving import DISCARD, SAVE
from anomaly_gui.project.document import ProjectDocument

if TYPE_CHECKING:
    from collections.abc import Callable

    from anomaly_gui.gui.state.preferences import Preferences
    from anomaly_gui.gui.state.project.project_state import ProjectState
    from anomaly_gui.gui.state.said.remarks import Remarks
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.leaving import Leaving
    from anomaly_gui.gui.work.workshop import Workshop

ENDING = ".anomaly"
_FIRST = "0001"


class Documents(QObject):
    """The file of the model in use, and the dialogs that ask for files."""

    changed = Signal()  # the model in use has another file, or the recent ones changed
    said = Signal(str)
    problem_met = Signal(str)
    close_requested = Signal()  # what was to be saved before closing is saved

    def __init__(
        self,
        window: QWidget,
        session: Session,
        workshop: Workshop,
        preferences: Preferences,
        project: ProjectState,
        leaving: Leaving,
        remarks: Remarks,
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._workshop = window, session, workshop
        self._preferences, self._project, self._leaving = preferences, project, leaving
        self._remarks = remarks  # exported beside the verdicts
        self._next: WindowFolder | None = None
        self._closes_when_saved = False
        self.file: Path | None = None
        workshop.trained.connect(self._on_trained)
        workshop.updated.connect(self._on_trained)
        workshop.opened.connect(self._use_file)
        workshop.saved.connect(self._on_saved)
        workshop.problem_met.connect(self._stay_open)
        workshop.crashed.connect(self._stay_open)

    @property
    def name(self) -> str:
        """What the project, or else the model in use, is called; empty while there is neither."""
        if self._project.name:
            return self._project.name
        if self.file is not None:
            return self.file.name
        return self.tr("new model") if self._session.model is not None else ""

    # Opening and saving

    def open_model(self, file: Path) -> None:
        """Open a model file, in a project of its own, unless what is not saved should stay."""
        if not self.may_replace_model():
            return
        self._workshop.runner.forget_tasks()
        if self._next is not None:
            self._next.remove_folder()  # of a file that could not be opened
        self._next = WindowFolder.make_folder(self._project.data_folder)
        self._workshop.open_file(file, self._next.project.find_model_file(_FIRST))

    def take_own_project(self) -> None:
        """Go to the project that was begun for the model that was opened."""
        model, begun = self._session.model, self._next
        if begun is not None and model is not None and model.file.parent == begun.project.models:
            self._next = None
            self._project.take_untitled(begun, ProjectDocument())

    def close(self) -> None:
        """Remove what was begun for a model that was not opened."""
        if self._next is not None:
            self._next.remove_folder()

    @Slot()
    def ask_and_open(self) -> None:
        """Ask for a model file and open it."""
        name, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Open a model"), "", self._describe_models()
        )
        if name:
            self.open_model(Path(name))

    @Slot()
    def open_recent(self) -> None:
        """Open the model of the menu's entry."""
        action = self.sender()
        if isinstance(action, QAction):
            self.open_model(Path(str(action.data())))

    @Slot()
    def save_model(self) -> None:
        """Save the model where it came from, or ask where."""
        if self.file is None:
            self.save_as()
        else:
            self._workshop.save_model(self.file)

    @Slot()
    def save_as(self) -> None:
        """Ask where to save the model."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save the model"), "", self._describe_models()
        )
        if not name:
            self._stay_open()
            return
        file = Path(name)
        self._workshop.save_model(file if file.suffix else file.with_suffix(ENDING))

    def _describe_models(self) -> str:
        return self.tr("Models (*%1)").replace("%1", ENDING)

    def take_restored(self, file: Path | None) -> None:
        """Note the file of a model that is restored; None for one that was never saved."""
        self.file = file
        self.changed.emit()

    @Slot(object)
    def _on_trained(self, result: object) -> None:  # noqa: ARG002 - the signal's signature
        self.file = None
        self.changed.emit()

    @Slot(object)
    def _on_saved(self, file: Path) -> None:
        self._use_file(file)
        self._say_saved(file)
        if self._closes_when_saved:
            self._stay_open()
            self.close_requested.emit()

    @Slot(object)
    def _use_file(self, file: Path) -> None:
        self.file = file
        self._preferences.add_recent_model(file)
        self.changed.emit()

    # What would be lost

    def may_replace_model(self) -> bool:
        """Ask about what is in no project; tell whether it may go."""
        return self._leaving.may_leave()

    def may_close(self) -> bool:
        """Ask about what would be lost; what has to be saved first has `close_requested` come afterwards."""
        leaving, runner = self._leaving, self._workshop.runner
        if not leaving.is_at_risk:
            return True
        with runner.held():
            answer = leaving.ask_what_to_do()
            may_close = answer == DISCARD or (answer == SAVE and self._save_before_closing())
            if may_close:
                runner.forget_tasks()
        return may_close

    def _save_before_closing(self) -> bool:
        """Save what there is; return whether the window may close already."""
        if self.file is None or has_judged(self._session):
            return self._leaving.save_project()
        self._closes_when_saved = True
        self.save_model()
        return False

    @Slot()
    def _stay_open(self) -> None:
        self._closes_when_saved = False

    # Exports

    @Slot()
    def export_table(self) -> None:
        """Ask for a file and write the table to it."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Export the table"), "scores.csv", "CSV (*.csv)"
        )
        if name:
            self.write_export(partial(export_csv, remarks=self._remarks), Path(name))

    @Slot()
    def export_plot(self) -> None:
        """Ask for a file and draw the scatter into it."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Export the plot"), "scatter.png", "PNG (*.png);;SVG (*.svg)"
        )
        if name:
            self.write_export(partial(export_picture, title=self.name), Path(name))

    def write_export(self, write: Callable[..., None], file: Path) -> None:
        """Write what is shown to a file, and say how it went."""
        try:
            write(self._session, file=file)
        except UserError as error:
            self.problem_met.emit(str(error))
        else:
            self._say_saved(file)

    def _say_saved(self, file: Path) -> None:
        self.said.emit(self.tr("Saved to %1.").replace("%1", str(file)))
