"""What a training was asked for last, offered again at the next start."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
from anomaly_gui.errors import ParameterError

if TYPE_CHECKING:
    from anomaly_gui.detection.datasets.train_request import TrainRequest
    from anomaly_gui.gui.state.preferences import Preferences
    from anomaly_gui.gui.train.model_panel import ModelPanel

_REGION = "region_of_interest"
_CALIBRATION = "other_day"  # as it is called in the settings of every user


def save_choices(preferences: Preferences, request: TrainRequest) -> None:
    """Remember the folders of a training and its region of interest."""
    preferences.set_folders("good", request.normal)
    preferences.set_folders(_CALIBRATION, request.calibration)
    preferences.set_folders("defects", request.anomalous)
    preferences.set_text(_REGION, json.dumps(request.interest.to_values()))


def offer_choices(preferences: Preferences, panel: ModelPanel) -> None:
    """Offer the folders of the last training again, where they are still there, and its region."""
    for name, field in (("good", panel.good), (_CALIBRATION, panel.calibration), ("defects", panel.defects)):
        paths = tuple(path for path in preferences.read_folders(name) if path.exists())
        if paths:
            field.set_paths(paths)
    if panel.good.paths:  # a region belongs to the images it was drawn on
        panel.region.set_region(_read_region(preferences.read_text(_REGION)))


def _read_region(text: str) -> RegionOfInterest:
    try:
        return RegionOfInterest.from_values(json.loads(text or "[]"))
    except (ValueError, ParameterError):  # the file of settings is anybody's to edit
        return RegionOfInterest()
