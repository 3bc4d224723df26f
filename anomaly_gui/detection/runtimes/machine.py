"""What a detector takes of a machine: time, memory, disk."""

from __future__ import annotations

import os
import time

import numpy as np

_PEAK_SIDE, _PEAK_ROUNDS = 2048, 8


def count_cores() -> int:
    """Return how many physical cores this process may use; hyperthreads only get in each other's way."""
    import psutil

    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(usable, psutil.cpu_count(logical=False) or usable))


def measure_peak() -> float:
    """Return the float32 operations a second that numpy's matrix product reaches here: the best of a few."""
    square = np.random.default_rng(0).random((_PEAK_SIDE, _PEAK_SIDE), np.float32)
    seconds = []
    for _ in range(_PEAK_ROUNDS):
        began = time.perf_counter()
        square @ square
        seconds.append(time.perf_counter() - began)
    return 2 * _PEAK_SIDE**3 / min(seconds)


def measure_memory() -> int:
    """Return how much memory there is, in bytes."""
    import psutil

    return int(psutil.virtual_memory().total)


def measure_free_memory() -> int:
    """Return how much memory programs can have without others being swapped out, in bytes."""
    import psutil

    return int(psutil.virtual_memory().available)
