"""A job of one's own: a file with what is asked and done, and one line in the registry."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from anomaly_gui.worker import jobs, registry
from anomaly_gui.worker.client import Worker
from anomaly_gui.worker.messages import Advanced, Crashed, Finished, Job, Stage


@dataclass(frozen=True)
class CountJob(Job):
    """Count to a number. Answers with it."""

    until: int


def count_up(job, context):
    context.progress.stage("Counting", job.until)
    context.progress.advance(job.until)
    return job.until


@dataclass(frozen=True)
class UnknownJob(Job):
    """Has no handler."""


registry.HANDLERS[CountJob] = count_up  # the worker's process imports this module as it receives the job


@pytest.fixture
def worker():
    worker = Worker()
    yield worker
    worker.close()


def _carry_out(worker, job):
    number, messages = worker.send(job), []
    while not messages or not isinstance(messages[-1], Finished | Crashed):
        messages += [message for at, message in worker.receive(20.0) if at == number]
    return messages


def test_a_registered_job_runs_in_the_worker_with_its_own_progress(worker):
    stage, advanced, last = _carry_out(worker, CountJob(3))
    assert stage == Stage("Counting", 3)
    assert advanced == Advanced(3)
    assert last.answer == 3


def test_a_job_without_a_handler_is_a_bug_that_is_reported(worker):
    assert "UnknownJob" in _carry_out(worker, UnknownJob())[-1].report


def test_every_job_of_the_worker_has_its_handler():
    modules = {path.stem for path in Path(jobs.__file__).parent.glob("[a-z]*.py")}
    handled = {
        job.__module__.rsplit(".", 1)[1] for job in registry.HANDLERS if "worker.jobs" in job.__module__
    }
    assert handled == modules
