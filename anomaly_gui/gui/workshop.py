"""The work behind the window: jobs for the worker, and what their answers do to the session."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from anomaly_gui.detection.layer_comparison import LayersRequest
from anomaly_gui.detection.training import TrainRequest
from anomaly_gui.detection.worked_example import SETTINGS, Example
from anomaly_gui.gui.image_table import Marked, Origin
from anomaly_gui.gui.tasks import Task, TaskRunner
from anomaly_gui.worker.jobs import CompareJob, OpenJob, SampleJob, SaveJob, ScoreJob, TrainJob

if TYPE_CHECKING:
    from anomaly_gui.detection.scoring import ImageResult
    from anomaly_gui.gui.session import Session
    from anomaly_gui.worker.jobs import Job, ModelView, ScoringDone, Trained


class Workshop(QObject):
    """Starts jobs and takes their answers into the session. One job is at work at a time, others wait."""

    task_started = Signal(object)  # a Task
    idle = Signal()
    trained = Signal(object)  # Trained
    compared = Signal(object)  # Compared
    opened = Signal(object)  # the Path
    saved = Signal(object)  # the Path
    sample_unpacked = Signal(object)  # Example
    noted = Signal(str)  # a sentence worth reading
    problem_met = Signal(str)  # a sentence on what stands in the way
    crashed = Signal(str)  # a report of a bug

    def __init__(self, session: Session, place: Path, parent: QObject | None = None) -> None:
        """Make the workshop. `place` is a folder of our own, for the model at hand and the sample."""
        super().__init__(parent)
        self._session, self._place = session, place
        # a folder of this window's own: another window must not put its model in the place of this one's
        self._own = tempfile.TemporaryDirectory(prefix="window-", dir=place)
        self._keep = Path(self._own.name, "model.anomaly")
        self.runner = TaskRunner(self)
        self.runner.changed.connect(self._on_tasks_changed)
        self._marks: dict[Task, Marked] = {}
        self._files: dict[Task, Path] = {}
        self._saves: dict[Task, SaveJob] = {}
        self._examples: dict[Task, Example] = {}

    @property
    def is_busy(self) -> bool:
        """Tell whether there is work left."""
        return bool(self.runner.tasks)

    def train(self, request: TrainRequest, example: Example | None = None) -> None:
        """Train, then judge the images of an example; the model in use stays until the new one is whole."""
        task = self._run(TrainJob(request, self._keep), self.tr("Training"))
        if example is not None:
            self._examples[task] = example
        task.finished.connect(self._on_trained)

    def compare(self, request: TrainRequest) -> None:
        """Compare layers on the good images and the known defects of a request."""
        layers = LayersRequest(request.normal, request.anomalous, request.settings)
        task = self._run(CompareJob(layers), self.tr("Comparing layers"))
        task.finished.connect(self.compared)

    def open(self, file: Path) -> None:
        """Open a model file."""
        task = self._run(OpenJob(file, self._keep), self.tr("Opening"))
        self._files[task] = file
        task.finished.connect(self._on_opened)

    def save(self, file: Path) -> None:
        """Save the model with the threshold in use and every move that led to it."""
        view, threshold = self._session.view, self._session.threshold
        if view is None or threshold is None:
            return
        job = SaveJob(view.file, threshold, self._session.moves_to_save(), file)
        task = self._run(job, self.tr("Saving"))
        self._saves[task] = job
        task.finished.connect(self._on_saved)

    def score(self, paths: tuple[Path, ...], mark: Marked = Marked.NONE) -> None:
        """Score folders and files; every image gets the label."""
        if self._session.view is None:
            self.problem_met.emit(self.tr("There is no model yet: train one or open one first."))
            return
        task = self._run(ScoreJob(self._session.view.file, paths), self.tr("Scoring"))
        self._marks[task] = mark
        task.scored.connect(self._on_scored)
        task.finished.connect(self._on_scoring_done)

    def open_sample(self) -> None:
        """Train on the sample's ones, then judge other ones and sevens."""
        task = self._run(SampleJob(self._place / "sample"), self.tr("Unpacking the sample"))
        task.finished.connect(self._on_sample_unpacked)

    def _run(self, job: Job, title: str) -> Task:
        task = self.runner.run(job, title)
        task.failed.connect(self.problem_met)
        task.crashed.connect(self.crashed)
        task.warned.connect(self.noted)
        task.ended.connect(self._on_ended)
        self.task_started.emit(task)
        return task

    @Slot(object)
    def _on_trained(self, result: Trained) -> None:
        self._session.set_model(result.view, is_new=True)
        self._session.add_results(result.defects, Origin.KNOWN_DEFECTS, Marked.DEFECT)
        self.trained.emit(result)
        task = self.sender()
        example = self._examples.get(task) if isinstance(task, Task) else None
        if example is not None:
            self.score((example.normal[0].parent,), Marked.GOOD)
            self.score((example.anomalous[0].parent,), Marked.DEFECT)

    @Slot(object)
    def _on_opened(self, view: ModelView) -> None:
        self._session.set_model(view, is_new=False)
        if view.warning:
            self.noted.emit(view.warning)
        task = self.sender()
        if isinstance(task, Task):
            self.opened.emit(self._files[task])

    @Slot(object)
    def _on_saved(self, answer: None) -> None:  # noqa: ARG002 - the signal's signature
        task = self.sender()
        if isinstance(task, Task):
            job = self._saves[task]
            self._session.set_saved(job.threshold, job.moves)
            self.saved.emit(job.file)

    @Slot(object)
    def _on_scored(self, images: tuple[ImageResult, ...]) -> None:
        task = self.sender()
        mark = self._marks.get(task, Marked.NONE) if isinstance(task, Task) else Marked.NONE
        self._session.add_results(images, Origin.DROPPED, mark)

    @Slot(object)
    def _on_scoring_done(self, done: ScoringDone) -> None:
        if done.passed_over:
            self.noted.emit(self.tr("%n file(s) of other kinds were passed over.", "", done.passed_over))

    @Slot(object)
    def _on_sample_unpacked(self, example: Example) -> None:
        self.sample_unpacked.emit(example)
        self.train(TrainRequest((example.fit[0].parent,), settings=SETTINGS), example)

    @Slot()
    def _on_ended(self) -> None:
        task = self.sender()
        if isinstance(task, Task):
            self._marks.pop(task, None)
            self._files.pop(task, None)
            self._saves.pop(task, None)
            self._examples.pop(task, None)

    @Slot()
    def _on_tasks_changed(self) -> None:
        if not self.runner.tasks:
            self.idle.emit()

    @Slot()
    def cancel(self) -> None:
        """Stop all work; what was there before stays."""
        self.runner.cancel_all()

    def close(self) -> None:
        """End the worker in order."""
        self.runner.close()
        self._own.cleanup()
