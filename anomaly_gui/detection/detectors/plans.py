"""Which plan a detector needs for parts that lie so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from anomaly_gui.detection.features.plan import Grid, Plan
from anomaly_gui.detection.settings.choices import POOLED, POSITIONAL
from anomaly_gui.detection.settings.grid_settings import MOST_CHANNELS

if TYPE_CHECKING:
    from anomaly_gui.detection.detectors.placement import Placement
    from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
    from anomaly_gui.detection.settings.train_settings import TrainSettings


def make_plan(settings: TrainSettings, interest: RegionOfInterest, lying: Placement) -> Plan:
    """Return what the detector asked for takes of an image of parts that lie so."""
    if settings.detector == POOLED:
        return Plan(settings.features, interest=interest)
    grid = settings.grid
    if settings.detector == POSITIONAL:
        return Plan(settings.features, Grid.from_settings(grid), interest=interest)
    if lying.alignment is None:  # one Gaussian of many more places can be told more of each
        grid = replace(grid, channels=min(3 * grid.channels, MOST_CHANNELS))
    return Plan(settings.features, Grid.from_settings(grid), lying.alignment, interest)
