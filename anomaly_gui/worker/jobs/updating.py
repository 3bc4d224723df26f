"""Add good images to a model, or take some out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from anomaly_gui.language import translate
from anomaly_gui.worker.messages import Job
from anomaly_gui.worker.model_summary import ModelSummary

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.datasets.updates.update_request import UpdateRequest
    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.detection.model.model import ThresholdMove
    from anomaly_gui.detection.updating import UpdateFindings
    from anomaly_gui.worker.context import JobContext


@dataclass(frozen=True)
class UpdateJob(Job):
    """Update the model of a file, with this threshold and these moves, and keep the new one in `keep`.

    Answers with `Updated`.
    """

    model: Path
    threshold: Threshold
    moves: tuple[ThresholdMove, ...]
    request: UpdateRequest
    keep: Path


@dataclass(frozen=True, eq=False)
class Updated:
    """A model after an update, and what that found."""

    request: UpdateRequest
    view: ModelSummary
    findings: UpdateFindings


def update_kept_model(job: UpdateJob, context: JobContext) -> Updated:
    """Update a model, and keep what becomes of it."""
    from anomaly_gui.detection.updating import update_model

    model = replace(context.engine.load_model(job.model), threshold=job.threshold, moves=job.moves)
    result = update_model(model, job.request, context.progress, context.runtime, context.cache)
    context.progress.stage(translate("Keeping the model"))
    context.engine.keep_model(result.model, job.keep)
    used = result.model.detector.plan.runs_on(context.runtime)
    return Updated(job.request, ModelSummary.of(result.model, job.keep, used), result.findings)
