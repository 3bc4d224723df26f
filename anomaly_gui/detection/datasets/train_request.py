"""What a training is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from anomaly_gui.detection.images.folders import ImageListing, Purpose, list_images
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
from anomaly_gui.detection.settings.train_settings import TrainSettings


@dataclass(frozen=True)
class TrainRequest:
    """What to train from.

    Parameters
    ----------
    normal : folders and files of good images
    calibration : good images of another day; the threshold then rests on these
    anomalous : known defects, for the rule best-f1 and for what counts in the automatic detector
    settings : how
    excluded : files, and folders of files, that are not to be used, however they are spelled
    interest : the places of an image that count; all of them where nothing is drawn
    surely_good : files among the good images that a person has judged: they are no suspects
    """

    normal: tuple[Path, ...]
    calibration: tuple[Path, ...] = ()
    anomalous: tuple[Path, ...] = ()
    settings: TrainSettings = field(default_factory=TrainSettings)
    excluded: tuple[Path, ...] = ()
    interest: RegionOfInterest = field(default_factory=RegionOfInterest)
    surely_good: tuple[Path, ...] = ()

    def listings(self) -> tuple[ImageListing, ...]:
        """Return the images given, those excluded among them."""
        good, defects = (*self.normal, *self.calibration), self.anomalous
        return list_images(good, Purpose.GOOD), list_images(defects, Purpose.DEFECT)
