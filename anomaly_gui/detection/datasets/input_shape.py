"""The shape and size of the network's input, where the settings leave them to the images."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.images.loading import read_size
from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from anomaly_gui.detection.settings.feature_settings import FLATTEST, TALLEST
from anomaly_gui.errors import ImageRefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anomaly_gui.detection.settings.train_settings import TrainSettings

_SAMPLE = 30
_STEP, _SMALLEST = 32, 64  # pixels
_ENLARGED = 2  # times at most: the network sees fine grain better enlarged, but not what is not there
_SQUARE = 0.05  # images nearer than this to a square are taken for one


def settle_shape(settings: TrainSettings, files: Sequence[Path]) -> TrainSettings:
    """Return the settings with the proportions of good images, and not much larger than these.

    Only for detectors that keep proportions, and where none are named. Files that cannot be read are left
    out: whoever reads all of them says why.
    """
    kind = DETECTORS[settings.detector]
    if not kind.keeps_proportions or not len(files):
        return settings
    chosen = {files[index] for index in np.linspace(0, len(files) - 1, _SAMPLE).astype(int)}
    read = [_read_size(file, settings.pixel_limit) for file in sorted(chosen)]
    sizes = [size for size in read if size is not None]
    if not sizes:
        return settings
    width, height = np.median(np.array(sizes), axis=0)
    if settings.proportions is None:
        proportions = float(np.clip(height / width, FLATTEST, TALLEST))
        near = abs(np.log(proportions)) < _SQUARE
        settings = replace(settings, proportions=1.0 if near else round(proportions, 3))
    if settings.size is None:
        side = max(_SMALLEST, round(_ENLARGED * float(np.sqrt(width * height)) / _STEP) * _STEP)
        settings = replace(settings, size=min(side, kind.size))
    return settings


def _read_size(file: Path, pixel_limit: int) -> tuple[int, int] | None:
    try:
        return read_size(file, pixel_limit)
    except ImageRefusedError:
        return None
