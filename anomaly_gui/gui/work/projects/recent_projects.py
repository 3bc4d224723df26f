"""The projects that were used last, looked up beside the window: their drives may be slow or gone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from anomaly_gui.errors import UserError
from anomaly_gui.project.folder import ProjectFolder

if TYPE_CHECKING:
    from collections.abc import Sequence

COVER = "cover"
"""What a project keeps the path of an image under that stands for it."""


@dataclass(frozen=True)
class RecentProject:
    """A project that can be opened.

    Parameters
    ----------
    folder : where it is
    models : how many it has
    written : when it was last written, in seconds since 1970
    cover : an image that stands for it; empty for none
    """

    folder: Path
    models: int
    written: float
    cover: str


class RecentProjects(QObject):
    """Finds out which of the recent projects are there; those that cannot be read are left out."""

    found = Signal(object)  # a tuple of RecentProject, in the order asked for
    read = Signal(object, object)  # the folders asked for, and what was found

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._wanted: tuple[Path, ...] = ()
        self.read.connect(self._on_read)

    def read_folders(self, folders: Sequence[Path]) -> None:
        """Look these up; `found` tells what is there."""
        self._wanted = tuple(folders)
        self._pool.start(_Reading(self, self._wanted))

    @Slot(object, object)
    def _on_read(self, folders: tuple[Path, ...], projects: tuple[RecentProject, ...]) -> None:
        if folders == self._wanted:
            self.found.emit(projects)

    def close(self) -> None:
        """Wait for the thread."""
        self._pool.clear()
        self._pool.waitForDone()


class _Reading(QRunnable):
    def __init__(self, owner: RecentProjects, folders: tuple[Path, ...]) -> None:
        super().__init__()
        self._owner, self._folders = owner, folders

    def run(self) -> None:
        read = (_read_project(ProjectFolder(path)) for path in self._folders)
        self._owner.read.emit(self._folders, tuple(one for one in read if one is not None))


def _read_project(folder: ProjectFolder) -> RecentProject | None:
    try:
        document = folder.read()
        written = folder.document_file.stat().st_mtime
    except (OSError, UserError):  # it is gone, or damaged: opening it by the menu says so
        return None
    cover = document.more.get(COVER, "")
    return RecentProject(folder.path, len(document.models), written, cover if isinstance(cover, str) else "")
