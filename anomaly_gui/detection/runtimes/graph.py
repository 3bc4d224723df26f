"""A network as plain nodes, which every runtime builds in its own way.

A backbone's module yields them from the input to the deepest layer asked for; a node's output bears its name,
and the node that ends a layer has the layer's name. Padding is TensorFlow's "same" throughout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray
    from anomaly_gui.detection.settings.backbones import Backbone

INPUT = "input"
"""What the first node is above."""

Activation: TypeAlias = Literal["none", "relu", "relu6"]


@dataclass(frozen=True, eq=False)
class Convolution:
    """A convolution, with what cuts its output off.

    Parameters
    ----------
    name : of the output
    above : node it takes, or `INPUT`
    kernel : (outputs, inputs, height, width) float32, square; of a depthwise one (channels, 1, height, width)
    bias : (outputs,) float32
    stride : positions of its input from one of its output to the next
    depthwise : whether each channel is convolved by itself
    activation : relu cuts off below 0, relu6 above 6 as well
    """

    name: str
    above: str
    kernel: FloatArray
    bias: FloatArray
    stride: int = 1
    depthwise: bool = False
    activation: Activation = "none"


@dataclass(frozen=True)
class MaxPool:
    """The maximum of 2 x 2 positions."""

    name: str
    above: str


@dataclass(frozen=True)
class Addition:
    """The sum of two outputs of one shape."""

    name: str
    above: str
    other: str


Node: TypeAlias = Convolution | MaxPool | Addition

NodeBuilder: TypeAlias = Callable[["Path", "Backbone", str], Iterator[Node]]
"""What a backbone's module has: (checked file of weights, backbone, deepest layer) -> nodes."""


def build_nodes(weights: Path, backbone: Backbone, deepest: str) -> Iterator[Node]:
    """Yield the nodes of a backbone, from the input to a layer."""
    module, function = backbone.graph.split(":")
    builder: NodeBuilder = getattr(import_module(module), function)
    return builder(weights, backbone, deepest)


def prepare_input(batch: ImageArray, backbone: Backbone) -> FloatArray:
    """Return what a backbone takes of (images, height, width, 3) uint8, RGB: the same shape in float32."""
    prepared: FloatArray = np.subtract(batch, np.array(backbone.mean, np.float32), dtype=np.float32)
    if backbone.scale != 1:
        prepared *= np.float32(backbone.scale)
    return prepared


def count_positions(length: int, stride: int) -> int:
    """Return the positions of a layer's output along an edge of so many pixels.

    >>> count_positions(224, 32), count_positions(200, 16)
    (7, 13)
    """
    return -(-length // stride)


class GridWay(NamedTuple):
    """How a layer's positions come onto a grid, each value by rows and columns.

    Parameters
    ----------
    times : how many positions are averaged
    averaged : how many are left then: the grid's, or they are resized to those
    """

    times: tuple[int, int]
    averaged: tuple[int, int]


def find_grid_way(pixels: tuple[int, int], stride: int, shape: tuple[int, int]) -> GridWay:
    """Return how a layer's positions come onto a grid.

    Parameters
    ----------
    pixels : height and width of the input
    stride : of the layer, in pixels
    shape : rows and columns of the grid

    >>> find_grid_way((352, 128), 2, (44, 16))
    GridWay(times=(4, 4), averaged=(44, 16))
    """
    positions = [count_positions(length, stride) for length in pixels]
    down, across = (max(there // wanted, 1) for there, wanted in zip(positions, shape, strict=True))
    return GridWay((down, across), (positions[0] // down, positions[1] // across))
