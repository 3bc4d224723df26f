"""What is dropped, pasted or chosen: models are opened, images judged, good ones offered for training."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.gui.work.documents import ENDING
from anomaly_gui.project.folder import ENDING as PROJECT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.gui.state.operator.operator_state import OperatorState
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.documents import Documents
    from anomaly_gui.gui.work.projects.opening import Projects
    from anomaly_gui.gui.work.workshop import Workshop


LINE = ".toml"
"""How files end that hold the settings of a station's line."""


class Intake(QObject):
    """Takes files and folders, whichever way they come."""

    good_offered = Signal(object)  # a tuple of paths to learn from
    stations_offered = Signal(object)  # files of lines

    def __init__(
        self,
        window: QWidget,
        session: Session,
        workshop: Workshop,
        documents: Documents,
        projects: Projects,
        operator: OperatorState,
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._projects = window, session, projects
        self._operator = operator
        self._workshop, self._documents = workshop, documents

    def take_paths(self, paths: Sequence[Path]) -> None:
        """Do the obvious with files and folders: open a project or a model, score, or learn."""
        projects = [path for path in paths if path.suffix.lower() == PROJECT]
        models = [path for path in paths if path.suffix.lower() == ENDING]
        stations = [path for path in paths if path.suffix.lower() == LINE]
        others = tuple(path for path in paths if path not in models)
        if (projects or models or stations) and self._operator.is_locked:
            self._operator.refused.emit(
                self.tr("The operator's view is locked: projects and models are opened by who has its PIN.")
            )
        elif projects:
            self._projects.open_project(projects[0])
        elif models:
            self._documents.open_model(models[0])
        elif stations:
            self.stations_offered.emit(stations)
        elif others and self._session.model is not None:
            self._workshop.score_images(others, part=self._operator.take_part())
        elif others:
            self.good_offered.emit(others)

    def describe_paths(self, paths: Sequence[Path]) -> str:
        """Say what `take_paths` would do with files and folders."""
        projects = [path for path in paths if path.suffix.lower() == PROJECT]
        models = [path for path in paths if path.suffix.lower() == ENDING]
        stations = [path for path in paths if path.suffix.lower() == LINE]
        if (projects or models or stations) and self._operator.is_locked:
            return self.tr("The operator's view is locked")
        if projects:
            return self.tr("Open the project %1").replace("%1", projects[0].stem)
        if models:
            return self.tr("Open the model %1").replace("%1", models[0].name)
        if stations:
            return self.tr("Open the station of %1").replace("%1", stations[0].name)
        if self._session.model is not None:
            return self.tr("Judge with the model in use")
        return self.tr("Take as good images to learn from")

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
