"""Models and results as files: opening, saving, exporting, and what would be lost."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from anomaly_gui.errors import UserError
from anomaly_gui.gui.work.exports import export_csv, export_picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from anomaly_gui.gui.state.preferences import Preferences
    from anomaly_gui.gui.state.said.remarks import Remarks
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.workshop import Workshop

ENDING = ".anomaly"


class Documents(QObject):
    """The file of the model in use, and the dialogs that ask for files."""

    changed = Signal()  # the model in use has another file, or the recent ones changed
    said = Signal(str)
    problem_met = Signal(str)
    close_requested = Signal()  # what was to be saved before closing is saved

    def __init__(
        self, window: QWidget, session: Session, workshop: Workshop, preferences: Preferences
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._workshop = window, session, workshop
        self._preferences = preferences
        self._closes_when_saved = False
        self.file: Path | None = None
        self.remarks: Remarks | None = None  # exported beside the verdicts
        workshop.trained.connect(self._on_trained)
        workshop.updated.connect(self._on_trained)
        workshop.opened.connect(self._use_file)
        workshop.saved.connect(self._on_saved)
        workshop.problem_met.connect(self._stay_open)
        workshop.crashed.connect(self._stay_open)

    @property
    def name(self) -> str:
        """What the model in use is called; empty while there is none."""
        if self.file is not None:
            return self.file.name
        return self.tr("new model") if self._session.model is not None else ""

    # Opening and saving

    def open_model(self, file: Path) -> None:
        """Open a model file, unless one that is not saved should stay."""
        if self.may_replace_model():
            self._workshop.open_file(file)

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
        """Ask about a model that is not saved; tell whether it may go."""
        return (
            not self._session.is_unsaved or self._ask_about_unsaved(0) == QMessageBox.StandardButton.Discard
        )

    def may_close(self) -> bool:
        """Ask about a model that is not saved; when it is to be saved, `close_requested` comes afterwards."""
        if not self._session.is_unsaved:
            return True
        answer = self._ask_about_unsaved(QMessageBox.StandardButton.Save)
        if answer == QMessageBox.StandardButton.Save:
            self._closes_when_saved = True
            self.save_model()
        return answer == QMessageBox.StandardButton.Discard

    def _ask_about_unsaved(self, more: QMessageBox.StandardButton | int) -> QMessageBox.StandardButton:
        buttons = QMessageBox.StandardButton
        return QMessageBox.question(
            self._window,
            self.tr("The model is not saved"),
            self.tr("The model or its threshold is not saved. Let it go?"),
            buttons.Discard | buttons.Cancel | more,
            buttons.Cancel,
        )

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
            self.write_export(partial(export_csv, remarks=self.remarks), Path(name))

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
