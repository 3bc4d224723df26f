"""Good images added to the model in use, and images taken out of it; what was judged is judged again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from anomaly_gui.detection.datasets.updates.update_request import UpdateRequest
from anomaly_gui.gui.state.image_table import Origin
from anomaly_gui.wording import count_images, join_sentences

if TYPE_CHECKING:
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.workshop import Workshop
    from anomaly_gui.worker.jobs.updating import Updated


class Updates(QObject):
    """Asks for what is to be added or taken out, and says what became of it."""

    said = Signal(str)

    def __init__(self, window: QWidget, session: Session, workshop: Workshop) -> None:
        super().__init__(window)
        self._window, self._session, self._workshop = window, session, workshop
        workshop.updated.connect(self._on_updated)

    @Slot()
    def ask_for_good(self) -> None:
        """Ask for a folder of further good images, and add them to the model."""
        name = QFileDialog.getExistingDirectory(self._window, self.tr("Add good images to the model"))
        if name:
            self.add_images((Path(name),))

    def add_images(self, paths: tuple[Path, ...]) -> None:
        """Add folders and files of good images to the model."""
        self._update(UpdateRequest(added=paths))

    @Slot()
    def take_out_selected(self) -> None:
        """Take the selected images out of the model, those of them that it learned from."""
        table = self._session.table
        rows = [row for row in self._session.selection if table.origins[row] == Origin.TRAINING]
        if rows:
            self._update(UpdateRequest(without=tuple(table.paths[row] for row in rows)))
        else:
            self.said.emit(self.tr("Select an image that the model learned from, to take it out."))

    def _update(self, request: UpdateRequest) -> None:
        self._workshop.update_model(request)

    @Slot(object)
    def _on_updated(self, result: Updated) -> None:
        self.said.emit(self._describe(result))

    def _describe(self, result: Updated) -> str:
        found, images = result.findings, result.view.training.images
        parts = []
        if found.added:
            parts.append(self.tr("Added %1.").replace("%1", count_images(len(found.added))))
        if found.removed:
            parts.append(self.tr("Took out %1.").replace("%1", count_images(len(found.removed))))
        if found.copies:
            text = self.tr("Not added, as copies of others: %1.")
            parts.append(text.replace("%1", count_images(len(found.copies))))
        parts.append(self.tr("The model rests on %1 now.").replace("%1", count_images(len(images))))
        return join_sentences(*parts, *found.warnings)
