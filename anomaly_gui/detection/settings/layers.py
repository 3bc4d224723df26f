"""VGG16's layers by name: channels, strides, and the multiplications it takes to reach them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_BLOCKS = ((1, 2, 64), (2, 2, 128), (3, 3, 256), (4, 3, 512), (5, 3, 512))
_KERNEL = 9

LAYERS: Mapping[str, int] = MappingProxyType(
    {
        name: channels
        for block, convolutions, channels in _BLOCKS
        for name in (*(f"block{block}_conv{i + 1}" for i in range(convolutions)), f"block{block}_pool")
    }
)
"""Layer names in the order of the network, with their numbers of channels."""

GRID_LAYERS = ("block2_conv2", "block3_conv3", "block4_conv3")
"""Fine to coarse: what a cell looks like, and what it is part of. The last one sets the grid."""

GRID_CHANNELS = sum(LAYERS[name] for name in GRID_LAYERS)


def parse_layers(text: str) -> tuple[str, ...]:
    """Return the layer names of a list with commas.

    >>> parse_layers("block2_pool, block3_pool")
    ('block2_pool', 'block3_pool')
    """
    return tuple(name.strip() for name in text.split(",") if name.strip())


def find_deepest(layers: Iterable[str]) -> str:
    """Return the layer furthest from the input.

    >>> find_deepest(["block4_conv3", "block2_pool"])
    'block4_conv3'
    """
    return max(layers, key=list(LAYERS).index)


def is_pool(layer: str) -> bool:
    """Tell whether a layer is a maximum over 2 x 2 positions; the others are convolutions."""
    return layer.endswith("_pool")


def list_layers_until(deepest: str) -> tuple[str, ...]:
    """Return the layers from the input to this one."""
    names = list(LAYERS)
    return tuple(names[: names.index(deepest) + 1])


def stride_of(layer: str) -> int:
    """Return how many pixels of the input lie between two positions of a layer's output.

    >>> stride_of("block4_conv3"), stride_of("block4_pool")
    (8, 16)
    """
    return int(2 ** sum(is_pool(name) for name in list_layers_until(layer)))


def count_pixel_operations(layers: Iterable[str]) -> float:
    """Return multiplications a pixel of the input that the network does up to the deepest of these layers.

    >>> round(count_pixel_operations(["block5_conv3"]) / count_pixel_operations(["block4_conv3"]), 2)
    1.1
    """
    inputs, total = 3, 0.0
    for name in list_layers_until(find_deepest(layers)):
        if is_pool(name):
            continue
        total += _KERNEL * inputs * LAYERS[name] / stride_of(name) ** 2
        inputs = LAYERS[name]
    return total
