"""Open and save model files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from anomaly_gui.language import translate
from anomaly_gui.worker.messages import Job
from anomaly_gui.worker.model_summary import ModelSummary

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.detection.model.model import ThresholdMove
    from anomaly_gui.worker.context import JobContext


@dataclass(frozen=True)
class OpenJob(Job):
    """Open a model file, check it, and keep a copy in the file `keep`, which may be the same.

    Answers with `ModelSummary`.
    """

    file: Path
    keep: Path


@dataclass(frozen=True)
class SaveJob(Job):
    """Save the model of a file under another name, with this threshold and these moves. Answers with None."""

    model: Path
    threshold: Threshold
    moves: tuple[ThresholdMove, ...]
    file: Path


def open_model_file(job: OpenJob, context: JobContext) -> ModelSummary:
    """Open a model file and check it on this machine."""
    from anomaly_gui.detection.model.model_file import open_model
    from anomaly_gui.detection.model.self_check import judging_difference

    context.progress.stage(translate("Opening the model"))
    is_kept = job.file == job.keep
    model = context.engine.load_model(job.file) if is_kept else open_model(job.file)
    context.progress.stage(translate("Checking the model"))
    warning = judging_difference(model, context.runtime)
    if not is_kept:
        context.engine.keep_model(model, job.keep)
    return ModelSummary.of(model, job.keep, model.detector.plan.runs_on(context.runtime), warning)


def save_model_as(job: SaveJob, context: JobContext) -> None:
    """Save a model under another name."""
    from anomaly_gui.detection.model.model_file import save_model

    model = context.engine.load_model(job.model)
    save_model(replace(model, threshold=job.threshold, moves=job.moves), job.file)
