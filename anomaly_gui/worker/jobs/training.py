"""Train a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anomaly_gui.language import translate
from anomaly_gui.worker.messages import Job
from anomaly_gui.worker.model_summary import ModelSummary

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.datasets.train_request import TrainRequest
    from anomaly_gui.detection.model.image_result import ImageResult
    from anomaly_gui.detection.training import TrainFindings, TrainResult
    from anomaly_gui.worker.context import JobContext


@dataclass(frozen=True)
class TrainJob(Job):
    """Train, and keep the model in the file `keep`. Answers with `Trained`."""

    request: TrainRequest
    keep: Path


@dataclass(frozen=True, eq=False)
class Trained:
    """A new model, what became of the known defects, and what the training found."""

    request: TrainRequest
    view: ModelSummary
    defects: tuple[ImageResult, ...]
    findings: TrainFindings


def train_model(job: TrainJob, context: JobContext) -> Trained:
    """Train, and keep the model."""
    from anomaly_gui.detection.training import train

    result = train(job.request, context.progress, context.runtime, context.cache)
    defects = _judge_defects(result, context)
    context.progress.stage(translate("Keeping the model"))
    context.engine.keep_model(result.model, job.keep)
    used = result.model.detector.plan.runs_on(context.runtime)
    return Trained(job.request, ModelSummary.of(result.model, job.keep, used), defects, result.findings)


def _judge_defects(result: TrainResult, context: JobContext) -> tuple[ImageResult, ...]:
    """Return the known defects as if they had been scored, with their maps where the model makes any."""
    from anomaly_gui.detection.model.image_judging import judge_images
    from anomaly_gui.detection.settings.detector_kinds import DETECTORS

    model, files = result.model, [image.path for image in result.defects]
    if not DETECTORS[model.detector.kind].has_map or not files:
        return result.defects
    context.progress.stage(translate("Known defects: where they differ"), len(files))
    judged = judge_images(model, files, context.progress, runtime=context.runtime, cache=context.cache)
    return tuple(judged)
