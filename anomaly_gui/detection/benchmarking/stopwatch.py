"""How long jobs take: on the wall's clock, and of the cores."""

from __future__ import annotations

import os
import time
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Job: TypeAlias = "Callable[[], Any]"


@dataclass(frozen=True)
class Duration:
    """What a job takes, in seconds.

    Parameters
    ----------
    seconds : that pass
    core_seconds : of cores that it uses meanwhile: twice as many where two are busy
    other_seconds : of cores that other programs use meanwhile
    """

    seconds: float
    core_seconds: float
    other_seconds: float

    def __sub__(self, other: Duration) -> Duration:
        """Return what is left of this job without another one, nothing less than nothing."""
        return Duration(*np.maximum(np.subtract(astuple(self), astuple(other)), 0).tolist())


def time_jobs(jobs: Mapping[str, Job], rounds: int, *, warm_up: bool = True) -> dict[str, Duration]:
    """Return the median of each job's durations; jobs take turns, so that a slow minute hits all of them.

    Parameters
    ----------
    warm_up : whether each is run once before, which compiles or reserves memory
    """
    if warm_up:
        for job in jobs.values():
            job()
    measured = [{name: astuple(_time_once(job)) for name, job in jobs.items()} for _ in range(rounds)]
    return {name: Duration(*np.median([one[name] for one in measured], axis=0).tolist()) for name in jobs}


def time_job(job: Job, rounds: int, *, warm_up: bool = True) -> Duration:
    """Return the median of one job's durations; see `time_jobs`."""
    return time_jobs({"": job}, rounds, warm_up=warm_up)[""]


def _time_once(job: Job) -> Duration:
    busy, own, began = count_busy_seconds(), time.process_time(), time.perf_counter()
    job()
    passed, own = time.perf_counter() - began, time.process_time() - own
    return Duration(passed, own, max(0.0, count_busy_seconds() - busy - own))


def count_busy_seconds() -> float:
    """Return for how long the cores that this process may use were busy, with whatever, since the start."""
    import psutil

    cores = [each._asdict() for each in psutil.cpu_times(percpu=True)]
    usable = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(len(cores))
    not_counted = ("idle", "iowait", "guest", "guest_nice")  # guests are in the time of users already
    return float(
        sum(
            seconds for number in usable for name, seconds in cores[number].items() if name not in not_counted
        )
    )
