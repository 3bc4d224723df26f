"""The shape, size and depth of the network's input, where the settings leave them to the images."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.images.bit_depth import find_bit_depth
from anomaly_gui.detection.images.loading import read_size
from anomaly_gui.detection.settings.choices import AUTO_DEPTH
from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from anomaly_gui.detection.settings.feature_settings import FLATTEST, TALLEST
from anomaly_gui.errors import ImageRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from anomaly_gui.detection.settings.train_settings import TrainSettings

LADDER = (160, 224, 320, 448)
"""Sizes of the input that time chooses from, in pixels: finer ones lost on two of three kinds of parts."""

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
    usual = _measure_usual(files, settings.pixel_limit) if kind.keeps_proportions else None
    if usual is None:
        return settings
    if settings.proportions is None:
        width, height = usual
        proportions = float(np.clip(height / width, FLATTEST, TALLEST))
        near = abs(np.log(proportions)) < _SQUARE
        settings = replace(settings, proportions=1.0 if near else round(proportions, 3))
    if settings.size is None:
        settings = replace(settings, size=min(_find_finest(usual), kind.size))
    return settings


def list_sizes(settings: TrainSettings, files: Sequence[Path]) -> tuple[int, ...]:
    """Return the sizes to choose from where time decides, the coarsest first: the one named, or a ladder.

    None is much larger than the images: that would only take time.
    """
    if settings.size is not None:
        return (settings.size,)
    usual = _measure_usual(files, settings.pixel_limit)
    finest = LADDER[-1] if usual is None else min(_find_finest(usual), LADDER[-1])
    return (*(size for size in LADDER if size < finest), finest)


def _measure_usual(files: Sequence[Path], pixel_limit: int) -> tuple[float, float] | None:
    """Return the usual width and height of images, in pixels, or None where none can be read."""
    if not len(files):
        return None
    chosen = {files[index] for index in np.linspace(0, len(files) - 1, _SAMPLE).astype(int)}
    read = [_read_size(file, pixel_limit) for file in sorted(chosen)]
    sizes = [size for size in read if size is not None]
    if not sizes:
        return None
    width, height = np.median(np.array(sizes), axis=0)
    return float(width), float(height)


def _find_finest(usual: tuple[float, float]) -> int:
    """Return the side of the largest input that images of a usual width and height are worth."""
    side = _ENLARGED * float(np.sqrt(usual[0] * usual[1]))
    return max(_SMALLEST, round(side / _STEP) * _STEP)


def _read_size(file: Path, pixel_limit: int) -> tuple[int, int] | None:
    try:
        return read_size(file, pixel_limit)
    except ImageRefusedError:
        return None


def settle_depth(settings: TrainSettings, sets: Iterable[Sequence[Path]]) -> TrainSettings:
    """Return the settings with the depth of the 16-bit files among some sets, where none is requested."""
    if settings.depth != AUTO_DEPTH:
        return settings
    found = [find_bit_depth(files, settings.pixel_limit) for files in sets]
    return settings.with_depth(max((depth for depth in found if depth), default=None))
