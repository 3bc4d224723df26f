"""The worker's own process: takes jobs from a pipe, one after the other, and says how they go."""

from __future__ import annotations

import os
import signal
import time
import traceback
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from anomaly_gui.errors import UserError
from anomaly_gui.progress import CancelledError
from anomaly_gui.worker.jobs import (
    Advanced,
    Cancelled,
    Compared,
    CompareJob,
    Crashed,
    Failed,
    Finished,
    Learning,
    ModelView,
    OpenJob,
    PartsJob,
    Reconstructed,
    ReconstructJob,
    SampleJob,
    SaveJob,
    Scored,
    ScoreJob,
    ScoringDone,
    Stage,
    Trained,
    TrainJob,
    Warned,
)

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path

    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.model.image_result import ImageResult
    from anomaly_gui.detection.model.model import Model
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.detection.training import TrainResult
    from anomaly_gui.detection.worked_example import Example
    from anomaly_gui.progress import Epoch
    from anomaly_gui.worker.jobs import Answer, Job, Message

_NICENESS = 10
_EVERY = 0.05  # seconds between two messages of one kind: more than this nobody can see


@dataclass(frozen=True)
class Order:
    """A job with its number; a job of None cancels that number's, or lets its network stop learning."""

    number: int
    job: Job | None
    stops_early: bool = False


class _StopError(Exception):
    """The window is gone."""


class _Post:
    """The pipe: orders in, messages out."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._orders: deque[Order] = deque()
        self._cancelled: set[int] = set()
        self._stopped: set[int] = set()

    def next_order(self) -> Order:
        """Wait for the next order that was not cancelled."""
        while not self._orders:
            self._take()
        return self._orders.popleft()

    def is_cancelled(self, number: int) -> bool:
        """Tell whether an order was cancelled by now."""
        while self._pipe.poll():
            self._take()
        return number in self._cancelled

    def is_stopped(self, number: int) -> bool:
        """Tell whether the network of an order is to stop learning by now."""
        return self.is_cancelled(number) or number in self._stopped

    def forget_stop(self, number: int) -> None:
        """Let the next network of an order learn."""
        self._stopped.discard(number)

    def _take(self) -> None:
        try:
            order: Order | None = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise _StopError from error
        if order is None:
            raise _StopError
        if order.stops_early:
            self._stopped.add(order.number)
        elif order.job is None:
            self._cancelled.add(order.number)
        else:
            self._orders.append(order)

    def send(self, number: int, message: Message) -> None:
        """Send a message on a job."""
        try:
            self._pipe.send((number, message))
        except OSError as error:
            raise _StopError from error


class _PipedProgress:
    """A `Progress` that tells the window, and cancels when it says so."""

    def __init__(self, post: _Post, number: int) -> None:
        self._post, self._number = post, number
        self._done, self._said = 0, 0.0

    def stage(self, name: str, total: int | None = None) -> None:
        self._check()
        self._done = 0
        self._post.forget_stop(self._number)  # it was for the network before
        self._post.send(self._number, Stage(name, total))

    def advance(self, steps: int = 1) -> None:
        self._check()
        self._done += steps
        if time.monotonic() - self._said >= _EVERY:
            self._said = time.monotonic()
            self._post.send(self._number, Advanced(self._done))

    def warn(self, text: str) -> None:
        self._check()
        self._post.send(self._number, Warned(text))

    def epoch(self, epoch: Epoch) -> None:
        self._check()
        self._post.send(self._number, Advanced(self._done))  # a window measures speed from one to the next
        self._post.send(self._number, Learning(epoch))

    def stops_early(self) -> bool:
        return self._post.is_stopped(self._number)

    def _check(self) -> None:
        if self._post.is_cancelled(self._number):
            raise CancelledError


def serve(pipe: Connection) -> None:
    """Carry out orders until the window is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the window
    _step_back()
    post, worker = _Post(pipe), _Worker()
    try:
        while True:
            order = post.next_order()
            post.send(order.number, _outcome(worker, post, order))
    except _StopError:
        return


def _step_back() -> None:
    """Let the window go first: the network would take every core from it for tenths of a second."""
    import psutil

    psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if os.name == "nt" else _NICENESS)


