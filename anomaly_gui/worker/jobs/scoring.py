"""Score folders and files."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anomaly_gui.worker.messages import Job, Scored
from anomaly_gui.worker.post import SECONDS_APART

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.worker.context import JobContext


@dataclass(frozen=True)
class ScoreJob(Job):
    """Score folders and files. Sends `Scored` as results come, and answers with `ScoringDone`."""

    model: Path
    paths: tuple[Path, ...]


@dataclass(frozen=True)
class ScoringDone:
    """How many files of other kinds, and hidden ones, were not looked at; and sentences on folders."""

    passed_over: int
    hidden: int
    left_out: tuple[str, ...] = ()


def score_images(job: ScoreJob, context: JobContext) -> ScoringDone:
    """Judge images, and send their results as they come."""
    from anomaly_gui.detection.datasets.left_out_folders import not_looked_into
    from anomaly_gui.detection.images.decoding.kinds import describe_passed_over
    from anomaly_gui.detection.scoring import SameFiles, ScoreRequest, start_scoring

    request = ScoreRequest(context.engine.load_model(job.model), job.paths, with_nearest=True)
    scoring = start_scoring(request, context.progress, context.runtime, context.cache, may_be_empty=True)
    listing = scoring.listing
    if others := describe_passed_over(listing.others):
        context.progress.warn(others)
    ready, sent_at, same = [], time.monotonic(), SameFiles()
    for _, image in scoring.results:
        ready.append(same.add_remark(image))
        if time.monotonic() - sent_at >= SECONDS_APART:
            context.send_message(Scored(tuple(ready)))
            ready, sent_at = [], time.monotonic()
    context.send_message(Scored(tuple(ready)))
    return ScoringDone(listing.passed_over, listing.hidden, not_looked_into(listing.left_out))
