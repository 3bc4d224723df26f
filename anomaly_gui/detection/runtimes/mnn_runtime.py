"""VGG16 by MNN on the CPU: Winograd convolutions, and no TensorFlow.

Chosen by measurement (`tests/benchmarks/runtimes.py`, table in the README).
"""

from __future__ import annotations

import sys
import tempfile
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.features import LAYERS
from anomaly_gui.detection.machine import cores
from anomaly_gui.detection.runtimes.mnn_network import INPUT, grid_name, network_file, pooled_name
from anomaly_gui.detection.runtimes.silence import silenced_stdout
from anomaly_gui.detection.runtimes.vgg16 import network_input
from anomaly_gui.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from anomaly_gui.detection.arrays import FloatArray, ImageArray

_MOST_NETWORKS = 2  # kept ready; each holds up to 0.5 GB of transformed weights


class MnnRuntime:
    """Runs VGG16 with the weights that ship with the product; MNN is imported at the first batch.

    One thread at a time may use it. While the network runs, other threads of Python run too.
    """

    def __init__(self) -> None:
        self._networks: OrderedDict[_Shape, _Network] = OrderedDict()

    @property
    def name(self) -> str:
        """The runtime's name and version."""
        return f"mnn {_mnn().version()}"

    def pooled(self, batch: ImageArray, layers: Sequence[str]) -> list[FloatArray]:
        """Return each layer's output averaged over positions; see `Runtime`."""
        return self._network(_Shape(tuple(layers), (), batch.shape[1], 1)).run(batch)[0]

    def gridded(
        self, batch: ImageArray, layers: Sequence[str], grid_layers: Sequence[str], side: int
    ) -> tuple[list[FloatArray], FloatArray]:
        """Return pooled outputs, and outputs on a grid; see `Runtime`."""
        shape = _Shape(tuple(layers), tuple(grid_layers), batch.shape[1], side)
        pooled, grids = self._network(shape).run(batch)
        cells = [grid.reshape(len(batch), side * side, -1) for grid in grids]
        return pooled, np.concatenate(cells, axis=2)

    def _network(self, shape: _Shape) -> _Network:
        if shape not in self._networks:
            while len(self._networks) >= _MOST_NETWORKS:
                self._networks.popitem(last=False)
            self._networks[shape] = _Network(shape)
        self._networks.move_to_end(shape)
        return self._networks[shape]


@dataclass(frozen=True)
class _Shape:
    """What a network takes and yields."""

    layers: tuple[str, ...]
    grid_layers: tuple[str, ...]
    size: int
    side: int


class _Network:
    """A network cut at the deepest layer it has to reach, for batches of any length."""

    def __init__(self, shape: _Shape) -> None:
        self._shape, self._length = shape, 1
        content = network_file(shape.layers, shape.grid_layers, shape.size, shape.side)
        with _file_with(content) as path, silenced_stdout():
            self._interpreter = _mnn().Interpreter(str(path))
            self._session = self._interpreter.createSession({"numThread": cores(), "backend": "CPU"})

    def run(self, batch: ImageArray) -> tuple[list[FloatArray], list[FloatArray]]:
        """Return pooled outputs, (images, channels), and grids, (images, side, side, channels)."""
        self._resize(len(batch))
        network, session = self._interpreter, self._session
        network.getSessionInput(session, INPUT).copyFrom(_tensor(network_input(batch)))
        network.runSession(session)
        pooled = [self._output(pooled_name(name), 1, name)[:, 0, 0] for name in self._shape.layers]
        grids = [self._output(grid_name(name), self._shape.side, name) for name in self._shape.grid_layers]
        return pooled, grids

    def _resize(self, length: int) -> None:
        if length != self._length:
            size = self._shape.size
            taken = self._interpreter.getSessionInput(self._session, INPUT)
            self._interpreter.resizeTensor(taken, (length, 3, size, size))
            self._interpreter.resizeSession(self._session)
            self._length = length

    def _output(self, name: str, side: int, layer: str) -> FloatArray:
        output = np.empty((self._length, side, side, LAYERS[layer]), np.float32)
        copied = _tensor(output)
        self._interpreter.getSessionOutput(self._session, name).copyToHostTensor(copied)
        values: FloatArray = np.array(copied.getNumpyData(), np.float32).reshape(output.shape)
        return values


def _tensor(values: FloatArray) -> Any:
    """Return (images, height, width, channels) as MNN takes it."""
    mnn = _mnn()
    return mnn.Tensor(values.shape, mnn.Halide_Type_Float, values, mnn.Tensor_DimensionType_Tensorflow)


@contextmanager
def _file_with(content: memoryview) -> Iterator[Path]:
    """Write a file for as long as MNN, which opens nothing but files, reads it."""
    with tempfile.TemporaryDirectory(prefix="anomaly-gui-", ignore_cleanup_errors=True) as folder:
        path = Path(folder, "network.mnn")
        try:
            path.write_bytes(content)
        except OSError as error:
            raise UserError(
                f"The folder for temporary files, {tempfile.gettempdir()}, cannot hold the network "
                f"({error.strerror}): free 100 MB there."
            ) from error
        yield path


def _mnn() -> Any:
    if "MNN" in sys.modules:
        return sys.modules["MNN"]
    with silenced_stdout():  # it greets every program that imports it
        import MNN  # late: 0.1 s
    return MNN
