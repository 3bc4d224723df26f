"""Asking a station's camera, in a thread: for a picture, and which part comes next."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from anomaly_gui.gui.station.tasks import Tasks
from anomaly_gui.station.asking import ask_for_picture, note_scan

if TYPE_CHECKING:
    from anomaly_gui.gui.station.feed.place import StationPlace


class CameraDesk(QObject):
    """Asks one after the other, and says what came of it."""

    said = Signal(str)
    done = Signal()
    asking = Signal(bool)  # whether a picture is awaited

    def __init__(self, place: StationPlace, parent: QObject) -> None:
        super().__init__(parent)
        self._settings, self._tasks = place.settings, Tasks(self)

    @Slot(str)
    def note_scan(self, code: str) -> None:
        """Name the part of the next picture; an empty code names none."""
        if self._settings is not None:
            work = partial(note_scan, self._settings, code)
            self._tasks.start(work, lambda _: self._on_scanned(code), self.said.emit, may_be_left=True)

    def _on_scanned(self, code: str) -> None:
        text = self.tr("“%1” goes with the next picture.").replace("%1", code)
        self.said.emit(text if code else self.tr("No code goes with the next picture."))
        self.done.emit()

    @Slot()
    def ask_for_picture(self) -> None:
        """Let a picture be taken."""
        if self._settings is not None:
            self.asking.emit(True)
            work = partial(ask_for_picture, self._settings)
            self._tasks.start(work, self._on_taken, self._on_not_taken, may_be_left=True)

    def _on_taken(self, name: str) -> None:
        self.asking.emit(False)
        self.said.emit(self.tr("A picture was taken: %1").replace("%1", name))
        self.done.emit()

    def _on_not_taken(self, why: str) -> None:
        self.asking.emit(False)
        self.said.emit(why)

    def close(self) -> None:
        """Wait for no picture; what was to be asked after it is not."""
        self._tasks.close()
