"""What a comparison is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from anomaly_gui.detection.datasets.exclusions import files_excluded, list_for
from anomaly_gui.detection.images.folders import Purpose, list_images
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
from anomaly_gui.detection.settings.backbones import BACKBONES, Backbone, find_backbone
from anomaly_gui.detection.settings.choices import AUTO, AUTOMATIC, POOLED
from anomaly_gui.detection.settings.feature_settings import FeatureSettings
from anomaly_gui.detection.settings.layers import parse_layers
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.errors import ParameterError
from anomaly_gui.language import translate

SIZES = (160, 224, 320)
"""Sides of the network's input that are compared, in pixels."""


@dataclass(frozen=True)
class CompareRequest:
    """What to compare on.

    Parameters
    ----------
    normal : folders and files of good images, to learn from
    anomalous : known defects; without any, nothing is ranked by accuracy
    settings : everything but detector, backbone, layer and size
    sizes : sides of the network's input in pixels
    interest : the places of an image that count
    learned : whether detectors that learn their features are trained and compared, too
    excluded : files, and folders of files, that are not to be used
    backbones : names of those compared; the first tells how parts lie and which images show one part
    """

    normal: tuple[Path, ...]
    anomalous: tuple[Path, ...] = ()
    settings: TrainSettings = field(default_factory=TrainSettings)
    sizes: tuple[int, ...] = SIZES
    interest: RegionOfInterest = field(default_factory=RegionOfInterest)
    learned: bool = False
    excluded: tuple[Path, ...] = ()
    backbones: tuple[str, ...] = tuple(BACKBONES)

    def files_excluded(self) -> frozenset[Path]:
        """Return the files that are not to be used, as they are listed."""
        if not self.excluded:
            return frozenset()
        good = list_images(self.normal, Purpose.GOOD)
        return files_excluded(self.excluded, (good, list_images(self.anomalous, Purpose.DEFECT)))

    def settings_with(self, backbone: str, size: int) -> TrainSettings:
        """Return the settings for a backbone and a size of a square.

        A layer was named for the settings' own backbone.
        """
        layer = self.settings.layer if backbone == self.settings.declared_backbone.name else AUTOMATIC
        return replace(
            self.settings, detector=POOLED, backbone=backbone, layer=layer, size=size, proportions=None
        )

    @property
    def automatic_settings(self) -> TrainSettings:
        """The settings for the detector that chooses for itself."""
        free = replace(self.settings, detector=AUTO, backbone=AUTOMATIC, layer=AUTOMATIC, size=None)
        return replace(free, normalization=AUTOMATIC, channels=None, proportions=None)

    def good_files(self) -> Sequence[Path]:
        """Return the files of good images."""
        return list_for(self.normal, excluded=self.files_excluded()).files


def parse_sizes(text: str) -> tuple[int, ...]:
    """Return the sizes of a list with commas; ParameterError for what is none.

    >>> parse_sizes("160, 224")
    (160, 224)
    """
    try:
        sizes = tuple(int(part) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise ParameterError(
            translate("The sizes {text!r} are no list of whole numbers such as 160,224.", text=text)
        ) from error
    if not sizes:
        raise ParameterError(translate("No size is named: give one or more, such as 224."))
    for size in sizes:
        _ = FeatureSettings(size=size)
    return sizes


def parse_backbones(text: str) -> tuple[str, ...]:
    """Return the backbones of a list with commas; ParameterError for what is none.

    >>> parse_backbones("vgg16, efficientnet-lite0")
    ('vgg16', 'efficientnet-lite0')
    """
    names = tuple(dict.fromkeys(parse_layers(text)))
    if not names:
        raise ParameterError(translate("No backbone is named: give one or more, such as vgg16."))
    for name in names:
        _ = find_backbone(name)
    return names


def list_pooled_choices(backbone: Backbone) -> tuple[tuple[str, ...], ...]:
    """Return what is compared of the pooled detector: every layer, and some of them together."""
    return (*((name,) for name in backbone.layer_names), backbone.joint_layers)
