"""A backbone by ONNX Runtime on the CPU: 1.7 times as fast as MNN where depthwise convolutions are many.

Measured by `tests/benchmarks/speed/light_runtimes.py`, tables in the help pages.
"""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.runtimes.machine import count_cores
from anomaly_gui.detection.runtimes.onnx_network import (
    GRID,
    PIXELS,
    build_coarse_file,
    build_fine_file,
    build_onnx_file,
    pooled_name,
)
from anomaly_gui.detection.runtimes.onnx_tiles import cut_network, is_tiled, run_in_tiles
from anomaly_gui.detection.settings.backbones import VGG16

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray
    from anomaly_gui.detection.settings.backbones import Backbone

    _Pair = tuple[int, int]
    _Asked = tuple[Backbone, tuple[str, ...], tuple[str, ...], _Pair, _Pair]

_MOST_NETWORKS = 2  # held ready
_ERRORS_ONLY = 3  # of its log


class OnnxRuntime:
    """Runs a backbone with the weights that ship with the product; imported at the first batch.

    One image at a time goes through the network: what it makes of more does not fit a core's cache. Of
    several images each core takes one; a single one has all cores. One thread at a time may use it.

    Parameters
    ----------
    cores : that it may use; None: all this process may
    """

    def __init__(self, cores: int | None = None) -> None:
        self._cores = cores
        self._networks: OrderedDict[_Asked, _Network | _TiledNetwork] = OrderedDict()

    @property
    def name(self) -> str:
        """The runtime's name and version."""
        return f"onnxruntime {_import_onnxruntime().__version__}"

    def for_backbone(self, _: Backbone) -> OnnxRuntime:
        """Return itself: it runs every backbone; see `Runtime`."""
        return self

    def pooled(
        self, batch: ImageArray, layers: Sequence[str], backbone: Backbone = VGG16
    ) -> list[FloatArray]:
        """Return each layer's output averaged over positions; see `Runtime`."""
        asked = (backbone, tuple(layers), (), batch.shape[1:3], (1, 1))
        return self._find_network(asked).run_batch(batch)

    def gridded(
        self,
        batch: ImageArray,
        layers: Sequence[str],
        grid_layers: Sequence[str],
        shape: tuple[int, int],
        backbone: Backbone = VGG16,
    ) -> tuple[list[FloatArray], FloatArray]:
        """Return pooled outputs, and outputs on a grid; see `Runtime`."""
        asked = (backbone, tuple(layers), tuple(grid_layers), batch.shape[1:3], shape)
        *pooled, grid = self._find_network(asked).run_batch(batch)
        return pooled, grid

    def _find_network(self, asked: _Asked) -> _Network | _TiledNetwork:
        if asked not in self._networks:
            while len(self._networks) >= _MOST_NETWORKS:
                self._networks.popitem(last=False)
            cores = self._cores or count_cores()
            self._networks[asked] = (
                _TiledNetwork(asked, cores) if is_tiled(asked[3]) else _Network(asked, cores)
            )
        self._networks.move_to_end(asked)
        return self._networks[asked]


class _Network:
    """A network cut at the deepest layer it has to reach; its weights are there once for all cores."""

    def __init__(self, asked: _Asked, cores: int) -> None:
        backbone, layers, grid_layers, pixels, shape = asked
        self._content = build_onnx_file(layers, grid_layers, pixels, shape, backbone)
        self._outputs = _name_outputs(layers, grid_layers)
        self._cores = cores
        self._others = ThreadPoolExecutor(self._cores, "onnx-network")
        self._sessions: dict[int, Any] = {}

    def run_batch(self, batch: ImageArray) -> list[FloatArray]:
        """Return pooled outputs, (images, channels), and the grid last if it is asked for."""
        threads = self._cores if len(batch) == 1 else 1
        session = self._start_session(threads)
        images = [batch[number : number + 1] for number in range(len(batch))]
        found = self._others.map(lambda image: session.run(self._outputs, {PIXELS: image}), images)
        return [np.concatenate(values) for values in zip(*found, strict=True)]

    def _start_session(self, threads: int) -> Any:
        if threads not in self._sessions:
            self._sessions[threads] = _start_session(self._content, threads)
        return self._sessions[threads]


class _TiledNetwork:
    """A network in two halves for inputs too large to go through at once, one image after the other."""

    def __init__(self, asked: _Asked, cores: int) -> None:
        backbone, layers, grid_layers, pixels, shape = asked
        self._half = cut_network([*layers, *grid_layers], backbone)
        self._given = [one.name for one in self._half.outputs]
        self._outputs = _name_outputs(layers, grid_layers)
        coarse = build_coarse_file(self._half.outputs, layers, grid_layers, pixels, shape, backbone)
        fine = build_fine_file(self._given, self._half.cut, backbone)
        self._fine, self._coarse = (_start_session(content, cores) for content in (fine, coarse))

    def run_batch(self, batch: ImageArray) -> list[FloatArray]:
        """Return pooled outputs, (images, channels), and the grid last if it is asked for."""
        found = [self._run_image(batch[number : number + 1]) for number in range(len(batch))]
        return [np.concatenate(values) for values in zip(*found, strict=True)]

    def _run_image(self, image: ImageArray) -> list[FloatArray]:
        joined = run_in_tiles(image, self._half, self._run_fine)
        outputs: list[FloatArray] = self._coarse.run(
            self._outputs, dict(zip(self._given, joined, strict=True))
        )
        return outputs

    def _run_fine(self, piece: ImageArray) -> list[FloatArray]:
        outputs: list[FloatArray] = self._fine.run(self._given, {PIXELS: piece})
        return outputs


def _name_outputs(layers: Sequence[str], grid_layers: Sequence[str]) -> list[str]:
    return [*map(pooled_name, layers), *([GRID] if grid_layers else [])]


def _start_session(content: bytes, threads: int) -> Any:
    onnxruntime = _import_onnxruntime()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = _ERRORS_ONLY
    # threads that wait for work must not keep a core from decoding
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def _import_onnxruntime() -> Any:
    import onnxruntime  # late: 0.1 s

    return onnxruntime
