"""All of a window that is not seen: its session, its files, its worker, and what watches over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from anomaly_gui.gui.state.corrections import Corrections
from anomaly_gui.gui.state.journal import Journal
from anomaly_gui.gui.state.operator.operator_state import OperatorState
from anomaly_gui.gui.state.operator.shift_book import ShiftBook
from anomaly_gui.gui.state.preferences import Preferences
from anomaly_gui.gui.state.session import Session
from anomaly_gui.gui.state.window_folder import WindowFolder
from anomaly_gui.gui.state.window_maps import WindowMaps
from anomaly_gui.gui.work.badges import Badges
from anomaly_gui.gui.work.documents import Documents
from anomaly_gui.gui.work.intake import Intake
from anomaly_gui.gui.work.pictures import Pictures
from anomaly_gui.gui.work.promise_watch import PromiseWatch
from anomaly_gui.gui.work.recovery import Recovery
from anomaly_gui.gui.work.updates import Updates
from anomaly_gui.gui.work.workshop import Workshop

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget


class WindowServices(QObject):
    """Makes them for one window. `data_folder` is a folder of our own, for all windows of this user."""

    def __init__(self, data_folder: Path, window: QWidget) -> None:
        super().__init__(window)
        self.session = Session(self)
        self.pictures = Pictures(self)
        self.preferences = Preferences()
        self.maps = WindowMaps(self.preferences, self)
        self.badges = Badges(self.maps, self)
        self.folder = WindowFolder.make_folder(data_folder)
        self.workshop = Workshop(self.session, self.folder.model_file, data_folder / "sample", self)
        self.documents = Documents(window, self.session, self.workshop, self.preferences)
        self.operator = OperatorState(self.preferences, self)
        self.shift = ShiftBook(data_folder / "shifts", self.session, self)
        self.workshop.judged_for_operator.connect(self.shift.note_rows)
        self.intake = Intake(window, self.session, self.workshop, self.documents, self.operator)
        self.updates = Updates(window, self.session, self.workshop)
        self.corrections = Corrections(self.session, data_folder, self)
        self.journal = Journal(self.folder.journal_file, self.session, lambda: self.documents.file, self)
        self.documents.changed.connect(self.journal.write_model)
        self.recovery = Recovery(data_folder, self.session, self.workshop, self.documents, self)
        self.watch = PromiseWatch(self.session, self.workshop, self)

    def close_all(self) -> None:
        """End the worker and every thread in order, and remove the window's folder."""
        self.corrections.close()
        self.workshop.runner.close()
        self.pictures.close()
        self.folder.remove_folder()
