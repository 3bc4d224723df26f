"""Maps of images that have none yet, such as those of the training, made when they are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Slot

from anomaly_gui.detection.settings.detector_kinds import DETECTORS

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.model.image_result import ImageResult
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.workshop import Workshop

_LOOKED_AT = 200  # milliseconds: who goes on at once needs no map


class MissingMaps(QObject):
    """Asks for the map of the selected image while nothing else is at work; its score stays as it was."""

    def __init__(self, session: Session, workshop: Workshop, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._workshop = session, workshop
        self._tried: set[Path] = set()
        self._table = session.table
        self._timer = QTimer(self, singleShot=True, interval=_LOOKED_AT)
        self._timer.timeout.connect(self._on_looked_at)
        session.selection_changed.connect(self._timer.start)
        session.images_replaced.connect(self._on_images_replaced)
        workshop.idle.connect(self._timer.start)

    @Slot()
    def _on_images_replaced(self) -> None:
        self._tried.clear()

    @Slot()
    def _on_looked_at(self) -> None:
        selection = self._session.selection
        if selection and not self._workshop.is_busy and self._is_missing(selection[0]):
            path = self._session.table.paths[selection[0]]
            self._tried.add(path)
            self._table = self._session.table
            self._workshop.judge_again(path).scored.connect(self._on_scored)

    def _is_missing(self, row: int) -> bool:
        session, table = self._session, self._session.table
        if session.model is None or not DETECTORS[session.model.detector].has_map:
            return False
        can_have = table.maps[row] is None and bool(np.isfinite(table.scores[row]))
        return can_have and table.paths[row] not in self._tried

    @Slot(object)
    def _on_scored(self, images: tuple[ImageResult, ...]) -> None:
        if self._table is not self._session.table:
            return  # another model came meanwhile
        for image in images:
            self._session.add_map(image)
