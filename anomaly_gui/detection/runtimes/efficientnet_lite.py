"""EfficientNet-Lite's nodes: a stem, then stages of blocks that widen, convolve each channel, and narrow.

After M. Tan and Q. Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", 2019; the
Lite variants have ReLU6 and no squeeze-and-excitation:
https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.runtimes.graph import INPUT, Addition, Convolution

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from anomaly_gui.detection.runtimes.graph import Activation, Node
    from anomaly_gui.detection.settings.backbones import Backbone

_STEM = "stem"


def build_nodes(weights: Path, backbone: Backbone, deepest: str) -> Iterator[Node]:
    """Yield the nodes from the input to the last block of a stage, which bears the stage's name."""
    stride = 2
    with np.load(weights, allow_pickle=False) as stored:
        yield _make_convolution(stored, _STEM, INPUT, _STEM, stride=stride, activation="relu6")
        above = _STEM
        for layer in backbone.list_layers_until(deepest):
            last = sum(name.startswith(f"{layer.name}.") for name in _list_projections(stored)) - 1
            for number in range(last + 1):
                block = f"{layer.name}.block{number}"
                name = layer.name if number == last else block
                yield from _build_block(stored, block, above, name, layer.stride // stride)
                above, stride = name, layer.stride


def _list_projections(stored: Mapping[str, np.ndarray]) -> list[str]:
    return [name for name in stored if name.endswith(".project.kernel")]


def _build_block(
    stored: Mapping[str, np.ndarray], block: str, above: str, name: str, stride: int
) -> Iterator[Node]:
    """Yield a block's nodes; its input is added to its output where both have one shape."""
    entry, depthwise, project = above, f"{block}.depthwise", f"{block}.project"
    inputs = len(stored[f"{depthwise}.kernel"])
    if f"{block}.expand.kernel" in stored:
        entry, inputs = f"{block}.expand", stored[f"{block}.expand.kernel"].shape[1]
        yield _make_convolution(stored, entry, above, entry, activation="relu6")
    yield _make_convolution(
        stored, depthwise, entry, depthwise, stride=stride, depthwise=True, activation="relu6"
    )
    is_added = stride == 1 and inputs == len(stored[f"{project}.kernel"])
    yield _make_convolution(stored, project, depthwise, project if is_added else name)
    if is_added:
        yield Addition(name, project, above)


def _make_convolution(
    stored: Mapping[str, np.ndarray],
    part: str,
    above: str,
    name: str,
    *,
    stride: int = 1,
    depthwise: bool = False,
    activation: Activation = "none",
) -> Convolution:
    kernel = stored[f"{part}.kernel"].astype(np.float32)
    return Convolution(name, above, kernel, stored[f"{part}.bias"], stride, depthwise, activation)
