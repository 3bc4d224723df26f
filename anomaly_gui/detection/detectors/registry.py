"""From a detector's name to what it is: its module is imported when it is first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from anomaly_gui.detection.settings.detector_kinds import DETECTORS

if TYPE_CHECKING:
    from anomaly_gui.detection.detectors.placement.placement import Placement
    from anomaly_gui.detection.detectors.protocol import Detector
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
    from anomaly_gui.detection.settings.train_settings import TrainSettings


def load_detector(kind: str) -> type[Detector]:
    """Return the class of a detector; ValueError for a name that none has."""
    if kind not in DETECTORS:
        raise ValueError(f"there is no detector {kind!r}")
    module, name = DETECTORS[kind].where.split(":")
    found: type[Detector] = getattr(import_module(module), name)
    return found


def make_plan(settings: TrainSettings, interest: RegionOfInterest, placement: Placement) -> Plan:
    """Return what the detector asked for takes of an image of parts that lie so."""
    return load_detector(settings.detector).make_plan(settings, interest, placement)
