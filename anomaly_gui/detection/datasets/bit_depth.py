"""How many bits the files of 16 use, where the settings leave that to be found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anomaly_gui.detection.images.bit_depth import find_bit_depth
from anomaly_gui.detection.settings.choices import AUTO_DEPTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from anomaly_gui.detection.settings.train_settings import TrainSettings


def settle_depth(settings: TrainSettings, sets: Iterable[Sequence[Path]]) -> TrainSettings:
    """Return the settings with the depth of the 16-bit files among some sets, where none is requested."""
    if settings.depth != AUTO_DEPTH:
        return settings
    found = [find_bit_depth(files, settings.pixel_limit) for files in sets]
    return settings.with_depth(max((depth for depth in found if depth), default=None))
