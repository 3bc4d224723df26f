"""Which handler carries out which job: the one line that a new job adds here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anomaly_gui.worker.jobs.comparing import CompareJob, compare_candidates
from anomaly_gui.worker.jobs.judging_rate import RateJob, measure_judging
from anomaly_gui.worker.jobs.models import OpenJob, SaveJob, open_model_file, save_model_as
from anomaly_gui.worker.jobs.parts import PartsJob, tell_parts_apart
from anomaly_gui.worker.jobs.reconstructing import ReconstructJob, reconstruct_image
from anomaly_gui.worker.jobs.sample import SampleJob, unpack_digits
from anomaly_gui.worker.jobs.scoring import ScoreJob, score_images
from anomaly_gui.worker.jobs.training import TrainJob, train_model
from anomaly_gui.worker.jobs.updating import UpdateJob, update_kept_model

if TYPE_CHECKING:
    from collections.abc import Callable

    from anomaly_gui.worker.context import JobContext
    from anomaly_gui.worker.messages import Job

HANDLERS: dict[type[Job], Callable[[Any, JobContext], Any]] = {
    TrainJob: train_model,
    UpdateJob: update_kept_model,
    OpenJob: open_model_file,
    SaveJob: save_model_as,
    ScoreJob: score_images,
    PartsJob: tell_parts_apart,
    ReconstructJob: reconstruct_image,
    CompareJob: compare_candidates,
    RateJob: measure_judging,
    SampleJob: unpack_digits,
}


def handle_job(job: Job, context: JobContext) -> Any:
    """Carry out a job and return its answer."""
    answer = HANDLERS[type(job)](job, context)
    context.warn_of_cache()
    return answer
