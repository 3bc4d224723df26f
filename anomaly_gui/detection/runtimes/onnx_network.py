"""A backbone as an ONNX file, written without its package.

The file is a protocol buffer; the numbers below are fields and types of ONNX's schema (onnx/onnx.proto in its
repository), which keeps them for the sake of older files. The network takes an image's pixels as it is, and
brings its outputs into the shape they are wanted in.
"""

from __future__ import annotations

import struct
from itertools import dropwhile, islice
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from anomaly_gui.detection.runtimes.graph import (
    INPUT,
    Convolution,
    MaxPool,
    build_nodes,
    count_positions,
    find_grid_way,
)
from anomaly_gui.detection.runtimes.weights import check_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray
    from anomaly_gui.detection.runtimes.graph import GridWay, Node
    from anomaly_gui.detection.runtimes.onnx_tiles import FineOutput
    from anomaly_gui.detection.settings.backbones import Backbone, Layer

    _Setting: TypeAlias = int | str | Sequence[int]

PIXELS, GRID = "pixels", "grid"

_IR_VERSION, _OPERATIONS = 8, 17  # versions of the format and of the operations
_FLOAT, _BYTE, _LONG = 1, 2, 7  # types of numbers
_INT, _STRING, _INTS = 2, 3, 7  # types of settings
_MODEL = {"version": 1, "graph": 7, "operations": 8}
_GRAPH = {"node": 1, "name": 2, "stored": 5, "input": 11, "output": 12}


def pooled_name(layer: str) -> str:
    """Return the name of a layer's output averaged over all positions."""
    return f"{layer}.pooled"


def build_onnx_file(
    layers: Sequence[str],
    grid_layers: Sequence[str],
    pixels: tuple[int, int],
    shape: tuple[int, int],
    backbone: Backbone,
) -> bytes:
    """Return the bytes of a network that ends with its deepest layer.

    It takes (1, height, width, 3) uint8 as `PIXELS`, yields (1, channels) as `pooled_name` of each layer, and
    (1, cells, channels of all grid layers) as `GRID` where there are any.

    Parameters
    ----------
    pixels : height and width of the input
    shape : rows and columns of the grid
    """
    writer = _Writer()
    writer.add_pixels(pixels, backbone)
    deepest = backbone.find_deepest([*layers, *grid_layers])
    for node in build_nodes(check_weights(backbone), backbone, deepest):
        writer.add_node(node)
    return writer.finish_features(layers, grid_layers, pixels, shape, backbone)


def build_fine_file(outputs: Sequence[str], cut: str, backbone: Backbone) -> bytes:
    """Return the bytes of a network's first half, for a piece of an image of any size.

    It takes (1, height, width, 3) uint8 as `PIXELS`, and yields (1, channels, rows, columns) of each output.

    Parameters
    ----------
    outputs : names of nodes up to the cut
    cut : the last node of this half
    """
    writer = _Writer()
    writer.add_pixels(None, backbone)
    for node in build_nodes(check_weights(backbone), backbone, backbone.layer_names[-1]):
        writer.add_node(node)
        if node.name == cut:
            break
    return writer.finish_network(outputs)


def build_coarse_file(
    given: Sequence[FineOutput],
    layers: Sequence[str],
    grid_layers: Sequence[str],
    pixels: tuple[int, int],
    shape: tuple[int, int],
    backbone: Backbone,
) -> bytes:
    """Return the bytes of a network's second half, which takes what the first yields of a whole image.

    Parameters
    ----------
    given : what it takes, each (1, channels, rows, columns) by its name; the cut is behind the last of them
    layers, grid_layers, pixels, shape : see `build_onnx_file`, whose outputs it has
    """
    writer, deepest = _Writer(), backbone.find_deepest([*layers, *grid_layers])
    for one in given:
        rows, columns = (count_positions(length, one.stride) for length in pixels)
        writer.add_input(one.name, _FLOAT, (1, one.channels, rows, columns))
    nodes = build_nodes(check_weights(backbone), backbone, deepest)
    for node in islice(dropwhile(lambda one: one.name != given[-1].name, nodes), 1, None):
        writer.add_node(node)
    return writer.finish_features(layers, grid_layers, pixels, shape, backbone)


