"""How a whole image becomes a feature vector: the values, each checked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.settings.backbones import VGG16, find_backbone
from anomaly_gui.detection.settings.choices import HELLINGER, NORMALIZATIONS
from anomaly_gui.errors import ParameterError
from anomaly_gui.language import translate
from anomaly_gui.wording import join_list

if TYPE_CHECKING:
    from anomaly_gui.detection.settings.backbones import Backbone

SMALLEST_SIZE, LARGEST_SIZE = 32, 2048
FLATTEST, TALLEST = 0.05, 20.0
"""Height over width of an input, at least and at most."""

_STEP = 32  # pixels: every layer of every backbone has whole positions on sides that are multiples of it


def fit_shape(size: int, proportions: float) -> tuple[int, int]:
    """Return (height, width) in pixels of an input that has about as many as a square.

    Parameters
    ----------
    size : side of the square, in pixels
    proportions : height over width, 0.05 to 20; of 1.0 exactly the square itself

    Raises
    ------
    ParameterError : proportions out of range

    >>> fit_shape(224, 1250 / 500), fit_shape(100, 1.0)
    ((352, 128), (100, 100))
    """
    if not FLATTEST <= proportions <= TALLEST:
        raise ParameterError(
            translate(
                "cannot be {proportions:g}: take from {low:g} to {high:g}.",
                proportions=proportions,
                low=FLATTEST,
                high=TALLEST,
            ),
            "proportions",
        )
    if proportions == 1:
        return size, size
    root = math.sqrt(proportions)
    height, width = (max(1, round(side / _STEP)) * _STEP for side in (size * root, size / root))
    return height, width


@dataclass(frozen=True)
class FeatureSettings:
    """How an image becomes a feature vector.

    Parameters
    ----------
    layers : layers of the backbone whose pooled outputs are concatenated, in this order
    size : side of a square with as many pixels as the network's input, 32 to what the backbone takes at most
    normalization : a name from `NORMALIZATIONS`
    depth : bits used of files of 16 bits that do not say so themselves; None: of a set without such files
    backbone : a name from `BACKBONES`
    proportions : height over width of the input, 0.05 to 20; 1.0: a square

    Raises
    ------
    ParameterError : an unknown backbone, layer or normalization, a layer twice, or a size or proportions out
        of range
    """

    layers: tuple[str, ...] = ("block4_conv3",)
    size: int = 224
    normalization: str = HELLINGER
    depth: int | None = 16
    backbone: str = VGG16.name
    proportions: float = 1.0

    def __post_init__(self) -> None:
        known = self.declared_backbone
        unknown = [name for name in self.layers if name not in known.layer_names]
        if unknown or not self.layers:
            raise ParameterError(
                translate(
                    "There is no layer named {unknown!r} in {backbone}: take of {known}.",
                    unknown=",".join(unknown),
                    backbone=known.title,
                    known=join_list(known.layer_names),
                )
            )
        if len(set(self.layers)) < len(self.layers):
            raise ParameterError(
                translate("The layers {layers} name one twice: name each once.", layers=",".join(self.layers))
            )
        if not SMALLEST_SIZE <= self.size <= known.largest_size:
            raise ParameterError(
                translate(
                    "The size {size} is not from {smallest} to {largest} pixels, which {backbone} takes.",
                    size=self.size,
                    smallest=SMALLEST_SIZE,
                    largest=known.largest_size,
                    backbone=known.title,
                )
            )
        _ = self.shape
        if self.normalization not in NORMALIZATIONS:
            names = ", ".join(NORMALIZATIONS)
            raise ParameterError(
                translate(
                    "There is no normalization named {name!r}: take one of {names}.",
                    name=self.normalization,
                    names=names,
                )
            )

    @property
    def declared_backbone(self) -> Backbone:
        """The backbone."""
        return find_backbone(self.backbone)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the network's input, in pixels."""
        return fit_shape(self.size, self.proportions)

    @property
    def length(self) -> int:
        """The number of features of an image."""
        return sum(self.declared_backbone.find_layer(name).channels for name in self.layers)

    @property
    def batch_size(self) -> int:
        """How many images go through the network at once: as many pixels as 8 images of 224 x 224.

        More are no faster, take more memory, and keep who waits for a first verdict waiting.
        """
        return int(np.clip(8 * 224**2 // math.prod(self.shape), 1, 256))
