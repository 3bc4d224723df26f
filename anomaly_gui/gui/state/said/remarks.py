"""What people say of images beside their labels: which kind of defect it is, and a note."""

from __future__ import annotations

from collections import Counter
from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand

from anomaly_gui.gui.state.image_table import ImageLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.gui.state.project.project_state import ProjectState
    from anomaly_gui.gui.state.session import Session

REMARKS = "remarks"
"""What a project keeps them under."""


@dataclass(frozen=True)
class Remark:
    """A kind of defect, in free words, and a note; both may be empty."""

    kind: str = ""
    note: str = ""


class Remarks(QObject):
    """Keeps remarks with the project, by the images' bytes: they hold for any model, wherever a file is."""

    changed = Signal()

    def __init__(self, session: Session, project: ProjectState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._project = session, project
        self._of: dict[str, Remark] = {}
        project.opened.connect(self._on_project_opened)

    @Slot()
    def _on_project_opened(self) -> None:
        """Know what was said in this project, and nothing else."""
        self._of = _read_remarks(self._project.document.more.get(REMARKS))
        self.changed.emit()

    def find_remark(self, row: int) -> Remark:
        """Return what was said of an image."""
        return self._of.get(self._find_key(row), Remark())

    def _find_key(self, row: int) -> str:
        table = self._session.table
        return table.sha256s[row] or str(table.paths[row])

    def set_kind(self, rows: Sequence[int], kind: str) -> None:
        """Say which kind of defect images show, and that they do; empty: none any more. Can be undone."""
        stack = self._session.undo_stack
        stack.beginMacro(self.tr("set the kind of %n image(s)", "", len(rows)))
        if kind:
            self._session.label_rows(rows, ImageLabel.DEFECT)
        self._push({row: replace(self.find_remark(row), kind=kind.strip()) for row in rows})
        stack.endMacro()

    def set_note(self, rows: Sequence[int], note: str) -> None:
        """Write a note on images; can be undone."""
        self._push({row: replace(self.find_remark(row), note=note.strip()) for row in rows})

    def _push(self, remarks: dict[int, Remark]) -> None:
        new = {self._find_key(row): one for row, one in remarks.items() if one != self.find_remark(row)}
        if new:
            self._session.undo_stack.push(_Remarking(self, new))

    def apply_remarks(self, remarks: dict[str, Remark]) -> dict[str, Remark]:
        """Set remarks, write them down, and return those that were there before."""
        old = {key: self._of.get(key, Remark()) for key in remarks}
        kept = {**self._of, **remarks}
        self._of = {key: one for key, one in kept.items() if one != Remark()}
        written = {key: list(astuple(one)) for key, one in self._of.items()}
        self._project.update(more={**self._project.document.more, REMARKS: written})
        self.changed.emit()
        return old

    def list_kinds(self) -> list[str]:
        """Return the kinds there are, by name: their order gives each its key."""
        return sorted({one.kind for one in self._of.values() if one.kind}, key=str.casefold)

    def count_kinds(self) -> dict[str, tuple[int, int]]:
        """Return for each kind how many of the shown defects are found, and how many there are."""
        if not self._of:
            return {}
        session, table = self._session, self._session.table
        found: Counter[str] = Counter()
        every: Counter[str] = Counter()
        shown = table.shown_rows
        for row in shown[table.labels[shown] == ImageLabel.DEFECT].tolist():
            if kind := self.find_remark(row).kind:
                every[kind] += 1
                found[kind] += session.find_verdict(row) == "defect"
        return {kind: (found[kind], every[kind]) for kind in sorted(every, key=str.casefold)}


def _read_remarks(content: object) -> dict[str, Remark]:
    """Return what can be read: a project written by others may hold anything there."""
    if not isinstance(content, dict):
        return {}
    return {str(key): Remark(*one) for key, one in content.items() if _is_remark(one)}


def _is_remark(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(text, str) for text in value)


class _Remarking(QUndoCommand):
    def __init__(self, remarks: Remarks, new: dict[str, Remark]) -> None:
        super().__init__(remarks.tr("say something of an image"))
        self._remarks, self._new = remarks, new
        self._old: dict[str, Remark] = {}

    def redo(self) -> None:
        self._old = self._remarks.apply_remarks(self._new)

    def undo(self) -> None:
        self._remarks.apply_remarks(self._old)
