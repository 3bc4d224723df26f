"""Large images: the fine half of a network runs in overlapping tiles, the coarse half on all of it at once.

The fine half, up to where there is a position for every 16 pixels, takes nearly all of the memory, and sees
little more than a hundred pixels around a position. Tiles overlap by that, and what they yield beyond their
own place is dropped: the joined outputs are those of one pass, without seams.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from anomaly_gui.detection.runtimes.graph import Convolution, MaxPool, build_nodes, count_positions
from anomaly_gui.detection.runtimes.weights import check_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray
    from anomaly_gui.detection.runtimes.graph import Node
    from anomaly_gui.detection.settings.backbones import Backbone

LARGEST_WHOLE = 768**2
"""Pixels of the largest input that goes through in one pass: its outputs take some 300 MB."""

_STRIDE = 16  # pixels from one position to the next where the fine half ends
_TILE = 512  # pixels along an edge, without the overlap


class FineOutput(NamedTuple):
    """An output of the fine half: the node's name, numbers of a position, pixels from one to the next."""

    name: str
    channels: int
    stride: int


class FineHalf(NamedTuple):
    """Where a network is cut in two.

    Parameters
    ----------
    outputs : what the coarse half needs, the node where the cut is last
    overlap : pixels beside its own that a tile has to see, a multiple of the strides
    """

    outputs: tuple[FineOutput, ...]
    overlap: int

    @property
    def cut(self) -> str:
        """The last node of this half."""
        return self.outputs[-1].name


class Extent(NamedTuple):
    """Where a tile lies along an edge, in pixels: what it yields, and with the overlap what it sees."""

    start: int
    end: int
    seen_start: int
    seen_end: int


def is_tiled(pixels: tuple[int, int]) -> bool:
    """Tell whether an input of this height and width is run in tiles.

    Strides must divide it: where they do not, padding shifts the positions of the whole, but not of a tile.
    """
    return pixels[0] * pixels[1] > LARGEST_WHOLE and not any(length % _STRIDE for length in pixels)


def cut_network(layers: Iterable[str], backbone: Backbone) -> FineHalf:
    """Return the fine half of a network that yields some layers."""
    wanted = frozenset(layers)
    nodes = list(build_nodes(check_weights(backbone), backbone, backbone.find_deepest(wanted)))
    field, stride, outputs = 1, 1, []
    for number, node in enumerate(nodes):
        if isinstance(node, Convolution):
            field += (node.kernel.shape[2] - 1) * stride
            channels, stride = len(node.kernel), stride * node.stride
        elif isinstance(node, MaxPool):
            field, stride = field + stride, 2 * stride
        is_end = number == len(nodes) - 1 or (stride == _STRIDE and _is_bottleneck(nodes, number))
        if node.name in wanted or is_end:
            outputs.append(FineOutput(node.name, channels, stride))
        if is_end:
            break
    return FineHalf(tuple(outputs), _STRIDE * count_positions(field // 2 + _STRIDE, _STRIDE))


def _is_bottleneck(nodes: Sequence[Node], number: int) -> bool:
    """Tell whether all nodes after this one can do without those before it."""
    before = {node.name for node in nodes[:number]}
    taken = {name for node in nodes[number + 1 :] for name in (node.above, getattr(node, "other", ""))}
    return not before & taken


def list_extents(length: int, overlap: int) -> Iterator[Extent]:
    """Yield the tiles along an edge of so many pixels, about equally long.

    >>> for one in list_extents(1024, 64):
    ...     print(*one)
    0 512 0 576
    512 1024 448 1024
    """
    count = count_positions(length, _TILE)
    step = count_positions(count_positions(length, count), _STRIDE) * _STRIDE
    for start in range(0, length, step):
        end = min(start + step, length)
        yield Extent(start, end, max(0, start - overlap), min(length, end + overlap))


def run_in_tiles(
    image: ImageArray, half: FineHalf, run_fine: Callable[[ImageArray], Sequence[FloatArray]]
) -> list[FloatArray]:
    """Return the outputs of the fine half, joined, (1, channels, rows, columns) each.

    Parameters
    ----------
    image : (1, height, width, 3) uint8
    run_fine : yields these outputs of a piece
    """
    height, width = image.shape[1:3]
    joined: list[FloatArray] = [
        np.empty((1, one.channels, height // one.stride, width // one.stride), np.float32)
        for one in half.outputs
    ]
    tiles = product(list_extents(height, half.overlap), list_extents(width, half.overlap))
    for down, across in tiles:
        piece = image[:, down.seen_start : down.seen_end, across.seen_start : across.seen_end]
        parts = run_fine(np.ascontiguousarray(piece))
        for one, whole, part in zip(half.outputs, joined, parts, strict=True):
            rows, own_rows = _find_places(down, one.stride)
            columns, own_columns = _find_places(across, one.stride)
            whole[..., rows, columns] = part[..., own_rows, own_columns]
    return joined


def _find_places(extent: Extent, stride: int) -> tuple[slice, slice]:
    """Return the positions of a tile in the whole output, and in its own."""
    start, end, seen = extent.start // stride, extent.end // stride, extent.seen_start // stride
    return slice(start, end), slice(start - seen, end - seen)
