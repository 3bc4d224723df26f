"""Compare detectors, layers and sizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anomaly_gui.worker.messages import Job

if TYPE_CHECKING:
    from anomaly_gui.detection.candidates.request import CompareRequest
    from anomaly_gui.detection.comparison import CompareResult
    from anomaly_gui.worker.context import JobContext


@dataclass(frozen=True)
class CompareJob(Job):
    """Compare detectors, layers and sizes. Answers with the library's `CompareResult`."""

    request: CompareRequest


def compare_candidates(job: CompareJob, context: JobContext) -> CompareResult:
    """Fit every candidate, and see how well it does."""
    from anomaly_gui.detection.comparison import compare

    return compare(job.request, context.progress, context.runtime, context.cache)
