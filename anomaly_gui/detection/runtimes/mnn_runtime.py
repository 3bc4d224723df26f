"""A backbone by MNN on the CPU: Winograd convolutions, and no TensorFlow.

Chosen by measurement (`tests/benchmarks/speed/runtimes.py`, tables in the help pages).
"""

from __future__ import annotations

import sys
import tempfile
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.runtimes.graph import INPUT, prepare_input
from anomaly_gui.detection.runtimes.machine import count_cores, measure_free_memory
from anomaly_gui.detection.runtimes.mnn_network import build_network_file, grid_name, pooled_name
from anomaly_gui.detection.runtimes.silence import silenced_stdout
from anomaly_gui.detection.settings.backbones import VGG16
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray
    from anomaly_gui.detection.settings.backbones import Backbone

    _Outputs = tuple[list[FloatArray], list[FloatArray]]

_MOST_NETWORKS = 2  # held ready; the transformed weights of each take up to 1 GB, twice 0.5
_PATIENCE = 64  # batches, 30 s of them: as long as it takes two networks to save what building them costs
_ROOM = 2 * 1024**3  # bytes of free memory: two networks and their batches take up to 1.1 GB


class MnnRuntime:
    """Runs a backbone with the weights that ship with the product; MNN is imported at the first batch.

    One thread at a time may use it. While the network runs, other threads of Python run too.

    Parameters
    ----------
    patience : batches in a row that another number of networks would suit better until it is changed, which
        takes 0.2 to 2 s: single images want one network on all cores, longer batches two of half the cores
    cores : that it may use; None: all this process may
    """

    def __init__(self, patience: int = _PATIENCE, cores: int | None = None) -> None:
        self._patience, self._cores = patience, cores
        self._networks: OrderedDict[_Asked, _Networks] = OrderedDict()

    @property
    def name(self) -> str:
        """The runtime's name and version."""
        return f"mnn {_import_mnn().version()}"

    def for_backbone(self, _: Backbone) -> MnnRuntime:
        """Return itself: it runs every backbone; see `Runtime`."""
        return self

    def pooled(
        self, batch: ImageArray, layers: Sequence[str], backbone: Backbone = VGG16
    ) -> list[FloatArray]:
        """Return each layer's output averaged over positions; see `Runtime`."""
        asked = _Asked(backbone, tuple(layers), (), batch.shape[1:3], (1, 1))
        return self._networks_for(asked).run_batch(batch)[0]

    def gridded(
        self,
        batch: ImageArray,
        layers: Sequence[str],
        grid_layers: Sequence[str],
        shape: tuple[int, int],
        backbone: Backbone = VGG16,
    ) -> tuple[list[FloatArray], FloatArray]:
        """Return pooled outputs, and outputs on a grid; see `Runtime`."""
        asked = _Asked(backbone, tuple(layers), tuple(grid_layers), batch.shape[1:3], shape)
        pooled, grids = self._networks_for(asked).run_batch(batch)
        cells = [grid.reshape(len(batch), shape[0] * shape[1], -1) for grid in grids]
        return pooled, np.concatenate(cells, axis=2)

    def _networks_for(self, asked: _Asked) -> _Networks:
        if asked not in self._networks:
            while len(self._networks) >= _MOST_NETWORKS:
                self._networks.popitem(last=False)
            self._networks[asked] = _Networks(asked, self._patience, self._cores or count_cores())
        self._networks.move_to_end(asked)
        return self._networks[asked]


@dataclass(frozen=True)
class _Asked:
    """What a network takes and yields: height and width of an image, rows and columns of a grid."""

    backbone: Backbone
    layers: tuple[str, ...]
    grid_layers: tuple[str, ...]
    pixels: tuple[int, int]
    shape: tuple[int, int]


