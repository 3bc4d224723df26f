"""What a detector takes of a machine: memory, disk, and room in a model file."""

from __future__ import annotations

import shutil
import tempfile
from typing import TYPE_CHECKING

from anomaly_gui.detection.detectors.renewal.renewal import KEPT, MOST_FINGERPRINTS
from anomaly_gui.detection.runtimes.machine import measure_memory
from anomaly_gui.detection.settings.grid_settings import MOST_CHANNELS
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from anomaly_gui.detection.detectors.protocol import Detector

_CELL_PIXELS = 64


_BYTES_A_PIXEL = 2000  # of a batch's largest layers, in the network


_FINGERPRINT_BYTES = 19_000


_MEGA = 1_000_000


def estimate_megabytes(detector: Detector, images: int) -> float:
    """Return about how large a model file of so many training images is, in MB."""
    learned, plan = sum(array.nbytes for array in detector.state()[1].values()), detector.plan
    if plan.grid is not None:
        learned += plan.grid.directions.nbytes
    if plan.network is not None:
        return (learned + 2 * images * plan.length) / _MEGA
    cells = 2 * min(images, KEPT) * int(plan.used_cells.sum()) * plan.channels
    fingerprints = _FINGERPRINT_BYTES * images if images <= MOST_FINGERPRINTS else 0
    return (learned + 4 * images * plan.length + cells + fingerprints) / _MEGA


def find_obstacle(size: int, images: int) -> str | None:
    """Return why a size does not fit this machine, or None."""
    cells = size * size / _CELL_PIXELS
    disk = 2 * cells * MOST_CHANNELS * images
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if disk > free:
        folder = tempfile.gettempdir()
        return translate(
            "{size} px needs {needed:,.0f} MB in {folder}, where {free:,.0f} are free.",
            size=size,
            needed=disk / _MEGA,
            folder=folder,
            free=free / _MEGA,
        )
    memory = 16 * 224**2 * _BYTES_A_PIXEL + cells * 100**2 * 24
    there = measure_memory()
    if memory > there:
        return translate(
            "{size} px needs {needed:,.0f} MB of memory, there are {there:,.0f}.",
            size=size,
            needed=memory / _MEGA,
            there=there / _MEGA,
        )
    return None
