"""A backbone by Keras on TensorFlow; on a GPU when TensorFlow sees one (not tried by us: none at hand)."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.runtimes.graph import INPUT, Addition, MaxPool, build_nodes
from anomaly_gui.detection.runtimes.silence import without_start_up_notes
from anomaly_gui.detection.runtimes.weights import check_weights
from anomaly_gui.detection.settings.backbones import VGG16

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray
    from anomaly_gui.detection.runtimes.graph import Node
    from anomaly_gui.detection.settings.backbones import Backbone


_Function = Callable[[Any], list[Any]]
_Pair = tuple[int, int]
_Asked = tuple["Backbone", tuple[str, ...], tuple[str, ...], _Pair, _Pair]


class KerasRuntime:
    """Runs a backbone with the weights that ship with the product, built of Keras's own layers.

    TensorFlow is imported at the first batch, not before.
    """

    def __init__(self) -> None:
        self._functions: dict[_Asked, _Function] = {}

    @property
    def name(self) -> str:
        """The runtime's name and version."""
        return f"keras {import_keras().__version__}, tensorflow {import_tensorflow().__version__}"

    def for_backbone(self, _: Backbone) -> KerasRuntime:
        """Return itself: it runs every backbone; see `Runtime`."""
        return self

    def pooled(
        self, batch: ImageArray, layers: Sequence[str], backbone: Backbone = VGG16
    ) -> list[FloatArray]:
        """Return each layer's output averaged over positions; see `Runtime`."""
        return self._run_network(batch, (backbone, tuple(layers), (), (1, 1), batch.shape[1:3]))

    def gridded(
        self,
        batch: ImageArray,
        layers: Sequence[str],
        grid_layers: Sequence[str],
        shape: tuple[int, int],
        backbone: Backbone = VGG16,
    ) -> tuple[list[FloatArray], FloatArray]:
        """Return pooled outputs, and outputs on a grid; see `Runtime`."""
        asked = (backbone, tuple(layers), tuple(grid_layers), shape, batch.shape[1:3])
        *pooled, grid = self._run_network(batch, asked)
        return pooled, grid.reshape(len(batch), shape[0] * shape[1], -1)

    def _run_network(self, batch: ImageArray, asked: _Asked) -> list[FloatArray]:
        if asked not in self._functions:
            self._functions[asked] = _compile_function(*asked)
        return [np.asarray(output) for output in self._functions[asked](batch)]


def _compile_function(
    backbone: Backbone, layers: tuple[str, ...], grid_layers: tuple[str, ...], shape: _Pair, pixels: _Pair
) -> _Function:
    tf = import_tensorflow()
    network = build_network(backbone, (*layers, *grid_layers))

    def run_cut_network(batch: Any) -> Any:
        images = (tf.cast(batch, tf.float32) - tf.constant(backbone.mean)) * backbone.scale
        maps = tf.nest.flatten(network(images, training=False))
        pooled = [tf.reduce_mean(one, axis=(1, 2)) for one in maps[: len(layers)]]
        cells = [_bring_onto_grid(tf, one, shape) for one in maps[len(layers) :]]
        return [*pooled, tf.concat(cells, axis=-1)] if cells else pooled

    # one signature for any number of images: a last, smaller batch must not compile again
    signature = [tf.TensorSpec((None, *pixels, 3), tf.uint8)]
    function: _Function = tf.function(run_cut_network, input_signature=signature)
    return function


def build_network(backbone: Backbone, layers: Sequence[str]) -> Any:
    """Return a Keras model with these layers' outputs, which ends with the deepest of them."""
    keras = import_keras()
    outputs = {INPUT: keras.Input((None, None, 3))}
    for node in build_nodes(check_weights(backbone), backbone, backbone.find_deepest(layers)):
        outputs[node.name] = _add_node(keras, node, outputs)
    return keras.Model(outputs[INPUT], [outputs[name] for name in layers])


def _add_node(keras: Any, node: Node, outputs: dict[str, Any]) -> Any:
    above = outputs[node.above]
    if isinstance(node, MaxPool):
        return keras.layers.MaxPooling2D(2)(above)
    if isinstance(node, Addition):
        return keras.layers.Add()([above, outputs[node.other]])
    side, activation = node.kernel.shape[2], None if node.activation == "none" else node.activation
    common = {"strides": node.stride, "padding": "same", "activation": activation}
    if node.depthwise:
        layer, axes = keras.layers.DepthwiseConv2D(side, **common), (2, 3, 0, 1)
    else:
        layer, axes = keras.layers.Conv2D(len(node.kernel), side, **common), (2, 3, 1, 0)
    output = layer(above)
    layer.set_weights([node.kernel.transpose(axes), node.bias])
    return output


def _bring_onto_grid(tf: Any, outputs: Any, shape: _Pair) -> Any:
    """Average (images, height, width, channels) onto rows x columns cells, or fill cells between linearly."""
    times = [max(there // wanted, 1) for there, wanted in zip(outputs.shape[1:3], shape, strict=True)]
    averaged = tf.nn.avg_pool2d(outputs, times, times, "VALID") if max(times) > 1 else outputs
    return averaged if tuple(averaged.shape[1:3]) == shape else tf.image.resize(averaged, shape)


def import_tensorflow() -> Any:
    """Return TensorFlow, quiet; the one place where it is imported, and never before it is needed."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # its notes help nobody; errors come as exceptions
    with nullcontext() if "tensorflow" in sys.modules else without_start_up_notes():
        import tensorflow as tf  # late: 4 s

    tf.get_logger().setLevel("ERROR")  # it takes a function for each size and layer for a mistake
    return tf


def import_keras() -> Any:
    """Return Keras on TensorFlow."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    import_tensorflow()
    import keras

    return keras


def count_gpus() -> int:
    """Return how many GPUs TensorFlow sees."""
    return len(import_tensorflow().config.list_physical_devices("GPU"))
