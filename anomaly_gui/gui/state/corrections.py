"""What the next training should do otherwise: images put aside for it, and images it should leave out."""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QRunnable, QThreadPool, Signal, Slot
from PySide6.QtGui import QUndoCommand

from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.paths import atomic_write
from anomaly_gui.project.document import Corrected
from anomaly_gui.project.kept_file import is_json, replace_file, restore_file
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from anomaly_gui.detection.datasets.train_request import TrainRequest
    from anomaly_gui.gui.state.project.project_state import ProjectState
    from anomaly_gui.gui.state.session import Session


class Corrections(QObject):
    """Keeps in the project what an operator said of its images; written at once, so that nothing is lost.

    Images are copied: the originals may lie on a drive that is taken away. Of a model without a project of a
    place of its own they are kept by the model, too: its file can be opened again.
    """

    changed = Signal()
    said = Signal(str)
    answer_wanted = Signal(object)  # rows of which it is to be said what they are
    problem_met = Signal(str)
    copied = Signal(object, object, object)  # rows with copies, the problems, and the table they are of

    def __init__(self, session: Session, project: ProjectState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._project = session, project
        self._pool = QThreadPool(self)
        project.opened.connect(self._on_opened)
        self.copied.connect(self._on_copied)

    @property
    def now(self) -> Corrected:
        """What is corrected."""
        return self._project.document.corrected

    # What operators say

    def find_true_label(self, row: int) -> ImageLabel:
        """Return what an image is when its verdict is wrong: the opposite; without one its label."""
        label = ImageLabel(int(self._session.table.labels[row]))
        opposite = {Verdict.DEFECT: ImageLabel.GOOD, Verdict.GOOD: ImageLabel.DEFECT}
        return opposite.get(self._session.find_verdict(row), label)

    def must_ask(self, row: int) -> bool:
        """Tell whether only a person knows what an image is: label and verdict agree, or neither says it."""
        label = ImageLabel(int(self._session.table.labels[row]))
        same = {Verdict.DEFECT: ImageLabel.DEFECT, Verdict.GOOD: ImageLabel.GOOD}
        return label == same.get(self._session.find_verdict(row), ImageLabel.NONE)

    def put_aside(self, rows: Sequence[int], true_label: ImageLabel | None = None) -> None:
        """Copy images whose verdict is wrong and label them, beside the window; can be undone.

        What they are is asked for, by `answer_wanted`, where it cannot be told from label and verdict.
        """
        if true_label is None and any(map(self.must_ask, rows)):
            self.answer_wanted.emit(tuple(rows))
            return
        wanted = [(row, true_label or self.find_true_label(row)) for row in rows]
        paths = [(row, label, self._session.table.paths[row]) for row, label in wanted]
        self._pool.start(_Copying(self, paths, self._project.put_aside, self._session.table))

    @Slot(object, object, object)
    def _on_copied(
        self, copies: list[tuple[int, ImageLabel, Path]], problems: list[str], table: object
    ) -> None:
        for problem in problems:
            self.problem_met.emit(problem)
        if table is not self._session.table and copies:
            self.problem_met.emit(
                self.tr("Another model came meanwhile; the copies are kept in %1.").replace(
                    "%1", str(copies[0][2].parent)
                )
            )
        if table is not self._session.table or not copies:
            return
        new, stack = self.now, self._session.undo_stack
        stack.beginMacro(self.tr("put aside %n image(s)", "", len(copies)))
        for row, label, copy in copies:
            self._session.label_rows([row], label)
            new = _add_copy(new, copy, label)
        stack.push(_Correction(self, new))
        stack.endMacro()
        self.said.emit(self.tr("%n image(s) put aside for the next training.", "", len(copies)))

    def is_excluded(self, row: int) -> bool:
        """Tell whether an image is left out of the next training."""
        return self._session.table.paths[row] in self.now.excluded

    def exclude_rows(self, rows: Iterable[int], excluded: bool) -> None:
        """Leave images out of the next training, or take them in again; can be undone."""
        paths = [self._session.table.paths[row] for row in rows]
        others = tuple(path for path in self.now.excluded if path not in paths)
        new = replace(self.now, excluded=(*others, *paths) if excluded else others)
        if new != self.now:
            self._session.undo_stack.push(_Correction(self, new))

    # Training

    def add_to_request(self, request: TrainRequest) -> TrainRequest:
        """Return a request with what was put aside and without what is excluded."""
        now = self.now
        return replace(
            request,
            normal=(*request.normal, *now.good),
            anomalous=(*request.anomalous, *now.defects),
            excluded=(*request.excluded, *now.excluded),
            surely_good=(*request.surely_good, *now.good),
        )

    @Slot()
    def on_trained(self) -> None:
        """Keep the corrections for the model that was made with them."""
        if self.now:
            self._keep_for_model(self.now)

    # Keeping

    def set_corrections(self, corrected: Corrected) -> None:
        """Set what is corrected, and write it down."""
        self._project.update(corrected=corrected)
        self._keep_for_model(corrected)
        self.changed.emit()

    def _keep_for_model(self, corrected: Corrected) -> None:
        file = self._find_file()
        if file is None:
            return
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            _write_corrections(file, corrected)
        except OSError as error:
            self.problem_met.emit(self.tr("What was put aside cannot be kept: %1.").replace("%1", str(error)))

    def _find_file(self) -> Path | None:
        model = self._session.model
        if model is None or not self._project.is_untitled:
            return None
        name = re.sub(r"\W", "-", model.created) + ".json"
        return self._project.data_folder / "corrections" / name

    @Slot()
    def _on_opened(self) -> None:
        """Take what is kept for a model whose file was opened by itself."""
        file = self._find_file()
        if file is not None and not self.now and file.exists():
            try:
                self._project.update(corrected=_read_corrections(file))
            except (OSError, ValueError) as error:
                self.problem_met.emit(
                    self.tr("What was put aside cannot be read: %1.").replace("%1", f"{file}: {error}")
                )
        self.changed.emit()

    def close(self) -> None:
        """Wait for copies that are being made."""
        self._pool.waitForDone()


def _add_copy(corrected: Corrected, copy: Path, label: ImageLabel) -> Corrected:
    """Return what is corrected with one more image put aside, under one label only."""
    good = tuple(path for path in corrected.good if path != copy)
    defects = tuple(path for path in corrected.defects if path != copy)
    if label == ImageLabel.GOOD:
        return replace(corrected, good=(*good, copy), defects=defects)
    return replace(corrected, good=good, defects=(*defects, copy))


def _write_corrections(file: Path, corrected: Corrected) -> None:
    content = {name: list(map(str, paths)) for name, paths in vars(corrected).items()}
    with replace_file(file) as out:
        out.write(json.dumps(content, indent=1).encode("ascii"))


def _read_corrections(file: Path) -> Corrected:
    """Read corrections; ValueError for anything else."""
    restore_file(file, is_json)
    content = json.loads(file.read_text("utf-8"))
    names = ("good", "defects", "excluded")
    if not isinstance(content, dict) or not all(isinstance(content.get(name), list) for name in names):
        raise ValueError("it is not a list of corrections")
    good, defects, excluded = (tuple(Path(str(text)) for text in content[name]) for name in names)
    return Corrected(good, defects, excluded)


class _Copying(QRunnable):
    """Copies images into a folder of ours; equal bytes are kept once."""

    def __init__(
        self, owner: Corrections, images: list[tuple[int, ImageLabel, Path]], folder: Path, table: object
    ) -> None:
        super().__init__()
        self._owner, self._images, self._folder, self._table = owner, images, folder, table

    def run(self) -> None:
        copies: list[tuple[int, ImageLabel, Path]] = []
        problems: list[str] = []
        for row, label, path in self._images:
            with _note_problems(problems, path):
                copies.append((row, label, _copy_image(path, self._folder)))
        self._owner.copied.emit(copies, problems, self._table)


@contextmanager
def _note_problems(problems: list[str], path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        text = QCoreApplication.translate(
            "Corrections", "%1 cannot be put aside (%2): check the drive and its space."
        )
        problems.append(text.replace("%1", str(path)).replace("%2", explain_os_error(error)))


def _copy_image(path: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    content = path.read_bytes()
    copy = folder / f"{hashlib.sha256(content).hexdigest()[:12]}_{path.name[-100:]}"
    if not copy.exists():
        with atomic_write(copy) as file:
            file.write(content)
    return copy


class _Correction(QUndoCommand):
    def __init__(self, corrections: Corrections, new: Corrected) -> None:
        super().__init__(corrections.tr("correct the next training"))
        self._corrections, self._old, self._new = corrections, corrections.now, new

    def redo(self) -> None:
        self._corrections.set_corrections(self._new)

    def undo(self) -> None:
        self._corrections.set_corrections(self._old)
