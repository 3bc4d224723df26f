"""How the cells of an image become features: the values, each checked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from anomaly_gui.detection.settings.backbones import VGG16, find_backbone
from anomaly_gui.detection.settings.choices import CELL_NORMALIZATIONS, HELLINGER
from anomaly_gui.detection.settings.feature_settings import fit_shape
from anomaly_gui.errors import ParameterError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from anomaly_gui.detection.settings.backbones import Backbone

FEWEST_CHANNELS, MOST_CHANNELS = 50, 550

_STRIDE = 8  # pixels of the input to a cell
_MOST_CELLS = 40  # along an edge: of more cells each would be learned from too little of the image
_MOST_IN_ALL = 1000  # where the input is no square
_FEWEST_CELLS = 8
SMALLEST_WITH_CELLS = _STRIDE * _FEWEST_CELLS
"""Of the network's input, in pixels."""


@dataclass(frozen=True)
class GridSettings:
    """How the cells of an image become features.

    Parameters
    ----------
    size : side of a square with as many pixels as the network's input, 64 or more and a multiple of 8
    channels : numbers that are used of a cell, 50 to 550 and no more than the backbone has
    seed : of the projection
    backbone : a name from `BACKBONES`
    normalization : what is done to the outputs of cells, a name from `CELL_NORMALIZATIONS`
    proportions : height over width of the input, 0.05 to 20; 1.0: a square
    most_cells : the finest grid of so many cells is taken; None: as many as suit squares, and others

    Raises
    ------
    ParameterError : a value out of range, or an unknown name
    """

    size: int = 224
    channels: int = 100
    seed: int = 0
    backbone: str = VGG16.name
    normalization: str = HELLINGER
    proportions: float = 1.0
    most_cells: int | None = None

    def __post_init__(self) -> None:
        if self.size % _STRIDE or self.size < SMALLEST_WITH_CELLS:
            raise ParameterError(
                translate(
                    "cannot be {size}: maps need a multiple of {stride}, {fewest} pixels or more, such "
                    "as 224.",
                    size=self.size,
                    stride=_STRIDE,
                    fewest=SMALLEST_WITH_CELLS,
                ),
                "size",
            )
        most = self.most_channels
        if not FEWEST_CHANNELS <= self.channels <= most:
            raise ParameterError(
                translate(
                    "cannot be {channels}: take from {fewest} to {most}.",
                    channels=self.channels,
                    fewest=FEWEST_CHANNELS,
                    most=most,
                ),
                "channels",
            )
        if self.normalization not in CELL_NORMALIZATIONS:
            raise ParameterError(
                translate("There is no normalization of cells named {name!r}.", name=self.normalization)
            )
        _ = self.shape

    @property
    def declared_backbone(self) -> Backbone:
        """The backbone."""
        return find_backbone(self.backbone)

    @property
    def most_channels(self) -> int:
        """The most numbers that can be used of a cell of this backbone."""
        return min(MOST_CHANNELS, self.declared_backbone.grid_channels)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the grid."""
        if self.proportions == 1 and self.most_cells is None:
            side = _count_along_square(self.size // _STRIDE)
            return side, side
        most = _MOST_IN_ALL if self.most_cells is None else self.most_cells
        return _choose_finest(*fit_shape(self.size, self.proportions), most)

    @property
    def cells(self) -> int:
        """Cells in all."""
        return math.prod(self.shape)


def _count_along_square(finest: int) -> int:
    """Return the cells along an edge of a square, out of the most there could be."""
    return next(finest // times for times in range(1, finest) if finest // times <= _MOST_CELLS)


def _choose_finest(height: int, width: int, most: int = _MOST_IN_ALL) -> tuple[int, int]:
    """Return rows and columns of the smallest cells, 8, 16, 24, ... pixels, of which there are not too many.

    >>> _choose_finest(352, 128), _choose_finest(512, 416)
    ((44, 16), (32, 26))
    """
    choices = (
        (max(1, round(height / cell)), max(1, round(width / cell))) for cell in count(_STRIDE, _STRIDE)
    )
    return next(shape for shape in choices if math.prod(shape) <= most)
