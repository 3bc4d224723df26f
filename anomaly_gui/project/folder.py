"""The folder of a project: what lies where in it, and how it comes to another place."""

from __future__ import annotations

import secrets
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.project.document import Corrected
from anomaly_gui.project.document_file import read_document, write_document
from anomaly_gui.project.image_paths import ImagePaths
from anomaly_gui.project.journal_file import read_events, write_events
from anomaly_gui.project.kept_file import BEFORE, wait_for_disk
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anomaly_gui.project.document import ProjectDocument

ENDING = ".anomalyproj"
"""Of the name of a project's folder."""
LOCK = "lock"
_MODEL, _JOURNAL, _PART = ".anomaly", ".jsonl", ".part"


@dataclass(frozen=True)
class ProjectFolder:
    """A folder that holds a project."""

    path: Path

    @property
    def document_file(self) -> Path:
        """The document."""
        return self.path / "project.json"

    @property
    def models(self) -> Path:
        """The folder of the models, each with its journal."""
        return self.path / "models"

    @property
    def put_aside(self) -> Path:
        """The folder of copies of images that were judged wrong."""
        return self.path / "put aside"

    @property
    def shifts(self) -> Path:
        """The folder of the verdicts as operators read them, a file for each shift."""
        return self.path / "shifts"

    @property
    def paths(self) -> ImagePaths:
        """How paths are written in this place."""
        return ImagePaths(self.path)

    def find_model_file(self, name: str) -> Path:
        """Return where the model of a name is."""
        return self.models / f"{name}{_MODEL}"

    def find_journal_file(self, name: str) -> Path:
        """Return where the journal of a model is."""
        return find_journal(self.find_model_file(name))

    def find_last_number(self) -> int:
        """Return the highest number that names a model here; 0 where there is none."""
        taken = [int(file.stem) for file in self.models.glob(f"*{_MODEL}") if file.stem.isdecimal()]
        return max(taken, default=0)

    def read(self) -> ProjectDocument:
        """Read the document; raises ProjectFileError for whatever is wrong with it."""
        return read_document(self.document_file, self.paths)

    def write(self, document: ProjectDocument) -> None:
        """Write the document; UserError where it cannot be written."""
        write_document(self.document_file, document, self.paths)

    def remove_parts(self) -> None:
        """Remove what was being written when a program ended."""
        for folder in (self.path, self.models, self.put_aside):
            for file in folder.glob(f".*{_PART}"):
                file.unlink(missing_ok=True)


def find_journal(model_file: Path) -> Path:
    """Return the journal of a model file of a project: it lies beside it."""
    return model_file.with_suffix(_JOURNAL)


def make_project(path: Path, document: ProjectDocument) -> ProjectFolder:
    """Make the folder of a new project; UserError where there is something already, or no place."""
    folder = ProjectFolder(path)
    with _explained(path), _appearing(path) as part:
        (part / "models").mkdir()
        write_document(part / "project.json", document, folder.paths)
    return folder


def copy_project(source: ProjectFolder, document: ProjectDocument, target: Path) -> ProjectFolder:
    """Copy a project to another place, with `document` in place of its own; paths keep what they mean.

    The folder appears when all of it is there; UserError where there is something already, or no place.
    """
    folder = ProjectFolder(target)
    with _explained(target), _appearing(target) as part:
        shutil.copytree(
            source.models, part / "models", ignore=shutil.ignore_patterns(f"*{_PART}", f"*{BEFORE}")
        )
        if source.shifts.is_dir():
            shutil.copytree(source.shifts, part / folder.shifts.name)
        for file in (part / "models").glob(f"*{_JOURNAL}"):
            moved = _move_paths(read_events(file), source.paths, folder.paths)
            write_events(file, list(moved))
        kept = replace(document, corrected=_copy_corrected(document.corrected, part, folder))
        write_document(part / "project.json", kept, folder.paths)
    return folder


def _move_paths(
    events: Iterator[dict[str, Any]], old: ImagePaths, new: ImagePaths
) -> Iterator[dict[str, Any]]:
    for event in events:
        for name in ("rows", "waiting"):
            for row in event.get(name, ()):
                row[0] = new.write_path(old.read_path(row[0]))
        yield event


def _copy_corrected(corrected: Corrected, part: Path, folder: ProjectFolder) -> Corrected:
    """Copy images that were put aside, and return where they are then; those that are gone stay named."""
    (part / folder.put_aside.name).mkdir()

    def copy_file(path: Path) -> Path:
        if path.is_file():
            shutil.copy2(path, part / folder.put_aside.name / path.name)
            return folder.put_aside / path.name
        return path

    good, defects = (tuple(map(copy_file, files)) for files in (corrected.good, corrected.defects))
    return Corrected(good, defects, corrected.excluded)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn errors of the system into sentences."""
    if path.exists():
        raise UserError(translate("{path} is there already: choose another name.", path=path))
    try:
        yield
    except OSError as error:
        raise UserError(
            translate(
                "{path} cannot be made ({why}): choose another place.", path=path, why=explain_os_error(error)
            )
        ) from error


@contextmanager
def _appearing(path: Path) -> Iterator[Path]:
    """Give a folder under a name of its own, that takes its place when it is whole."""
    part = path.with_name(f".{secrets.token_hex(8)}{_PART}")
    part.mkdir(parents=True)
    try:
        yield part
        wait_for_disk()
        part.replace(path)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
