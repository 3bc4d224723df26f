"""A backbone as a network file of MNN, written without its converter.

The file is a FlatBuffer; the numbers below are fields, types and enumerations of MNN's schema
(schema/default/MNN.fbs, CaffeOp.fbs and TensorflowOp.fbs in its repository), which keeps them for the sake of
older files. Written so, each ReLU is part of its convolution, and nothing but the layers that are needed is
there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.runtimes.graph import (
    INPUT,
    Convolution,
    MaxPool,
    build_nodes,
    find_grid_way,
)
from anomaly_gui.detection.runtimes.weights import check_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.runtimes.graph import GridWay, Node
    from anomaly_gui.detection.settings.backbones import Backbone

_PACKED = "packed"

_NCHW, _NC4HW4 = 0, 2  # formats
_MAXIMUM, _AVERAGE = 0, 1  # kinds of pooling
_VALID, _SAME = 1, 2  # padding
_FLOAT = 1  # type of numbers
_ADD = 0  # of two outputs
_BILINEAR = 2  # resizing
# operations, with the number of their parameters' table in the union
_INPUT_OP, _CONVERT_OP, _CONVOLUTION_OP, _DEPTHWISE_OP = (34, 21), (129, 66), (12, 9), (13, 9)
_POOLING_OP, _BINARY_OP, _RESIZE_OP = (47, 31), (7, 6), (35, 22)
_FIELDS = {
    "net": 13,
    "operation": 7,
    "convolution": 7,
    "common": 17,
    "pool": 13,
    "input": 3,
    "convert": 2,
    "binary": 2,
    "resize": 7,
}


def pooled_name(layer: str) -> str:
    """Return the name of a layer's output averaged over all positions."""
    return f"{layer}.pooled"


def grid_name(layer: str) -> str:
    """Return the name of a layer's output on the grid."""
    return f"{layer}.grid"


def build_network_file(
    layers: Sequence[str],
    grid_layers: Sequence[str],
    pixels: tuple[int, int],
    shape: tuple[int, int],
    backbone: Backbone,
) -> memoryview:
    """Return the bytes of a network that ends with its deepest layer.

    Parameters
    ----------
    layers : whose outputs are averaged over all positions, as `pooled_name`
    grid_layers : whose outputs are brought onto the grid, as `grid_name`
    pixels : height and width of the input
    shape : rows and columns of the grid
    """
    writer = _Writer()
    writer.add_input(*pixels)
    deepest = backbone.find_deepest([*layers, *grid_layers])
    for node in build_nodes(check_weights(backbone), backbone, deepest):
        writer.add_node(node)
    for name in layers:
        writer.add_pool(name, pooled_name(name), _AVERAGE)
    for name in grid_layers:
        writer.add_grid(name, find_grid_way(pixels, backbone.find_layer(name).stride, shape), shape)
    outputs = [*map(pooled_name, layers), *map(grid_name, grid_layers)]
    return writer.finish_network(outputs)


