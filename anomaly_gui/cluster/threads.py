"""How many cores a process of a cluster has, and keeps to."""

from __future__ import annotations

import os
from contextlib import suppress

_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
CORES_A_WORKER = 2
"""A process has a pair of cores: one alone waits for the disk, and more than two help the network little."""

CORES_VARIABLE = "ANOMALY_GUI_CORES"
"""Environment variable with the numbers of a worker's cores, where something else does not tell them."""


def list_usable_cores() -> list[int]:
    """Return the numbers of the cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def count_workers() -> int:
    """Return how many processes this machine has room for."""
    return max(1, len(list_usable_cores()) // CORES_A_WORKER)


def share_cores(workers: int) -> list[tuple[int, ...]]:
    """Return the cores of each of so many processes; they share cores where there are too few."""
    cores = list_usable_cores()
    each = max(1, len(cores) // workers)
    return [
        tuple(cores[(number * each + step) % len(cores)] for step in range(each)) for number in range(workers)
    ]


def limit_threads(cores: int) -> dict[str, str]:
    """Return the environment of a process that computes in so many threads."""
    return dict.fromkeys(_VARIABLES, str(cores))


def keep_to_cores(cores: tuple[int, ...]) -> None:
    """Let this process run on these cores only, with as many threads; before numpy is imported.

    Systems that cannot bind a process to these cores get the number of threads only: macOS, containers that
    forbid it, Windows with more than 64 of them.
    """
    import psutil

    os.environ.update(limit_threads(len(cores)))
    process = psutil.Process()
    if hasattr(process, "cpu_affinity"):
        with suppress(psutil.Error, OSError, ValueError, OverflowError):
            process.cpu_affinity(list(cores))
