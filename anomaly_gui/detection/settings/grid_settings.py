"""How the cells of an image become features: the values, each checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anomaly_gui.detection.settings.backbones import VGG16, find_backbone
from anomaly_gui.detection.settings.choices import CELL_NORMALIZATIONS, HELLINGER
from anomaly_gui.errors import ParameterError

if TYPE_CHECKING:
    from anomaly_gui.detection.settings.backbones import Backbone

FEWEST_CHANNELS, MOST_CHANNELS = 50, 550

_STRIDE = 8  # pixels of the input to a cell
_MOST_CELLS = 40  # along an edge: of more cells each would be learned from too little of the image
_FEWEST_CELLS = 8


@dataclass(frozen=True)
class GridSettings:
    """How the cells of an image become features.

    Parameters
    ----------
    size : side of the network's square input in pixels, 64 or more and a multiple of 8
    channels : numbers that are used of a cell, 50 to 550 and no more than the backbone has
    seed : of the projection
    backbone : a name from `BACKBONES`
    normalization : what is done to the outputs of cells, a name from `CELL_NORMALIZATIONS`

    Raises
    ------
    ParameterError : a value out of range, or an unknown name
    """

    size: int = 224
    channels: int = 100
    seed: int = 0
    backbone: str = VGG16.name
    normalization: str = HELLINGER

    def __post_init__(self) -> None:
        if self.size % _STRIDE or self.size // _STRIDE < _FEWEST_CELLS:
            raise ParameterError(
                f"cannot be {self.size}: maps need a multiple of {_STRIDE}, "
                f"{_STRIDE * _FEWEST_CELLS} pixels or more, such as 224.",
                "size",
            )
        most = self.most_channels
        if not FEWEST_CHANNELS <= self.channels <= most:
            raise ParameterError(
                f"cannot be {self.channels}: take from {FEWEST_CHANNELS} to {most}.", "channels"
            )
        if self.normalization not in CELL_NORMALIZATIONS:
            raise ParameterError(f"There is no normalization of cells named {self.normalization!r}.")

    @property
    def declared_backbone(self) -> Backbone:
        """The backbone."""
        return find_backbone(self.backbone)

    @property
    def most_channels(self) -> int:
        """The most numbers that can be used of a cell of this backbone."""
        return min(MOST_CHANNELS, self.declared_backbone.grid_channels)

    @property
    def side(self) -> int:
        """Cells along an edge of the grid."""
        cells = self.size // _STRIDE
        return next(cells // times for times in range(1, cells) if cells // times <= _MOST_CELLS)

    @property
    def cells(self) -> int:
        """Cells in all."""
        return self.side**2
