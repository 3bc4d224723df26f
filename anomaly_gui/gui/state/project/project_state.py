"""The project a window works on: its folder, its document, and which model of it is in use."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from anomaly_gui.errors import UserError
from anomaly_gui.gui.state.project.window_folder import WindowFolder, make_lock
from anomaly_gui.project.document import ProjectDocument
from anomaly_gui.project.folder import ProjectFolder
from anomaly_gui.project.kept_file import wait_for_disk

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QLockFile


class ProjectState(QObject):
    """Writes down every change of the document at once.

    A window always has a project: until a person gives it a place it lies in the window's own folder.
    """

    opened = Signal()  # another project is in use: all that is shown has to be of it
    changed = Signal()  # the document says something else
    problem_met = Signal(str)

    def __init__(self, data_folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self.data_folder = data_folder
        self.own = WindowFolder.make_folder(data_folder)
        self.folder = self.own.project
        self.document = ProjectDocument()
        self._lock: QLockFile | None = None
        self._retired: list[WindowFolder] = []
        self._last_number = 0

    @property
    def is_untitled(self) -> bool:
        """Tell whether the project goes away with the window unless it is saved."""
        return self.folder == self.own.project

    @property
    def name(self) -> str:
        """What the product is called; empty while nobody said so."""
        return "" if self.is_untitled else self.folder.path.stem

    @property
    def put_aside(self) -> Path:
        """Where copies of images go that were judged wrong; of an untitled project they outlive it."""
        return self.data_folder / "put aside" if self.is_untitled else self.folder.put_aside

    def name_model_file(self) -> Path:
        """Return a file for a model that is about to be made."""
        self._last_number = max(self._last_number, self.folder.find_last_number()) + 1
        return self.folder.find_model_file(f"{self._last_number:04d}")

    def update(self, **values: Any) -> None:
        """Change the document and write it down."""
        self.set_document(replace(self.document, **values))

    def set_document(self, document: ProjectDocument) -> None:
        """Take another document of this project, and write it down."""
        if document == self.document:
            return
        self.document = document
        self._write()
        self.changed.emit()

    def _write(self) -> None:
        try:
            self.folder.write(self.document)
        except UserError as error:
            self.problem_met.emit(str(error))

    # Another project

    def take_untitled(self, own: WindowFolder, document: ProjectDocument) -> None:
        """Take a project that lies in a folder of the window's own, in place of the one in use."""
        self._let_go()
        self.own.remove_folder()
        self.own, self.folder = own, own.project
        self._take(document)

    def start_untitled(self) -> None:
        """Begin a project with nothing in it."""
        self.take_untitled(WindowFolder.make_folder(self.data_folder), ProjectDocument())

    def take_folder(
        self, folder: ProjectFolder, document: ProjectDocument, lock: QLockFile, *, goes_on: bool = False
    ) -> None:
        """Take a project that has a place, and is locked; where work `goes_on`, it is the same as before."""
        own = WindowFolder.make_folder(self.data_folder)
        own.note_opened(folder.path)
        self._let_go()
        if goes_on:
            self._retire_own()
        else:
            self.own.remove_folder()
        self.own, self.folder, self._lock = own, folder, lock
        folder.remove_parts()
        self._take(document)

    def _take(self, document: ProjectDocument) -> None:
        self.document, self._last_number = document, self.folder.find_last_number()
        self.opened.emit()
        self.changed.emit()

    def _retire_own(self) -> None:
        """Keep a folder that is no project any more to the window's end: jobs may still write there."""
        self.own.project.document_file.unlink(missing_ok=True)
        self._retired.append(self.own)

    def _let_go(self) -> None:
        wait_for_disk()  # whoever has the project next finds it there, even after a loss of power
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    def lock_folder(self, folder: ProjectFolder) -> QLockFile:
        """Lock a project; UserError where another window has it."""
        lock = make_lock(folder.path)
        if not lock.tryLock(0):
            text = self.tr("%1 is open in another window, or cannot be written: close it there first.")
            raise UserError(text.replace("%1", str(folder.path)))
        return lock

    def close(self) -> None:
        """Let go of the project, and remove the window's own folders."""
        self.hand_over()
        self.own.remove_folder()

    def hand_over(self) -> None:
        """Let go of the project, and leave the window's own folder to the next one."""
        self._let_go()
        for retired in self._retired:
            retired.remove_folder()
        self.own.unlock_folder()
