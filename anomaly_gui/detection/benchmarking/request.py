"""What a benchmark is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from anomaly_gui.detection.runtimes.protocol import KERAS, MNN, ONNX
from anomaly_gui.detection.settings.backbones import VGG16, Backbone, find_backbone
from anomaly_gui.errors import ParameterError
from anomaly_gui.language import translate
from anomaly_gui.wording import join_list

SIZES = (32, 64, 128, 224, 448)
"""Sides of the network's input, in pixels."""

DEPTHS = ("block2_pool", "block3_conv3", "block4_conv3", "block5_conv3")
"""Deepest layers of VGG16 that are computed."""


@dataclass(frozen=True)
class BenchRequest:
    """What to measure.

    Parameters
    ----------
    backbones : names from `BACKBONES`
    sizes : sides of the network's input, in pixels
    layers : the deepest layers that are computed, each with the backbones that have it; None: some of each
    runtimes : names from `runtimes.RUNTIMES`; None: those that come into question for each backbone
    rounds : how often each is timed; the median counts
    images : files of each kind; heavy backbones get a quarter of them, and maps are written of an eighth
    megapixels : of each of them

    Raises
    ------
    ParameterError : an unknown backbone, or a layer that none of them has
    """

    backbones: tuple[str, ...] = (VGG16.name, "efficientnet-lite2")
    sizes: tuple[int, ...] = SIZES
    layers: tuple[str, ...] | None = None
    runtimes: tuple[str, ...] | None = None
    rounds: int = 3
    images: int = 128
    megapixels: float = 2.0

    def __post_init__(self) -> None:
        known = {name: None for one in self.declared_backbones for name in one.layer_names}
        unknown = [name for name in self.layers or () if name not in known]
        if unknown or self.layers == ():
            titles = " or ".join(one.title for one in self.declared_backbones)
            raise ParameterError(
                translate(
                    "There is no layer named {unknown!r} in {titles}: take of {known}.",
                    unknown=",".join(unknown),
                    titles=titles,
                    known=join_list(known),
                )
            )

    @property
    def declared_backbones(self) -> tuple[Backbone, ...]:
        """The backbones, in the order of their names."""
        return tuple(find_backbone(name) for name in self.backbones)

    def layers_of(self, backbone: Backbone) -> tuple[str, ...]:
        """Return the depths at which a backbone is measured; maybe none."""
        if self.layers is not None:
            return tuple(name for name in self.layers if name in backbone.layer_names)
        return DEPTHS if backbone == VGG16 else backbone.grid_layers

    def runtimes_of(self, backbone: Backbone) -> tuple[str, ...]:
        """Return what runs a backbone: the product's choice first, then what it was chosen over."""
        return self.runtimes or ((ONNX, MNN) if backbone.is_light else (MNN, KERAS))
