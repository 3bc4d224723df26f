"""A past part judged again by the very model that judged it, for its map: in the worker's process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from anomaly_gui.detection.model.model_file import digest_model
from anomaly_gui.errors import UserError
from anomaly_gui.gui.station.tasks import Tasks
from anomaly_gui.gui.work.tasks import TaskRunner
from anomaly_gui.worker.jobs.scoring import ScoreJob

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from anomaly_gui.detection.model.image_result import ImageResult
    from anomaly_gui.gui.work.tasks import Task
    from anomaly_gui.station.ledger.reading import ResultRow

translate = QCoreApplication.translate
_ENDING = "*.anomaly"
Digests = dict[tuple[Path, int, int], str]
"""Digests of models by path, size and time."""


@dataclass(frozen=True)
class Found:
    """What a part can be judged again with: the file of the model, or why there is none."""

    row: ResultRow
    model: Path | None
    why: str = ""


@dataclass(frozen=True, eq=False)
class Rejudged:
    """A part judged again.

    Parameters
    ----------
    result : what the model says now; None where it says nothing
    why : there is no result, or what of it is not as it was
    differs : whether its score is another one than was recorded
    """

    row: ResultRow
    result: ImageResult | None
    why: str = ""
    differs: bool = False


class Rejudging(QObject):
    """Judges parts, each until it is forgotten; its very row says which one a result is of."""

    judged = Signal(object)  # a Rejudged

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner, self._finding = TaskRunner(self), Tasks(self)
        self._wanted: dict[int, ResultRow] = {}  # by identity
        self._tasks: dict[int, Task] = {}
        self._digests: Digests = {}

    def judge_part(self, row: ResultRow, models: Sequence[Path]) -> None:
        """Judge a part by the first of these models, or of those beside them, that has its digest."""
        self._wanted[id(row)] = row
        self._finding.start(
            partial(find_model, row, tuple(models), self._digests, self.is_wanted),
            self._on_found,
            lambda why: self.tell_result(Rejudged(row, None, why)),
            may_be_left=True,
        )

    def forget_part(self, row: ResultRow) -> None:
        """Judge a part no more, and tell nothing of it."""
        self._wanted.pop(id(row), None)
        task = self._tasks.pop(id(row), None)
        if task is not None:
            self._runner.cancel(task)

    def is_wanted(self, row: ResultRow) -> bool:
        """Tell whether a part was asked for, and was neither told of nor forgotten."""
        return id(row) in self._wanted

    def _on_found(self, found: Found | None) -> None:
        if found is None or not self.is_wanted(found.row) or id(found.row) in self._tasks:
            return
        if found.model is None:
            self.tell_result(Rejudged(found.row, None, found.why))
            return
        task = self._runner.run_job(ScoreJob(found.model, (found.row.image_path,)), "")
        self._tasks[id(found.row)] = task
        _Listening(self, task, found.row)

    def tell_result(self, rejudged: Rejudged) -> None:
        """Tell what came of a part that is wanted."""
        if self.is_wanted(rejudged.row):
            self._tasks.pop(id(rejudged.row), None)
            del self._wanted[id(rejudged.row)]
            self.judged.emit(rejudged)

    def close(self) -> None:
        """End the worker's process; what is looked for is not waited for."""
        self._wanted.clear()
        self._tasks.clear()
        self._finding.close()
        self._runner.close()


class _Listening(QObject):
    """Takes what the worker says of one part."""

    def __init__(self, owner: Rejudging, task: Task, row: ResultRow) -> None:
        super().__init__(task)
        self._owner, self._row = owner, row
        self._result: ImageResult | None = None
        task.scored.connect(self._on_scored)
        task.finished.connect(self._on_finished)
        task.failed.connect(self._on_failed)
        task.crashed.connect(self._on_failed)

    @Slot(object)
    def _on_scored(self, images: tuple[ImageResult, ...]) -> None:
        self._result = next(iter(images), self._result)

    @Slot(object)
    def _on_finished(self, answer: object) -> None:  # noqa: ARG002 - the signal's signature
        why = explain_result(self._row, self._result)
        is_other = _differs(self._row, self._result)
        self._owner.tell_result(Rejudged(self._row, self._result, why, differs=is_other))

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self._owner.tell_result(Rejudged(self._row, None, sentence))


def explain_result(row: ResultRow, result: ImageResult | None) -> str:
    """Return why there is no map of a part, or what of it is not as it was; "" where all is as it was."""
    if result is None or result.score is None:
        text = translate("Station", "No map: this picture could not be judged.")
        return text if result is None else f"{text} {result.reason}".strip()
    if _differs(row, result):
        text = translate("Station", "Judged again, its score is %1; recorded is %2. Boxes are as recorded.")
        recorded = "–" if row.score is None else f"{row.score:.6g}"
        return text.replace("%1", f"{result.score:.6g}").replace("%2", recorded)
    if result.map is None:
        return translate("Station", "No map: this model judges the image as a whole.")
    return ""


def _differs(row: ResultRow, result: ImageResult | None) -> bool:
    """Tell whether a part has another score now than was recorded."""
    if result is None or result.score is None:
        return False
    return row.score is None or abs(result.score - row.score) > _tolerate(row)


def _tolerate(row: ResultRow) -> float:
    """Return by how much a score may differ: machines round differently."""
    return 1e-3 * max(1.0, abs(row.score or 0.0))


# What it can be judged with


def find_model(
    row: ResultRow, models: Sequence[Path], digests: Digests, is_wanted: Callable[[ResultRow], bool]
) -> Found | None:
    """Return the first of these models, or of those beside them, that judged a part; None: nobody asks.

    Parameters
    ----------
    digests : those that are known; what is read is added
    is_wanted : tells whether anybody still asks for the part
    """
    if not is_wanted(row):
        return None
    if why := explain_picture(row):
        return Found(row, None, why)
    wanted = row.model_sha256
    model = next((file for file in list_models(models) if _find_digest(file, digests) == wanted), None)
    return Found(row, model, "" if model is not None else _explain_no_model(row))


def _find_digest(file: Path, digests: Digests) -> str:
    try:
        status = file.stat()
        key = (file, status.st_size, status.st_mtime_ns)
        if key not in digests:
            digests[key] = digest_model(file)
    except (OSError, UserError):  # it is gone, or cannot be read: it is not the one
        return ""
    return digests[key]


def list_models(models: Iterable[Path]) -> list[Path]:
    """Return models and what lies beside them, each once; earlier models are often kept there."""
    found = dict.fromkeys(models)
    for model in tuple(found):
        found |= dict.fromkeys(sorted(model.parent.glob(_ENDING)))
    return list(found)


def explain_picture(row: ResultRow) -> str:
    """Return why the picture of a part is not the one that was judged; "" where it is."""
    if row.pruned_at is not None:
        text = translate("Station", "The picture was removed by the rule of how long pictures are kept (%1).")
        return text.replace("%1", row.pruned_at)
    try:
        digest = digest_model(row.image_path)
    except UserError:
        text = translate("Station", "The picture is not there any more: %1")
        return text.replace("%1", str(row.image_path))
    if digest != row.image_sha256:
        return translate("Station", "The picture was changed after it was judged: it is not the same file.")
    return ""


def _explain_no_model(row: ResultRow) -> str:
    text = translate(
        "Station", "No map: the model that judged it (%1, SHA-256 %2…) is not there. Boxes are as recorded."
    )
    return text.replace("%1", row.model_name).replace("%2", row.model_sha256[:12])
