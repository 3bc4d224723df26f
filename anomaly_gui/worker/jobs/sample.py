"""Unpack the sample's digits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anomaly_gui.language import translate
from anomaly_gui.worker.messages import Job

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.worked_example import Example
    from anomaly_gui.worker.context import JobContext


@dataclass(frozen=True)
class SampleJob(Job):
    """Write the sample's digits into a folder. Answers with the library's `Example`."""

    folder: Path


def unpack_digits(job: SampleJob, context: JobContext) -> Example:
    """Write the digits into a folder."""
    from anomaly_gui.detection.worked_example import unpack_sample

    context.progress.stage(translate("Unpacking the sample"))
    return unpack_sample(job.folder)