def _outcome(worker: _Worker, post: _Post, order: Order) -> Message:
    progress = _PipedProgress(post, order.number)
    try:
        if post.is_cancelled(order.number):
            return Cancelled()
        return Finished(worker.carry_out(order, post, progress))
    except CancelledError:
        return Cancelled()
    except UserError as error:
        return Failed(str(error))
    except _StopError:
        raise
    except Exception:  # noqa: BLE001 - the border of the process: whatever it is, it is reported
        return Crashed(traceback.format_exc())


class _Worker:
    """Carries out jobs, with the network and the last model kept in memory."""

    def __init__(self) -> None:
        self._runtime: Runtime | None = None
        self._cache: FeatureCache | None = None
        self._told_of_cache = False
        self._open: tuple[Path, int, Model] | None = None

    @property
    def runtime(self) -> Runtime:
        if self._runtime is None:
            from anomaly_gui.detection.runtimes.protocol import default_runtime

            self._runtime = default_runtime()
        return self._runtime

    @property
    def cache(self) -> FeatureCache | None:
        """The feature cache; one that failed is given up until the window is opened again."""
        if self._cache is None:
            from anomaly_gui.detection.features.feature_cache import default_cache

            self._cache = default_cache()
        return self._cache

    def carry_out(self, order: Order, post: _Post, progress: _PipedProgress) -> Answer:
        answer = self._answer(order, post, progress)
        if self._cache is not None and self._cache.trouble and not self._told_of_cache:
            self._told_of_cache = True
            post.send(order.number, Warned(self._cache.trouble))  # it can't be cancelled: the job is done
        return answer

    def _answer(self, order: Order, post: _Post, progress: _PipedProgress) -> Answer:
        job = order.job
        if isinstance(job, TrainJob):
            return self._train(job, progress)
        if isinstance(job, OpenJob):
            return self._open_file(job, progress)
        if isinstance(job, SaveJob):
            self._save(job)
            return None
        if isinstance(job, ScoreJob):
            return self._score(job, order.number, post, progress)
        if isinstance(job, PartsJob):
            return self._number_parts(job, progress)
        if isinstance(job, ReconstructJob):
            return self._reconstruct(job)
        if isinstance(job, CompareJob):
            return self._compare(job, progress)
        if isinstance(job, SampleJob):
            return self._sample(job, progress)
        raise TypeError(f"no such job: {job!r}")

    def _model(self, file: Path) -> Model:
        from anomaly_gui.detection.model.model_file import open_model

        written = file.stat().st_mtime_ns if file.exists() else -1
        if self._open is None or self._open[:2] != (file, written):
            self._open = (file, written, open_model(file))
        return self._open[2]

    def _keep(self, model: Model, file: Path) -> None:
        from anomaly_gui.detection.model.model_file import save_model

        save_model(model, file)
        self._open = (file, file.stat().st_mtime_ns, model)

    def _train(self, job: TrainJob, progress: _PipedProgress) -> Trained:
        from anomaly_gui.detection.training import train

        result = train(job.request, progress, self.runtime, self.cache)
        defects = self._defects(result, progress)
        progress.stage("Keeping the model")
        self._keep(result.model, job.keep)
        return Trained(
            request=job.request,
            view=ModelView.of(result.model, job.keep, result.model.detector.plan.runs_on(self.runtime)),
            defects=defects,
            unreadable=tuple((error.path, error.reason) for error in result.unreadable),
            duplicates=result.duplicates,
            notes=result.notes,
            warnings=result.warnings,
            seconds=result.seconds,
            advice=result.advice,
            recommended=result.lying.recommended,
            reused=result.reused,
            suspects=result.suspects,
            suspects_left_out=result.suspects_left_out,
            kinds=result.kinds,
            alleged_copies=result.alleged_copies,
            in_doubt=result.in_doubt,
            other_day=result.other_day,
        )

    def _defects(self, result: TrainResult, progress: _PipedProgress) -> tuple[ImageResult, ...]:
        """Return the known defects as if they had been scored, with their maps where the model makes any."""
        from anomaly_gui.detection.model.image_result import ImageResult
        from anomaly_gui.detection.scoring import judge
        from anomaly_gui.detection.settings.detector_kinds import DETECTORS

        model, files = result.model, [record.path for record, _ in result.defects]
        if DETECTORS[model.detector.kind].has_map and files:
            progress.stage("Known defects: where they differ", len(files))
            return tuple(judge(model, files, progress, runtime=self.runtime, cache=self.cache))
        return tuple(
            ImageResult(record.path, score, model.threshold.verdict(score), sha256=record.sha256)
            for record, score in result.defects
        )

    def _open_file(self, job: OpenJob, progress: _PipedProgress) -> ModelView:
        from anomaly_gui.detection.model.model_file import open_model
        from anomaly_gui.detection.model.self_check import judging_difference

        progress.stage("Opening the model")
        model = open_model(job.file)
        progress.stage("Checking the model")
        warning = judging_difference(model, self.runtime)
        self._keep(model, job.keep)
        return ModelView.of(model, job.keep, model.detector.plan.runs_on(self.runtime), warning)

    def _save(self, job: SaveJob) -> None:
        from anomaly_gui.detection.model.model_file import save_model

        model = self._model(job.model)
        save_model(replace(model, threshold=job.threshold, moves=job.moves), job.file)

    def _score(self, job: ScoreJob, number: int, post: _Post, progress: _PipedProgress) -> ScoringDone:
        from anomaly_gui.detection.datasets.left_out_folders import not_looked_into
        from anomaly_gui.detection.images.decoding.kinds import name_passed_over
        from anomaly_gui.detection.images.folders import list_images
        from anomaly_gui.detection.model.image_result import refuse_image
        from anomaly_gui.detection.scoring import SameFiles, judge

        model, listing = self._model(job.model), list_images(job.paths)
        if listing.refused:
            post.send(number, Scored(tuple(map(refuse_image, listing.refused))))
        if others := name_passed_over(listing.others):
            progress.warn(others)
        progress.stage("Scoring", len(listing.files))
        ready, said, same = [], time.monotonic(), SameFiles()
        judged = judge(
            model, listing.files, progress, runtime=self.runtime, cache=self.cache, with_nearest=True
        )
        for image in judged:
            ready.append(same.remarked(image))
            if time.monotonic() - said >= _EVERY:
                post.send(number, Scored(tuple(ready)))
                ready, said = [], time.monotonic()
        post.send(number, Scored(tuple(ready)))
        return ScoringDone(listing.passed_over, listing.hidden, not_looked_into(listing.left_out))

    def _number_parts(self, job: PartsJob, progress: _PipedProgress) -> tuple[int, ...]:
        from anomaly_gui.detection.model.promise_check import number_parts
        from anomaly_gui.detection.scoring import judge

        model = self._model(job.model)
        progress.stage("Telling parts apart", len(job.paths))
        judged = judge(
            model, job.paths, progress, runtime=self.runtime, cache=self.cache, with_fingerprint=True
        )
        return tuple(number_parts(tuple(judged)).tolist())

    def _reconstruct(self, job: ReconstructJob) -> Reconstructed:
        from anomaly_gui.detection.features.extraction import extract_features
        from anomaly_gui.detection.images.loading import load_image
        from anomaly_gui.detection.learning.plan_networks import LearnedNetwork

        model = self._model(job.model)
        plan = model.detector.plan
        image = plan.prepared(load_image(job.path, plan.reading(model.pixel_limit))).pixels
        maps = model.detector.judge(extract_features(image[None], plan, self.runtime)).maps
        if not isinstance(plan.network, LearnedNetwork) or maps is None:
            raise TypeError(f"a model of the kind {model.detector.kind} reconstructs nothing")
        return Reconstructed(image, plan.network.reconstruct_images(image[None])[0], maps[0])

    def _compare(self, job: CompareJob, progress: _PipedProgress) -> Compared:
        from anomaly_gui.detection.comparison import compare

        result = compare(job.request, progress, self.runtime, self.cache)
        normal, anomalous = len(result.normal.images.records), len(result.anomalous.images.records)
        place = result.candidates.index(result.recommended)
        return Compared(
            result.candidates,
            place,
            result.recommendation,
            normal,
            anomalous,
            result.seconds,
            result.skipped,
        )

    def _sample(self, job: SampleJob, progress: _PipedProgress) -> Example:
        from anomaly_gui.detection.worked_example import unpack_sample

        progress.stage("Unpacking the sample")
        return unpack_sample(job.folder)