class _Networks:
    """One network on all cores, or two side by side that share the cores and each batch.

    Two never wait for each other, layer by layer, as the threads of one network do, and each prepares its
    own images: the same cores do up to 13 % more (`tests/benchmarks/speed/side_by_side.py`). A single image
    cannot be shared.
    """

    def __init__(self, asked: _Asked, patience: int, cores: int) -> None:
        self._asked, self._patience, self._misfits = asked, patience, 0
        self._cores = cores
        self._second = ThreadPoolExecutor(1, "second-network")
        self._networks: list[_Network] = []
        self._threads: tuple[int, ...] = ()

    def run_batch(self, batch: ImageArray) -> _Outputs:
        """Return pooled outputs, (images, channels), and grids, (images, rows, columns, channels)."""
        self._suit_number(len(batch))
        if len(batch) == 1 or len(self._networks) == 1:
            return self._networks[0].run_batch(batch)
        share = len(batch) * self._threads[0] // self._cores
        others = self._second.submit(self._networks[1].run_batch, batch[share:])
        return _join_outputs(self._networks[0].run_batch(batch[:share]), others.result())

    def _suit_number(self, length: int) -> None:
        """Change the number of networks when it has not suited the work for a while."""
        if not self._networks:  # yet, or since building two failed
            self._build_networks((self._cores,))
        half = self._cores // 2
        wanted = (self._cores - half, half) if length > 1 and half else (self._cores,)
        self._misfits = 0 if wanted == self._threads else self._misfits + 1
        if self._misfits > self._patience:
            self._misfits = 0
            if len(wanted) == 1 or measure_free_memory() > _ROOM:
                with suppress(UserError):  # there is no room for the file any more: what is there works on
                    self._build_networks(wanted)

    def _build_networks(self, threads: tuple[int, ...]) -> None:
        """Put a network for each of these numbers of threads in place of those before."""
        asked = self._asked
        content = build_network_file(
            asked.layers, asked.grid_layers, asked.pixels, asked.shape, asked.backbone
        )
        with _file_with(content) as path, silenced_stdout():
            self._networks = []  # never three at once
            self._networks = [_Network(asked, path, count) for count in threads]
        self._threads = threads


def _join_outputs(one: _Outputs, other: _Outputs) -> _Outputs:
    (pooled, grids), (more_pooled, more_grids) = one, other
    return _concatenate_pairs(pooled, more_pooled), _concatenate_pairs(grids, more_grids)


def _concatenate_pairs(some: list[FloatArray], others: list[FloatArray]) -> list[FloatArray]:
    return [np.concatenate(both) for both in zip(some, others, strict=True)]


class _Network:
    """A network cut at the deepest layer it has to reach, for batches of any length."""

    def __init__(self, asked: _Asked, path: Path, threads: int) -> None:
        self._asked, self._length = asked, 1
        self._interpreter = _import_mnn().Interpreter(str(path))
        self._session = self._interpreter.createSession({"numThread": threads, "backend": "CPU"})

    def run_batch(self, batch: ImageArray) -> _Outputs:
        """Return pooled outputs, (images, channels), and grids, (images, rows, columns, channels)."""
        self._resize_input(len(batch))
        network, session = self._interpreter, self._session
        prepared = prepare_input(batch, self._asked.backbone)
        network.getSessionInput(session, INPUT).copyFrom(_to_tensor(prepared))
        network.runSession(session)
        asked = self._asked
        pooled = [self._read_output(pooled_name(name), (1, 1), name)[:, 0, 0] for name in asked.layers]
        grids = [self._read_output(grid_name(name), asked.shape, name) for name in asked.grid_layers]
        return pooled, grids

    def _resize_input(self, length: int) -> None:
        if length != self._length:
            tensor = self._interpreter.getSessionInput(self._session, INPUT)
            self._interpreter.resizeTensor(tensor, (length, 3, *self._asked.pixels))
            self._interpreter.resizeSession(self._session)
            self._length = length

    def _read_output(self, name: str, shape: tuple[int, int], layer: str) -> FloatArray:
        channels = self._asked.backbone.find_layer(layer).channels
        output = np.empty((self._length, *shape, channels), np.float32)
        copied = _to_tensor(output)
        self._interpreter.getSessionOutput(self._session, name).copyToHostTensor(copied)
        values: FloatArray = np.array(copied.getNumpyData(), np.float32).reshape(output.shape)
        return values


def _to_tensor(values: FloatArray) -> Any:
    """Return (images, height, width, channels) as MNN takes it."""
    mnn = _import_mnn()
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
                translate(
                    "The folder for temporary files, {folder}, cannot hold the network ({why}): free 100 MB "
                    "there.",
                    folder=tempfile.gettempdir(),
                    why=explain_os_error(error),
                )
            ) from error
        yield path


def _import_mnn() -> Any:
    if "MNN" in sys.modules:
        return sys.modules["MNN"]
    with silenced_stdout():  # it greets every program that imports it
        import MNN  # late: 0.1 s
    return MNN
