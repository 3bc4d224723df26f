"""Features of places: outputs of several layers on one grid over the image, in few channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.features import LAYERS
from anomaly_gui.errors import ParameterError
from anomaly_gui.wording import setting

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays import FloatArray

GRID_LAYERS = ("block2_conv2", "block3_conv3", "block4_conv3")
"""Fine to coarse: what a place looks like, and what it is part of. The last one tells the grid."""

GRID_CHANNELS = sum(LAYERS[name] for name in GRID_LAYERS)
FEWEST_CHANNELS, MOST_CHANNELS = 50, 550

_STRIDE = 8  # pixels of the input to a cell of block4_conv3
_MOST_CELLS = 40  # along an edge: more places would each be told from too little of the image
_FEWEST_CELLS = 8


@dataclass(frozen=True)
class GridSettings:
    """How the places of an image become features.

    Parameters
    ----------
    size : side of the network's square input in pixels, 64 or more and a multiple of 8
    channels : numbers that are kept of a place, 50 to 550
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
                f"{setting('size', starts=True)} cannot be {self.size}: maps need a multiple of {_STRIDE}, "
                f"{_STRIDE * _FEWEST_CELLS} pixels or more, such as 224."
            )
        if not FEWEST_CHANNELS <= self.channels <= MOST_CHANNELS:
            raise ParameterError(
                f"{setting('channels', starts=True)} cannot be {self.channels}: "
                f"take from {FEWEST_CHANNELS} to {MOST_CHANNELS}."
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


def projection(settings: GridSettings) -> FloatArray:
    """Return orthonormal directions drawn at random, (channels of the layers, channels kept) float32.

    They keep distances better than channels picked at random (semi-orthogonal embedding: Kim et al.,
    "Semi-orthogonal Embedding for Efficient Unsupervised Anomaly Segmentation", 2021). On solar cells (ELPV
    mono) 100 of them do as well as 200 picked channels. The first of many are those of few.
    """
    drawn = np.random.default_rng(settings.seed).normal(size=(settings.channels, GRID_CHANNELS))
    directions: FloatArray = np.linalg.qr(drawn.T)[0].astype(np.float32)
    return directions


def reduce_cells(outputs: FloatArray, directions: FloatArray) -> FloatArray:
    """Return square roots of outputs, of unit root mean square over each image, in few channels.

    The square root tames the heavy tails of ReLU outputs as for pooled features (see `features.hellinger`),
    and the image's contrast drops out; what is bright or dull within the image stays. On ELPV mono this is
    worth 0.01 AUROC over plain outputs.

    Parameters
    ----------
    outputs : (images, cells, channels of the layers), not negative
    directions : from `projection`

    Returns
    -------
    (images, cells, channels kept) float32
    """
    roots = np.maximum(outputs, 0)
    lengths = np.sqrt(np.mean(roots, axis=(1, 2)))  # the mean square of the roots to come
    np.sqrt(roots, out=roots)
    images, cells, _ = roots.shape
    reduced: FloatArray = (roots.reshape(images * cells, -1) @ directions).reshape(images, cells, -1)
    reduced /= np.where(lengths > 0, lengths, 1)[:, None, None]
    return reduced
