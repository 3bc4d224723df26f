"""Measure how fast images are judged with some settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anomaly_gui.worker.messages import Job

if TYPE_CHECKING:
    from anomaly_gui.detection.datasets.judging_rate import JudgingRate
    from anomaly_gui.detection.datasets.train_request import TrainRequest
    from anomaly_gui.worker.context import JobContext


@dataclass(frozen=True)
class RateJob(Job):
    """Measure how fast a training's images would be judged. Answers with `JudgingRate`."""

    request: TrainRequest


def measure_judging(job: RateJob, context: JobContext) -> JudgingRate:
    """Judge some of the good images with a detector fitted to nothing."""
    from anomaly_gui.detection.datasets.time_allowed import measure_request

    return measure_request(job.request, context.runtime, context.progress)
