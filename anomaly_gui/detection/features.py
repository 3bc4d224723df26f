"""Which numbers describe an image: outputs of VGG16's layers, averaged over positions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.errors import ParameterError

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays import FloatArray

WEIGHTS_FILE = "vgg16_imagenet_notop.float16.weights.h5"
WEIGHTS_SHA256 = "65c4f9c6baa882e8104eccf4e474dd55b5824d87497c0fb6229aec2dd54d1d26"

_BLOCKS = ((1, 2, 64), (2, 2, 128), (3, 3, 256), (4, 3, 512), (5, 3, 512))

LAYERS: Mapping[str, int] = MappingProxyType(
    {
        name: channels
        for block, convolutions, channels in _BLOCKS
        for name in (*(f"block{block}_conv{i + 1}" for i in range(convolutions)), f"block{block}_pool")
    }
)
"""Layer names in the order of the network, with their numbers of channels."""

SMALLEST_SIZE, LARGEST_SIZE = 32, 1024


@dataclass(frozen=True)
class FeatureSettings:
    """How an image becomes a feature vector.

    Parameters
    ----------
    layers : VGG16 layers whose pooled outputs are concatenated, in this order
    size : side of the network's square input in pixels, 32 to 1024
    normalization : a name from `NORMALIZATIONS`
    depth : bits used of files of 16 bits that do not say so themselves; None: of a set without such files

    Raises
    ------
    ParameterError : an unknown layer or normalization, a layer twice, or a size out of range
    """

    layers: tuple[str, ...] = ("block4_conv3",)
    size: int = 224
    normalization: str = "hellinger"
    depth: int | None = 16

    def __post_init__(self) -> None:
        unknown = [name for name in self.layers if name not in LAYERS]
        if unknown or not self.layers:
            raise ParameterError(
                f"There is no layer named {','.join(unknown)!r}: take of {', '.join(LAYERS)}."
            )
        if len(set(self.layers)) < len(self.layers):
            raise ParameterError(f"The layers {','.join(self.layers)} name one twice: name each once.")
        if not SMALLEST_SIZE <= self.size <= LARGEST_SIZE:
            raise ParameterError(
                f"The size {self.size} is not from {SMALLEST_SIZE} to {LARGEST_SIZE} pixels."
            )
        if self.normalization not in NORMALIZATIONS:
            known = ", ".join(NORMALIZATIONS)
            raise ParameterError(
                f"There is no normalization named {self.normalization!r}: take one of {known}."
            )

    @property
    def length(self) -> int:
        """The number of features of an image."""
        return sum(LAYERS[name] for name in self.layers)

    @property
    def batch_size(self) -> int:
        """How many images go through the network at once: as many pixels as 8 images of 224 x 224.

        More are no faster, take more memory, and keep who waits for a first verdict waiting.
        """
        return int(np.clip(8 * 224**2 // self.size**2, 1, 256))


def parse_layers(text: str) -> tuple[str, ...]:
    """Return the layer names of a list with commas.

    >>> parse_layers("block2_pool, block3_pool")
    ('block2_pool', 'block3_pool')
    """
    return tuple(name.strip() for name in text.split(",") if name.strip())


def normalize(outputs: Iterable[FloatArray], normalization: str) -> FloatArray:
    """Concatenate pooled outputs, each (images, channels), and normalise each image's vector."""
    return NORMALIZATIONS[normalization](np.concatenate(list(outputs), axis=1))


def hellinger(vectors: FloatArray) -> FloatArray:
    """Return square roots brought to unit root mean square, row by row.

    Pooled outputs of ReLU layers are like histograms: non-negative, heavy-tailed, and scaled by the image's
    contrast. Under this map distances are Hellinger distances, and one Gaussian fits far better. After
    Arandjelović and Zisserman, "Three things everyone should know to improve object retrieval", 2012.

    >>> hellinger(np.array([[1.0, 4.0], [100.0, 400.0]])).round(3)
    array([[0.632, 1.265],
           [0.632, 1.265]])
    """
    roots = np.sqrt(np.maximum(vectors, 0))
    lengths = np.sqrt(np.mean(roots**2, axis=1, keepdims=True))
    normalized: FloatArray = roots / np.where(lengths > 0, lengths, 1)
    return normalized


def _unchanged(vectors: FloatArray) -> FloatArray:
    return vectors


NORMALIZATIONS: Mapping[str, Callable[[FloatArray], FloatArray]] = MappingProxyType(
    {"hellinger": hellinger, "none": _unchanged}
)
