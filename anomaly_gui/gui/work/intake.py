"""What is dropped, pasted or chosen: models are opened, images judged, good ones offered for training."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.gui.work.documents import ENDING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.gui.state.operator.operator_state import OperatorState
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.documents import Documents
    from anomaly_gui.gui.work.workshop import Workshop


class Intake(QObject):
    """Takes files and folders, whichever way they come."""

    good_offered = Signal(object)  # a tuple of paths to learn from

    def __init__(
        self,
        window: QWidget,
        session: Session,
        workshop: Workshop,
        documents: Documents,
        operator: OperatorState,
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._operator = window, session, operator
        self._workshop, self._documents = workshop, documents

    def take_paths(self, paths: Sequence[Path]) -> None:
        """Do the obvious with files and folders: open a model, score images, or take good ones to learn."""
        models = [path for path in paths if path.suffix.lower() == ENDING]
        others = tuple(path for path in paths if path not in models)
        if models and self._operator.is_locked:
            self._operator.refused.emit(
                self.tr("The operator's view is locked: models are opened by who has its PIN.")
            )
        elif models:
            self._documents.open_model(models[0])
        elif others and self._session.model is not None:
            self._workshop.score_images(others, part=self._operator.take_part())
        elif others:
            self.good_offered.emit(others)

    @Slot()
    def ask_for_images(self) -> None:
        """Ask for images and score them."""
        names, _ = QFileDialog.getOpenFileNames(self._window, self.tr("Score images"))
        if names:
            self._workshop.score_images(tuple(map(Path, names)))

    @Slot()
    def ask_for_folder(self) -> None:
        """Ask for a folder and score it; labels come from the names of folders."""
        self._ask_for_folder(self.tr("Score a folder"), None)

    @Slot()
    def ask_for_good(self) -> None:
        """Ask for a folder of good parts and score it."""
        self._ask_for_folder(self.tr("Score a folder of good parts"), ImageLabel.GOOD)

    @Slot()
    def ask_for_defects(self) -> None:
        """Ask for a folder of defects and score it."""
        self._ask_for_folder(self.tr("Score a folder of defects"), ImageLabel.DEFECT)

    def _ask_for_folder(self, title: str, label: ImageLabel | None) -> None:
        name = QFileDialog.getExistingDirectory(self._window, title)
        if name:
            self._workshop.score_images((Path(name),), label)

    @Slot()
    def take_pasted(self) -> None:
        """Take the files on the clipboard."""
        urls = QGuiApplication.clipboard().mimeData().urls()
        self.take_paths([Path(url.toLocalFile()) for url in urls if url.isLocalFile()])
