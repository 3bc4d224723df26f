"""How the cells of an image become features: the values, each checked."""

from __future__ import annotations

from dataclasses import dataclass

from anomaly_gui.errors import ParameterError

FEWEST_CHANNELS, MOST_CHANNELS = 50, 550

_STRIDE = 8  # pixels of the input to a cell of block4_conv3
_MOST_CELLS = 40  # along an edge: of more cells each would be learned from too little of the image
_FEWEST_CELLS = 8


@dataclass(frozen=True)
class GridSettings:
    """How the cells of an image become features.

    Parameters
    ----------
    size : side of the network's square input in pixels, 64 or more and a multiple of 8
    channels : numbers that are used of a cell, 50 to 550
    seed : of the projection

    Raises
    ------
    ParameterError : a value out of range
    """

    size: int = 224
    channels: int = 100
    seed: int = 0

    def __post_init__(self) -> None:
        if self.size % _STRIDE or self.size // _STRIDE < _FEWEST_CELLS:
            raise ParameterError(
                f"cannot be {self.size}: maps need a multiple of {_STRIDE}, "
                f"{_STRIDE * _FEWEST_CELLS} pixels or more, such as 224.",
                "size",
            )
        if not FEWEST_CHANNELS <= self.channels <= MOST_CHANNELS:
            raise ParameterError(
                f"cannot be {self.channels}: take from {FEWEST_CHANNELS} to {MOST_CHANNELS}.", "channels"
            )

    @property
    def side(self) -> int:
        """Cells along an edge of the grid."""
        cells = self.size // _STRIDE
        return next(cells // times for times in range(1, cells) if cells // times <= _MOST_CELLS)

    @property
    def cells(self) -> int:
        """Cells in all."""
        return self.side**2
