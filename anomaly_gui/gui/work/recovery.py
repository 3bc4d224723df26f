"""After a crash: what the window that ended without closing had open is opened again."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from anomaly_gui.gui.state.journal_record import JournalRecord, read_journal
from anomaly_gui.gui.state.window_folder import WindowFolder

if TYPE_CHECKING:
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.documents import Documents
    from anomaly_gui.gui.work.workshop import Workshop
    from anomaly_gui.worker.model_summary import ModelSummary


class Recovery(QObject):
    """Restores one folder that was left over."""

    restored = Signal()
    said = Signal(str)
    problem_met = Signal(str)

    def __init__(
        self, data_folder: Path, session: Session, workshop: Workshop, documents: Documents, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._data_folder, self._session, self._workshop, self._documents = (
            data_folder,
            session,
            workshop,
            documents,
        )
        self._folder: WindowFolder | None = None
        self._record = JournalRecord()

    def restore_left_over(self) -> bool:
        """Open again what was left over, if anything was; return whether there is anything."""
        while (folder := WindowFolder.find_left_over(self._data_folder)) is not None:
            if folder.model_file.exists() and folder.journal_file.exists():
                self._folder, self._record = folder, read_journal(folder.journal_file)
                task = self._workshop.open_recovered(folder.model_file)
                task.finished.connect(self._on_opened)
                task.failed.connect(self._on_failed)
                task.crashed.connect(self._on_failed)  # it would crash again at every start
                return True
            folder.remove_folder()  # it had no model: there is nothing to restore
        return False

    @Slot(object)
    def _on_opened(self, model: ModelSummary) -> None:
        self._documents.take_restored(self._record.file)
        self._session.restore_state(model, self._record)
        if self._folder is not None:
            self._folder.remove_folder()
        self.restored.emit()
        self.said.emit(
            self.tr("The program ended without closing; model, threshold and labels are as they were.")
        )

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        """Put the folder where the next start does not try it again, and a person can find it."""
        if self._folder is None:
            return
        away = self._data_folder / "not restored" / self._folder.path.name
        away.parent.mkdir(parents=True, exist_ok=True)
        self._folder.unlock_folder()
        shutil.move(str(self._folder.path), away)
        self.problem_met.emit(
            self.tr("What was open cannot be restored; it is kept in %1. %2")
            .replace("%1", str(away))
            .replace("%2", sentence)
        )
