"""What a detector takes of a machine: time, memory, disk."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.features import LAYERS
from anomaly_gui.detection.grids import MOST_CHANNELS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from anomaly_gui.detection.detectors import Detector

_KERNEL = 9
_CELL_PIXELS = 64
_BYTES_A_PIXEL = 2000  # of a batch's largest layers, in the network
_MEGA = 1_000_000
_PEAK_SIDE, _PEAK_ROUNDS = 2048, 8


def pixel_operations(layers: Iterable[str]) -> float:
    """Return multiplications a pixel of the input that the network does up to the deepest of these layers.

    >>> round(pixel_operations(["block5_conv3"]) / pixel_operations(["block4_conv3"]), 2)
    1.1
    """
    names = list(LAYERS)
    deepest = max(names.index(name) for name in layers)
    inputs, total = 3, 0.0
    for name in names[: deepest + 1]:
        if name.endswith("_pool"):
            continue
        block = int(name[5])
        total += _KERNEL * inputs * LAYERS[name] / 4 ** (block - 1)
        inputs = LAYERS[name]
    return total


def cores() -> int:
    """Return how many physical cores this process may use; hyperthreads only get in each other's way."""
    import psutil

    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(usable, psutil.cpu_count(logical=False) or usable))


def measured_peak() -> float:
    """Return the float32 operations a second that numpy's matrix product reaches here: the best of a few."""
    square = np.random.default_rng(0).random((_PEAK_SIDE, _PEAK_SIDE), np.float32)
    seconds = []
    for _ in range(_PEAK_ROUNDS):
        began = time.perf_counter()
        square @ square
        seconds.append(time.perf_counter() - began)
    return 2 * _PEAK_SIDE**3 / min(seconds)


def megabytes_of_model(detector: Detector, images: int) -> float:
    """Return about how large a model file of so many training images is, in MB."""
    learned = sum(array.nbytes for array in detector.state()[1].values())
    if detector.plan.grid is not None:
        learned += detector.plan.grid.directions.nbytes
    return (learned + 2 * images * detector.plan.length) / _MEGA


def obstacle(size: int, images: int) -> str | None:
    """Return why a size does not fit this machine, or None."""
    cells = size * size / _CELL_PIXELS
    disk = 2 * cells * MOST_CHANNELS * images
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if disk > free:
        folder = tempfile.gettempdir()
        return f"{size} px needs {disk / _MEGA:,.0f} MB in {folder}, where {free / _MEGA:,.0f} are free."
    memory = 16 * 224**2 * _BYTES_A_PIXEL + cells * 100**2 * 24
    there = memory_of_machine()
    if memory > there:
        return f"{size} px needs {memory / _MEGA:,.0f} MB of memory, there are {there / _MEGA:,.0f}."
    return None


def memory_of_machine() -> int:
    """Return how much memory there is, in bytes."""
    import psutil

    return int(psutil.virtual_memory().total)


def free_memory() -> int:
    """Return how much memory programs can have without others being swapped out, in bytes."""
    import psutil

    return int(psutil.virtual_memory().available)
