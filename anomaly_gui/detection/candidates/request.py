"""What a comparison is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from anomaly_gui.detection.datasets.exclusions import files_excluded
from anomaly_gui.detection.datasets.image_sets import list_for
from anomaly_gui.detection.images.folders import Purpose, list_images
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
from anomaly_gui.detection.settings.train_settings import TrainSettings

SIZES = (160, 224, 320)
"""Sides of the network's input that are compared, in pixels."""


@dataclass(frozen=True)
class CompareRequest:
    """What to compare on.

    Parameters
    ----------
    normal : folders and files of good images, to learn from
    anomalous : known defects; without any, nothing is ranked by accuracy
    settings : everything but detector, layer and size
    sizes : sides of the network's input in pixels
    interest : the places of an image that count
    learned : whether detectors that learn their features are trained and compared, too
    excluded : files, and folders of files, that are not to be used
    """

    normal: tuple[Path, ...]
    anomalous: tuple[Path, ...] = ()
    settings: TrainSettings = field(default_factory=TrainSettings)
    sizes: tuple[int, ...] = SIZES
    interest: RegionOfInterest = field(default_factory=RegionOfInterest)
    learned: bool = False
    excluded: tuple[Path, ...] = ()

    def files_excluded(self) -> frozenset[Path]:
        """Return the files that are not to be used, as they are listed."""
        if not self.excluded:
            return frozenset()
        good = list_images(self.normal, Purpose.GOOD)
        return files_excluded(self.excluded, (good, list_images(self.anomalous, Purpose.DEFECT)))

    def good_files(self) -> Sequence[Path]:
        """Return the files of good images."""
        return list_for(self.normal, excluded=self.files_excluded()).files