class _Writer:
    """Writes operations one after the other; each yields one tensor, which bears its name."""

    def __init__(self) -> None:
        import flatbuffers

        self._builder: Any = flatbuffers.Builder(1 << 20)
        self._operations: list[int] = []
        self._tensors: list[str] = []

    def add_input(self, height: int, width: int) -> None:
        """Take (1, 3, height, width), and pack its channels as the other operations want them."""
        dims = self._builder.CreateNumpyVector(np.array([1, 3, height, width], np.int32))
        table = self._write_table("input", offsets={0: dims}, ints={1: _FLOAT}, bytes_={2: _NCHW})
        self._add_operation(_INPUT_OP, table, (), INPUT)
        table = self._write_table("convert", bytes_={0: _NCHW, 1: _NC4HW4})
        self._add_operation(_CONVERT_OP, table, (INPUT,), _PACKED)

    def add_node(self, node: Node) -> None:
        """Write a node, of whatever kind."""
        above = _PACKED if node.above == INPUT else node.above
        if isinstance(node, Convolution):
            self._add_convolution(node, above)
        elif isinstance(node, MaxPool):
            self.add_pool(above, node.name, _MAXIMUM, (2, 2))
        else:
            table = self._write_table("binary", ints={0: _ADD, 1: _FLOAT})
            self._add_operation(_BINARY_OP, table, (above, node.other), node.name)

    def _add_convolution(self, node: Convolution, above: str) -> None:
        outputs, inputs, side, _ = node.kernel.shape
        weight = self._builder.CreateNumpyVector(node.kernel.ravel())
        bias = self._builder.CreateNumpyVector(node.bias)
        ints = {**_describe_padding(node), **dict.fromkeys((2, 3), side), 10: outputs, 11: inputs}
        if node.stride > 1:
            ints |= dict.fromkeys((4, 5), node.stride)
        if node.depthwise:
            ints |= {9: outputs, 11: outputs}
        cuts = {"none": {}, "relu": {12: 1}, "relu6": {13: 1}}[node.activation]
        padding = {8: _SAME} if node.stride > 1 else {}
        common = self._write_table("common", ints=ints, bytes_={**padding, **cuts})
        table = self._write_table("convolution", offsets={0: common, 1: weight, 2: bias})
        self._add_operation(_DEPTHWISE_OP if node.depthwise else _CONVOLUTION_OP, table, (above,), node.name)

    def add_grid(self, above: str, way: GridWay, shape: tuple[int, int]) -> None:
        """Average positions onto cells, and fill cells between coarser ones linearly."""
        name, is_there = grid_name(above), way.averaged == shape
        averaged = name if is_there else f"{name}.averaged"
        if is_there or max(way.times) > 1:
            self.add_pool(above, averaged, _AVERAGE, way.times)
        else:
            averaged = above
        if not is_there:
            sizes = {2: shape[1], 3: shape[0], 4: _BILINEAR}
            table = self._write_table("resize", ints=sizes, bytes_={6: int(True)})
            self._add_operation(_RESIZE_OP, table, (averaged,), name)

    def add_pool(self, above: str, name: str, kind: int, times: tuple[int, int] | None = None) -> None:
        """Pool so many positions by rows and columns, or all of them."""
        sides = {} if times is None else dict(zip((3, 4, 5, 6), 2 * times[::-1], strict=True))
        table = self._write_table(
            "pool",
            ints={**sides, 9: _FLOAT},
            bytes_={2: int(times is None), 7: kind, 8: _VALID, 10: int(False)},
        )
        self._add_operation(_POOLING_OP, table, (above,), name)

    def _add_operation(
        self, kind: tuple[int, int], parameters: int, above: tuple[str, ...], name: str
    ) -> None:
        inputs = [self._tensors.index(one) for one in above]
        offsets = {
            0: self._builder.CreateNumpyVector(np.array(inputs, np.int32)),
            2: parameters,
            3: self._builder.CreateString(name),
            4: self._builder.CreateNumpyVector(np.array([len(self._tensors)], np.int32)),
        }
        self._tensors.append(name)
        self._operations.append(
            self._write_table("operation", offsets, ints={5: kind[0]}, bytes_={1: kind[1], 6: _NC4HW4})
        )

    def finish_network(self, outputs: Sequence[str]) -> memoryview:
        """Return the bytes of a network with these outputs."""
        offsets = {
            3: self._write_offsets(self._operations),
            4: self._write_offsets([self._builder.CreateString(name) for name in outputs]),
            7: self._write_offsets([self._builder.CreateString(name) for name in self._tensors]),
        }
        self._builder.Finish(self._write_table("net", offsets, ints={8: len(self._tensors)}))
        return memoryview(self._builder.Bytes)[self._builder.Head() :]

    def _write_offsets(self, offsets: Sequence[int]) -> int:
        self._builder.StartVector(4, len(offsets), 4)
        for offset in reversed(offsets):
            self._builder.PrependUOffsetTRelative(offset)
        return int(self._builder.EndVector())

    def _write_table(
        self,
        name: str,
        offsets: dict[int, int] | None = None,
        ints: dict[int, int] | None = None,
        bytes_: dict[int, int] | None = None,
    ) -> int:
        """Write a table of some fields; the others keep the schema's defaults."""
        self._builder.StartObject(_FIELDS[name])
        for field, offset in (offsets or {}).items():
            self._builder.PrependUOffsetTRelativeSlot(field, offset, 0)
        for field, value in (ints or {}).items():
            self._builder.PrependInt32Slot(field, value, None)
        for field, value in (bytes_ or {}).items():
            self._builder.PrependUint8Slot(field, value, None)
        return int(self._builder.EndObject())


def _describe_padding(node: Convolution) -> dict[int, int]:
    """Return the fields of the padding; with a stride, MNN reckons "same" from the size of the input."""
    return {} if node.stride > 1 else dict.fromkeys((0, 1), node.kernel.shape[2] // 2)
