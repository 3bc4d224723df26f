"""Every detector, declared once: a new one is a module of its own in `detectors`, and one entry here."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from anomaly_gui.detection.settings.backbones import VGG16, find_backbone
from anomaly_gui.detection.settings.choices import (
    AUTO,
    AUTOENCODER,
    AUTOMATIC,
    DEEP_SVDD,
    POOLED,
    POSITIONAL,
    TEXTURE,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anomaly_gui.detection.settings.backbones import Backbone

_IN = "anomaly_gui.detection.detectors."


@dataclass(frozen=True)
class DetectorKind:
    """A detector as it is chosen, before any of it is imported.

    Parameters
    ----------
    name : value of the setting `detector`, and the kind in model files
    title : what people read: what is judged, in their words
    hint : when to take it, in a few sentences
    where : "module:class" of what fulfils `Detector`; imported when it is used first
    has_map : whether it shows where an image is unlike good ones
    is_learned : whether its features are learned from the good images, not a backbone's; needs TensorFlow
    backbone, size : what it takes where neither is named
    keeps_proportions : whether its input has the shape of the images where none is named
    locates : whether it takes parts that are found on a plain ground and cropped to
    learns_variants : whether it learns variants of good images in other light, where nothing is said
    has_density : whether the settings `density`, `components` and `covariance` choose its density
    """

    name: str
    title: str
    hint: str
    where: str
    has_map: bool = False
    is_learned: bool = False
    has_density: bool = False
    backbone: str = VGG16.name
    size: int = 224
    keeps_proportions: bool = False
    locates: bool = False
    learns_variants: bool = False


_KINDS = (
    DetectorKind(
        AUTO,
        "Automatic",
        "Joins what several detectors see, aligns parts in any direction where that helps, and shows where. "
        "Take it unless you know better.",
        _IN + "automatic:AutomaticDetector",
        has_map=True,
        backbone="efficientnet-lite2",
        size=320,
        keeps_proportions=True,
        locates=True,
        learns_variants=True,
    ),
    DetectorKind(
        POOLED,
        "Whole image",
        "Judges the image as a whole. Take it for parts that differ all over, or when speed counts most.",
        _IN + "pooled:PooledDetector",
        has_density=True,
    ),
    DetectorKind(
        POSITIONAL,
        "Parts in place",
        "Judges each place by itself and shows where. Take it for parts that always lie in the same place.",
        _IN + "positional:PositionalDetector",
        has_map=True,
    ),
    DetectorKind(
        TEXTURE,
        "Surfaces and turned parts",
        "For surfaces without fixed places, and for parts in any direction: it aligns them by "
        "itself. Shows where.",
        _IN + "texture:TextureDetector",
        has_map=True,
    ),
    DetectorKind(
        AUTOENCODER,
        "Autoencoder",
        "Learns from your good images alone how they look. Shows where. For hundreds of images unlike "
        "photographs, when the others miss defects: compare them first. Training takes minutes and needs "
        "TensorFlow.",
        _IN + "autoencoder:AutoencoderDetector",
        has_map=True,
        is_learned=True,
    ),
    DetectorKind(
        DEEP_SVDD,
        "Deep SVDD",
        "Learns from your good images alone what they have in common, and judges the image as a whole. For "
        "hundreds of images unlike photographs, when the others miss defects: compare them first. Training "
        "takes minutes and needs TensorFlow.",
        _IN + "deep_svdd:DeepSvddDetector",
        is_learned=True,
        has_density=True,
    ),
)

DETECTORS: Mapping[str, DetectorKind] = MappingProxyType({kind.name: kind for kind in _KINDS})
"""Every detector by its name, in the order in which they are offered."""

LEARNED = tuple(kind.name for kind in DETECTORS.values() if kind.is_learned)
"""Names of the detectors whose features are learned from the good images."""


def choose_backbone(name: str, detector: str) -> Backbone:
    """Return the backbone of a name, or the detector's where the name is "auto"."""
    return find_backbone(DETECTORS[detector].backbone if name == AUTOMATIC else name)
