"""The work behind the window: jobs for the worker, and what their answers do to the session."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from anomaly_gui.detection.candidates.request import CompareRequest
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.settings.detector_kinds import LEARNED
from anomaly_gui.detection.worked_example import SETTINGS, Example
from anomaly_gui.gui.state.image_table import ImageLabel, Origin
from anomaly_gui.gui.state.part_tag import NO_PART, PartTag
from anomaly_gui.gui.state.project.carrying import carry_over, take_labels
from anomaly_gui.gui.widgets.job_progress import PlannedStage, plan_training
from anomaly_gui.gui.work.judged_images import JudgedImages
from anomaly_gui.gui.work.tasks import Task, TaskRunner
from anomaly_gui.wording import join_sentences
from anomaly_gui.worker.jobs.comparing import CompareJob
from anomaly_gui.worker.jobs.judging_rate import RateJob
from anomaly_gui.worker.jobs.models import OpenJob, SaveJob
from anomaly_gui.worker.jobs.parts import PartsJob
from anomaly_gui.worker.jobs.reconstructing import ReconstructJob
from anomaly_gui.worker.jobs.sample import SampleJob
from anomaly_gui.worker.jobs.scoring import ScoreJob
from anomaly_gui.worker.jobs.training import TrainJob
from anomaly_gui.worker.jobs.updating import UpdateJob

if TYPE_CHECKING:
    from collections.abc import Callable

    from anomaly_gui.detection.datasets.updates.update_request import UpdateRequest
    from anomaly_gui.detection.model.image_result import ImageResult
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.worker.jobs.scoring import ScoringDone
    from anomaly_gui.worker.jobs.training import Trained
    from anomaly_gui.worker.jobs.updating import Updated
    from anomaly_gui.worker.messages import Job
    from anomaly_gui.worker.model_summary import ModelSummary


class Workshop(QObject):
    """Starts jobs and takes their answers into the session. One job is at work at a time, others wait."""

    task_started = Signal(object)  # a Task
    idle = Signal()
    trained = Signal(object)  # Trained
    updated = Signal(object)  # Updated
    compared = Signal(object)  # Compared
    opened = Signal(object)  # the Path
    saved = Signal(object)  # the Path
    judged_for_operator = Signal(int, int)  # first row, and how many
    sample_unpacked = Signal(object)  # Example
    noted = Signal(str)  # a sentence worth reading
    problem_met = Signal(str)  # a sentence on what stands in the way
    crashed = Signal(str)  # a report of a bug

    def __init__(
        self,
        session: Session,
        name_model_file: Callable[[], Path],
        sample: Path,
        parent: QObject | None = None,
    ) -> None:
        """Make the workshop. `name_model_file` names a file for each new model, `sample` is a folder."""
        super().__init__(parent)
        self._session, self._name_model_file, self._sample = session, name_model_file, sample
        self.runner = TaskRunner(self)
        self.runner.changed.connect(self._on_tasks_changed)
        self._scorings: dict[Task, JudgedImages] = {}
        self._files: dict[Task, Path] = {}
        self._saves: dict[Task, SaveJob] = {}
        self._examples: dict[Task, Example] = {}
        self._measuring: Task | None = None

    @property
    def is_busy(self) -> bool:
        """Tell whether there is work left."""
        return bool(self.runner.tasks)

    @property
    def is_measuring(self) -> bool:
        """Tell whether it is being measured how fast images are judged."""
        return self._measuring is not None

    @property
    def is_working(self) -> bool:
        """Tell whether there is work left that somebody waits for."""
        return any(task is not self._measuring for task in self.runner.tasks)

    def train_model(self, request: TrainRequest, example: Example | None = None) -> None:
        """Train, then judge the images of an example; the model in use stays until the new one is whole."""
        plan = () if request.settings.detector in LEARNED else plan_training(bool(request.anomalous))
        task = self._start_job(TrainJob(request, self._name_model_file()), self.tr("Training"), plan)
        if example is not None:
            self._examples[task] = example
        task.finished.connect(self._on_trained)

    def update_model(self, request: UpdateRequest) -> None:
        """Add good images to the model in use, or take some out; it stays until the new one is whole."""
        model, threshold = self._session.model, self._session.threshold
        if model is None or threshold is None:
            self.problem_met.emit(self.tr("There is no model yet: train one or open one first."))
            return
        moves = self._session.list_moves_to_save()
        job = UpdateJob(model.file, threshold, moves, request, self._name_model_file())
        self._start_job(job, self.tr("Updating the model")).finished.connect(self._on_updated)

    def compare_detectors(self, request: TrainRequest, *, learned: bool = False) -> None:
        """Compare detectors, layers and sizes on the good images and the known defects of a request.

        With `learned` those that learn their features are trained and compared, too.
        """
        wanted = CompareRequest(
            request.normal,
            request.anomalous,
            request.settings,
            interest=request.interest,
            learned=learned,
            excluded=request.excluded,
        )
        task = self._start_job(CompareJob(wanted), self.tr("Comparing"))
        task.finished.connect(self.compared)

    def open_file(self, file: Path, keep: Path | None = None) -> Task:
        """Open a model file, and keep a copy in another (None: where the next model goes)."""
        task = self._start_job(OpenJob(file, keep or self._name_model_file()), self.tr("Opening"))
        self._files[task] = file
        task.finished.connect(self._on_opened)
        return task

    def open_kept(self, file: Path) -> Task:
        """Open a model that a project keeps; what becomes of it is for the caller."""
        return self._start_job(OpenJob(file, file), self.tr("Opening"))

    def save_model(self, file: Path) -> None:
        """Save the model with the threshold in use and every move that led to it."""
        model, threshold = self._session.model, self._session.threshold
        if model is None or threshold is None:
            return
        job = SaveJob(model.file, threshold, self._session.list_moves_to_save(), file)
        task = self._start_job(job, self.tr("Saving"))
        self._saves[task] = job
        task.finished.connect(self._on_saved)

    def score_images(
        self, paths: tuple[Path, ...], label: ImageLabel | None = None, part: PartTag | None = None
    ) -> None:
        """Score folders and files; with this label, or (None) that of its folder's name.

        With `part` they count as judged for the operator.
        """
        if self._session.model is None:
            self.problem_met.emit(self.tr("There is no model yet: train one or open one first."))
            return
        model = self._session.model.file
        task = self._start_job(ScoreJob(model, paths), self.tr("Scoring"))
        self._scorings[task] = JudgedImages(model, paths, label, part, task)
        task.scored.connect(self._on_scored)
        task.finished.connect(self._on_scoring_done)

    def find_parts(self, model: ModelSummary, images: tuple[Path, ...]) -> Task:
        """Tell which images show one part; what becomes of it is for the caller."""
        return self._start_job(PartsJob(model.file, images), self.tr("Telling parts apart"))

    def judge_again(self, image: Path) -> Task:
        """Judge one image beside all else; what becomes of it is for the caller. There has to be a model."""
        assert self._session.model is not None
        job = ScoreJob(self._session.model.file, (image,))
        task = self.runner.run_job(job, self.tr("Looking at one image"))
        task.crashed.connect(self.crashed)
        return task

    def reconstruct_image(self, image: Path) -> Task | None:
        """Let the model make an image anew; what becomes of it is for the caller."""
        model = self._session.model
        if model is None:
            return None
        return self._start_job(ReconstructJob(model.file, image), self.tr("Reconstructing"))

    def measure_rate(self, request: TrainRequest) -> Task:
        """Measure how fast images would be judged, unseen; what becomes of it is for the caller.

        Whatever else is asked for meanwhile puts an end to it.
        """
        self._end_measuring()
        self._measuring = task = self.runner.run_job(RateJob(request), self.tr("Measuring speed"))
        task.crashed.connect(self.crashed)
        task.ended.connect(self._on_measured)
        return task

    def _end_measuring(self) -> None:
        if self._measuring is not None:
            self.runner.cancel(self._measuring)

    @Slot()
    def _on_measured(self) -> None:
        if self.sender() is self._measuring:
            self._measuring = None

    def open_sample(self) -> None:
        """Train on the sample's ones, then judge other ones and sevens."""
        task = self._start_job(SampleJob(self._sample), self.tr("Unpacking the sample"))
        task.finished.connect(self._on_sample_unpacked)

    def _start_job(self, job: Job, title: str, plan: tuple[PlannedStage, ...] = ()) -> Task:
        self._end_measuring()
        task = self.runner.run_job(job, title)
        task.plan = plan
        task.failed.connect(self.problem_met)
        task.crashed.connect(self.crashed)
        task.warned.connect(self.noted)
        task.ended.connect(self._on_ended)
        self.task_started.emit(task)
        return task

    @Slot(object)
    def _on_trained(self, result: Trained) -> None:
        carried = carry_over(self._session)
        self._session.set_model(result.view, is_new=True, carried=carried)
        defects = result.defects
        self._session.add_results(defects, Origin.KNOWN_DEFECTS, [ImageLabel.DEFECT] * len(defects))
        take_labels(self._session, carried.relabelled)
        self.trained.emit(result)
        task = self.sender()
        example = self._examples.get(task) if isinstance(task, Task) else None
        if example is not None:
            self.score_images((example.normal[0].parent,), ImageLabel.GOOD)
            self.score_images((example.anomalous[0].parent,), ImageLabel.DEFECT)
        self.judge_waiting()

    @Slot(object)
    def _on_updated(self, result: Updated) -> None:
        carried = carry_over(self._session)
        self._session.set_model(result.view, is_new=True, carried=carried)
        take_labels(self._session, carried.relabelled)
        self.updated.emit(result)
        self.judge_waiting()

    def judge_waiting(self) -> None:
        """Judge what another model had judged, with the labels it had."""
        waiting = self._session.waiting
        for label in ImageLabel:
            paths = tuple(path for path, its_label in waiting.items() if its_label == label)
            if paths:
                self.score_images(paths, label)

    @Slot(object)
    def _on_opened(self, model: ModelSummary) -> None:
        self._session.set_model(model, is_new=False)
        if model.warning:
            self.noted.emit(model.warning)
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
        if not isinstance(task, Task):
            return
        scoring, session = self._scorings[task], self._session
        labels, first = scoring.take_results(images), len(session.table)
        if self._is_outdated(task):
            session.waiting.update(zip((image.path for image in images), labels, strict=True))
            session.waiting_parts.update({image.path: scoring.part for image in images if scoring.part})
            return
        session.add_results(images, Origin.DROPPED, labels, scoring.part or NO_PART)
        if scoring.part is not None:
            self.judged_for_operator.emit(first, len(images))

    def _is_outdated(self, task: Task) -> bool:
        """Tell whether images were judged by a model that is not in use any more."""
        model = self._session.model
        return model is None or self._scorings[task].model.name != model.file.name

    @Slot(object)
    def _on_scoring_done(self, done: ScoringDone) -> None:
        sentences = [*done.left_out]
        if done.passed_over:
            sentences.append(self.tr("%n file(s) of other kinds were passed over.", "", done.passed_over))
        task = self.sender()
        if isinstance(task, Task):
            sentences = [*self._scorings[task].describe(), *sentences]
        if sentences:
            self.noted.emit(join_sentences(*sentences))
        if isinstance(task, Task) and self._is_outdated(task):
            self.judge_waiting()

    @Slot(object)
    def _on_sample_unpacked(self, example: Example) -> None:
        self.sample_unpacked.emit(example)
        self.train_model(TrainRequest((example.fit[0].parent,), settings=SETTINGS), example)

    @Slot()
    def _on_ended(self) -> None:
        task = self.sender()
        if isinstance(task, Task):
            self._scorings.pop(task, None)
            self._files.pop(task, None)
            self._saves.pop(task, None)
            self._examples.pop(task, None)

    @Slot()
    def _on_tasks_changed(self) -> None:
        if not self.runner.tasks:
            self.idle.emit()
