"""VGG16's nodes, from Keras's own file of weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.runtimes.graph import INPUT, Convolution, MaxPool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.detection.runtimes.graph import Node
    from anomaly_gui.detection.settings.backbones import Backbone


def build_nodes(weights: Path, backbone: Backbone, deepest: str) -> Iterator[Node]:
    """Yield the nodes from the input to a layer; the first takes RGB, where Keras's takes BGR."""
    import h5py

    above, number = INPUT, 0
    with h5py.File(weights, "r") as file:
        for layer in backbone.list_layers_until(deepest):
            if layer.name.endswith("_pool"):
                yield MaxPool(layer.name, above)
            else:
                kernel, bias = _read_convolution(file, number)
                yield Convolution(layer.name, above, kernel, bias, activation="relu")
                number += 1
            above = layer.name


def _read_convolution(file: Any, number: int) -> tuple[FloatArray, FloatArray]:
    stored = file[f"layers/conv2d{f'_{number}' if number else ''}/vars"]
    kernel = stored["0"][()].astype(np.float32)  # height, width, inputs, outputs
    upright = kernel[:, :, ::-1] if number == 0 else kernel
    return np.ascontiguousarray(upright.transpose(3, 2, 0, 1)), stored["1"][()].astype(np.float32)
