"""Tell which images show one part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anomaly_gui.language import translate
from anomaly_gui.worker.messages import Job

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.worker.context import JobContext


@dataclass(frozen=True)
class PartsJob(Job):
    """Tell which images show one part. Answers with a number for each of them."""

    model: Path
    paths: tuple[Path, ...]


def tell_parts_apart(job: PartsJob, context: JobContext) -> tuple[int, ...]:
    """Return a number for each image; those of one number show one part."""
    import numpy as np

    from anomaly_gui.detection.model.image_judging import judge_images
    from anomaly_gui.detection.model.judged_columns import JudgedColumns
    from anomaly_gui.detection.model.promise_check import number_parts

    model = context.engine.load_model(job.model)
    context.progress.stage(translate("Telling parts apart"), len(job.paths))
    results = judge_images(
        model,
        job.paths,
        context.progress,
        runtime=context.runtime,
        cache=context.cache,
        with_fingerprint=True,
    )
    judged = JudgedColumns.of(results)
    return tuple(number_parts(judged, np.arange(len(judged.files))).tolist())
