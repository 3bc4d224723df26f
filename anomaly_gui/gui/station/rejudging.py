"""A past part judged again by the very model that judged it, for its map: in the worker's process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QRunnable, QThreadPool, Signal, Slot

from anomaly_gui.detection.model.model_file import digest_model
from anomaly_gui.errors import UserError
from anomaly_gui.gui.work.tasks import TaskRunner
from anomaly_gui.worker.jobs.scoring import ScoreJob

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from anomaly_gui.detection.model.image_result import ImageResult
    from anomaly_gui.gui.work.tasks import Task
    from anomaly_gui.station.ledger.reading import ResultRow

translate = QCoreApplication.translate
_ENDING = "*.anomaly"


@dataclass(frozen=True)
class Found:
    """What a part can be judged again with: the file of the model, or why there is none."""

    row: ResultRow
    model: Path | None
    why: str = ""


@dataclass(frozen=True, eq=False)
class Rejudged:
    """A part judged again: what the model says now, or None and why."""

    row: ResultRow
    result: ImageResult | None
    why: str = ""


class Rejudging(QObject):
    """Judges the part that was asked for last; what was asked before that is not told any more."""

    found = Signal(object)  # a Found
    judged = Signal(object)  # a Rejudged

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = TaskRunner(self)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._wanted: ResultRow | None = None
        self._digests: dict[tuple[Path, int, int], str] = {}
        self.found.connect(self._on_found)

    def judge_part(self, row: ResultRow, models: Sequence[Path]) -> None:
        """Judge a part by the first of these models, or of those beside them, that has its digest."""
        self._wanted = row
        self._pool.clear()
        self._pool.start(_Finding(self, row, tuple(models), self._digests))

    def forget_part(self) -> None:
        """Tell nothing of the part that was asked for."""
        self._wanted = None

    @Slot(object)
    def _on_found(self, found: Found) -> None:
        if found.row is not self._wanted:
            return
        if found.model is None:
            self.judged.emit(Rejudged(found.row, None, found.why))
            return
        task = self._runner.run_job(ScoreJob(found.model, (found.row.image_path,)), "")
        _Listening(self, task, found.row)

    def tell_result(self, row: ResultRow, result: ImageResult | None, why: str) -> None:
        """Tell what came of a part, if that is the one asked for last."""
        if row is self._wanted:
            self.judged.emit(Rejudged(row, result, why))

    def close(self) -> None:
        """End the thread and the worker's process."""
        self._wanted = None
        self._pool.clear()
        self._pool.waitForDone()
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
        self._owner.tell_result(self._row, self._result, why)

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self._owner.tell_result(self._row, None, sentence)


def explain_result(row: ResultRow, result: ImageResult | None) -> str:
    """Return why there is no map of a part, or what of it is not as it was; "" where all is as it was."""
    if result is None or result.score is None:
        text = translate("Station", "No map: this picture could not be judged.")
        return text if result is None else f"{text} {result.reason}".strip()
    if row.score is None or abs(result.score - row.score) > _tolerate(row):
        text = translate("Station", "Judged again, its score is %1; recorded is %2.")
        recorded = "–" if row.score is None else f"{row.score:.6g}"
        return text.replace("%1", f"{result.score:.6g}").replace("%2", recorded)
    if result.map is None:
        return translate("Station", "No map: this model judges the image as a whole.")
    return ""


def _tolerate(row: ResultRow) -> float:
    """Return by how much a score may differ: machines round differently."""
    return 1e-3 * max(1.0, abs(row.score or 0.0))


# What it can be judged with


class _Finding(QRunnable):
    def __init__(
        self,
        owner: Rejudging,
        row: ResultRow,
        models: tuple[Path, ...],
        digests: dict[tuple[Path, int, int], str],
    ) -> None:
        super().__init__()
        self._owner, self._row, self._models, self._digests = owner, row, models, digests

    def run(self) -> None:
        why = explain_picture(self._row)
        model = None if why else self._find_model()
        if not why and model is None:
            why = _explain_no_model(self._row)
        self._owner.found.emit(Found(self._row, model, why))

    def _find_model(self) -> Path | None:
        wanted = self._row.model_sha256
        return next((file for file in list_models(self._models) if self._digest(file) == wanted), None)

    def _digest(self, file: Path) -> str:
        try:
            status = file.stat()
            key = (file, status.st_size, status.st_mtime_ns)
            if key not in self._digests:
                self._digests[key] = digest_model(file)
        except (OSError, UserError):  # it is gone, or cannot be read: it is not the one
            return ""
        return self._digests[key]


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
