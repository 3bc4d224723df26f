"""A runtime of which the features of an image are the same to the last bit, however it was met.

How a network rounds depends on how many images go through it at once, and on how many threads share its work.
So here each image goes through alone, on one thread; the cores of a process take an image each.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from anomaly_gui.detection.runtimes.machine import count_cores
from anomaly_gui.detection.runtimes.protocol import AUTOMATIC, KERAS, MNN, ONNX, is_installed
from anomaly_gui.detection.settings.backbones import VGG16
from anomaly_gui.errors import ParameterError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.detection.settings.backbones import Backbone

_Found = TypeVar("_Found")

_MOST_NETWORKS = 2  # the weights of each take up to 0.5 GB


class SteadyRuntime:
    """Runs each image alone, on networks of one thread each.

    Parameters
    ----------
    make : returns a runtime of one thread
    networks : how many of these work side by side
    """

    def __init__(self, make: Callable[[], Runtime], networks: int) -> None:
        self._runtimes = [make() for _ in range(networks)]
        self._pool = ThreadPoolExecutor(networks, "steady-network")

    @property
    def name(self) -> str:
        """The name and version of what runs the networks."""
        return self._runtimes[0].name

    def for_backbone(self, backbone: Backbone) -> Runtime:
        """Return what runs a backbone, to be asked for its name; see `Runtime`."""
        return self._runtimes[0].for_backbone(backbone)

    def pooled(
        self, batch: ImageArray, layers: Sequence[str], backbone: Backbone = VGG16
    ) -> list[FloatArray]:
        """Return each layer's output averaged over positions; see `Runtime`."""
        found = self._run_each(batch, lambda runtime, image: runtime.pooled(image, layers, backbone))
        return [np.concatenate(values) for values in zip(*found, strict=True)]

    def gridded(
        self,
        batch: ImageArray,
        layers: Sequence[str],
        grid_layers: Sequence[str],
        shape: tuple[int, int],
        backbone: Backbone = VGG16,
    ) -> tuple[list[FloatArray], FloatArray]:
        """Return pooled outputs, and outputs on a grid; see `Runtime`."""

        def run(runtime: Runtime, image: ImageArray) -> tuple[list[FloatArray], FloatArray]:
            return runtime.gridded(image, layers, grid_layers, shape, backbone)

        pooled, grids = zip(*self._run_each(batch, run), strict=True)
        return [np.concatenate(values) for values in zip(*pooled, strict=True)], np.concatenate(grids)

    def _run_each(self, batch: ImageArray, run: Callable[[Runtime, ImageArray], _Found]) -> list[_Found]:
        """Return what is found of each image, by turns of the networks."""
        count = len(self._runtimes)

        def run_share(number: int) -> list[_Found]:
            runtime = self._runtimes[number]
            return [run(runtime, batch[index : index + 1]) for index in range(number, len(batch), count)]

        shares = list(self._pool.map(run_share, range(count)))
        return [shares[index % count][index // count] for index in range(len(batch))]


def steady_runtime(name: str | None = None) -> SteadyRuntime:
    """Return the runtime of a name, or the one for CPUs, as a steady one.

    Raises
    ------
    ParameterError : a runtime that cannot be one
    """
    return SteadyRuntime(partial(_make_runtime, name or AUTOMATIC), min(_MOST_NETWORKS, count_cores()))


def _make_runtime(name: str) -> Runtime:
    if name == KERAS:
        raise ParameterError(
            translate(
                "The runtime keras rounds otherwise on each machine, so that a cluster would make other "
                "models each time: take {mnn} or {onnx}.",
                mnn=MNN,
                onnx=ONNX,
            )
        )
    if name == ONNX:
        from anomaly_gui.detection.runtimes.onnx_runtime import OnnxRuntime

        return OnnxRuntime(cores=1)
    if name == AUTOMATIC and is_installed("onnxruntime"):
        from anomaly_gui.detection.runtimes.best_runtime import BestRuntime

        return BestRuntime(cores=1)
    from anomaly_gui.detection.runtimes.mnn_runtime import MnnRuntime

    return MnnRuntime(cores=1)