class _Writer:
    """Writes operations one after the other; each yields one output, which bears its name."""

    def __init__(self) -> None:
        self._graph = [_field(_GRAPH["name"], "network")]

    def add_input(self, name: str, kind: int, lengths: Sequence[int | str]) -> None:
        """Take an array of this shape; a length that is a word may be any."""
        shape = b"".join(_field(1, _field(1 if isinstance(one, int) else 2, one)) for one in lengths)
        described = _field(1, _field(1, kind) + _field(2, shape))
        self._graph.append(_field(_GRAPH["input"], _field(1, name) + _field(2, described)))

    def add_pixels(self, pixels: tuple[int, int] | None, backbone: Backbone) -> None:
        """Take pixels, of any height and width where none are named, and make what the first node takes."""
        self.add_input(PIXELS, _BYTE, (1, *(pixels or ("height", "width")), 3))
        self._store("mean", np.array(backbone.mean, np.float32))
        self._store("scale", np.array(backbone.scale, np.float32))
        self.add_operation("Cast", [PIXELS], "numbers", to=_FLOAT)
        self.add_operation("Sub", ["numbers", "mean"], "centred")
        self.add_operation("Mul", ["centred", "scale"], "scaled")
        self.add_operation("Transpose", ["scaled"], INPUT, perm=(0, 3, 1, 2))

    def add_node(self, node: Node) -> None:
        """Write a node, of whatever kind."""
        if isinstance(node, Convolution):
            self._add_convolution(node)
        elif isinstance(node, MaxPool):
            self.add_operation("MaxPool", [node.above], node.name, kernel_shape=(2, 2), strides=(2, 2))
        else:
            self.add_operation("Add", [node.above, node.other], node.name)

    def _add_convolution(self, node: Convolution) -> None:
        kernel, bias, plain = f"{node.name}.kernel", f"{node.name}.bias", f"{node.name}.plain"
        self._store(kernel, node.kernel)
        self._store(bias, node.bias)
        self.add_operation(
            "Conv",
            [node.above, kernel, bias],
            node.name if node.activation == "none" else plain,
            auto_pad="SAME_UPPER",
            strides=(node.stride, node.stride),
            group=len(node.kernel) if node.depthwise else 1,
        )
        if node.activation == "relu":
            self.add_operation("Relu", [plain], node.name)
        elif node.activation == "relu6":
            self._store(f"{node.name}.low", np.array(0, np.float32))
            self._store(f"{node.name}.high", np.array(6, np.float32))
            self.add_operation("Clip", [plain, f"{node.name}.low", f"{node.name}.high"], node.name)

    def add_grid(self, layer: Layer, way: GridWay, shape: tuple[int, int]) -> None:
        """Average positions onto cells, and fill cells between coarser ones linearly."""
        above, name = layer.name, f"{layer.name}.grid"
        averaged = name if way.averaged == shape else f"{above}.onto"
        self.add_operation("AveragePool", [above], averaged, kernel_shape=way.times, strides=way.times)
        if averaged != name:
            self._store(f"{above}.sizes", np.array([1, layer.channels, *shape], np.int64))
            self.add_operation("Resize", [averaged, "", "", f"{above}.sizes"], name, mode="linear")

    def join_grids(self, grids: Sequence[str]) -> None:
        """Bring the channels of all grids together, cell by cell."""
        self._store("flat", np.array([0, 0, -1], np.int64))
        self.add_operation("Concat", grids, "joined", axis=1)
        self.add_operation("Reshape", ["joined", "flat"], "cells")
        self.add_operation("Transpose", ["cells"], GRID, perm=(0, 2, 1))

    def add_operation(self, kind: str, above: Sequence[str], name: str, **settings: _Setting) -> None:
        """Write an operation."""
        inputs = b"".join(_field(1, one) for one in above)
        described = b"".join(_field(5, _describe_setting(*one)) for one in settings.items())
        node = inputs + _field(2, name) + _field(3, name) + _field(4, kind) + described
        self._graph.append(_field(_GRAPH["node"], node))

    def _store(self, name: str, values: FloatArray | IntArray) -> None:
        kind = _LONG if values.dtype == np.int64 else _FLOAT
        dims = b"".join(_field(1, length) for length in values.shape)
        tensor = dims + _field(2, kind) + _field(8, name) + _field(9, values.tobytes())
        self._graph.append(_field(_GRAPH["stored"], tensor))

    def finish_features(
        self,
        layers: Sequence[str],
        grid_layers: Sequence[str],
        pixels: tuple[int, int],
        shape: tuple[int, int],
        backbone: Backbone,
    ) -> bytes:
        """Return the bytes of a network that yields pooled outputs and the grid; see `build_onnx_file`."""
        for name in layers:
            self.add_operation("GlobalAveragePool", [name], f"{name}.averaged")
            self.add_operation("Flatten", [f"{name}.averaged"], pooled_name(name))
        for name in grid_layers:
            layer = backbone.find_layer(name)
            self.add_grid(layer, find_grid_way(pixels, layer.stride, shape), shape)
        if grid_layers:
            self.join_grids([f"{name}.grid" for name in grid_layers])
        return self.finish_network([*map(pooled_name, layers), *([GRID] if grid_layers else [])])

    def finish_network(self, outputs: Sequence[str]) -> bytes:
        """Return the bytes of a network with these outputs."""
        described = _field(2, _field(1, _field(1, _FLOAT)))
        ends = [_field(_GRAPH["output"], _field(1, name) + described) for name in outputs]
        graph = _field(_MODEL["graph"], b"".join([*self._graph, *ends]))
        version = _field(_MODEL["version"], _IR_VERSION)
        return version + graph + _field(_MODEL["operations"], _field(1, "") + _field(2, _OPERATIONS))


def _describe_setting(name: str, value: _Setting) -> bytes:
    if isinstance(value, int):
        return _field(1, name) + _field(3, value) + _field(20, _INT)
    if isinstance(value, str):
        return _field(1, name) + _field(4, value) + _field(20, _STRING)
    return _field(1, name) + b"".join(_field(8, one) for one in value) + _field(20, _INTS)


def _field(number: int, value: int | str | bytes) -> bytes:
    """Return a field of a message: a whole number that is not negative, or what has a length."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    content = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    """Return a whole number in groups of seven bits, the lowest first."""
    groups = []
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    return struct.pack(f"{len(groups) + 1}B", *groups, value)
