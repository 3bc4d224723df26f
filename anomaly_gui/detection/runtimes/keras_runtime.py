"""VGG16 by Keras on TensorFlow; on a GPU when TensorFlow sees one (not tried by us: none at hand)."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.runtimes.silence import without_start_up_notes
from anomaly_gui.detection.runtimes.vgg16 import checked_weights

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray


_Function = Callable[[Any], list[Any]]


class KerasRuntime:
    """Runs `keras.applications.VGG16` with the weights that ship with the product.

    TensorFlow is imported at the first batch, not before.
    """

    def __init__(self) -> None:
        self._functions: dict[tuple[tuple[str, ...], tuple[str, ...], int, int], _Function] = {}

    @property
    def name(self) -> str:
        """The runtime's name and version."""
        return f"keras {import_keras().__version__}, tensorflow {import_tensorflow().__version__}"

    def pooled(self, batch: ImageArray, layers: Sequence[str]) -> list[FloatArray]:
        """Return each layer's output averaged over positions; see `Runtime`."""
        return self._run_network(batch, layers)

    def gridded(
        self, batch: ImageArray, layers: Sequence[str], grid_layers: Sequence[str], side: int
    ) -> tuple[list[FloatArray], FloatArray]:
        """Return pooled outputs, and outputs on a grid; see `Runtime`."""
        *pooled, grid = self._run_network(batch, layers, grid_layers, side)
        return pooled, grid.reshape(len(batch), side * side, -1)

    def _run_network(
        self, batch: ImageArray, layers: Sequence[str], grid_layers: Sequence[str] = (), side: int = 0
    ) -> list[FloatArray]:
        key = (tuple(layers), tuple(grid_layers), side, batch.shape[1])
        if key not in self._functions:
            self._functions[key] = self._compile_function(*key)
        return [np.asarray(output) for output in self._functions[key](batch)]

    @cached_property
    def _network(self) -> Any:
        weights = str(checked_weights())
        return import_keras().applications.VGG16(
            weights=weights, include_top=False, input_shape=(None, None, 3)
        )

    def _compile_function(
        self, layers: tuple[str, ...], grid_layers: tuple[str, ...], side: int, size: int
    ) -> _Function:
        keras, tf = import_keras(), import_tensorflow()
        outputs = [self._network.get_layer(name).output for name in (*layers, *grid_layers)]
        # a model of these outputs holds the layers up to the deepest one only
        cut = keras.Model(self._network.input, outputs)

        def run_cut_network(batch: Any) -> Any:
            images = keras.applications.vgg16.preprocess_input(tf.cast(batch, tf.float32))
            maps = tf.nest.flatten(cut(images, training=False))
            pooled = [tf.reduce_mean(one, axis=(1, 2)) for one in maps[: len(layers)]]
            cells = [_average_cells(tf, one, side) for one in maps[len(layers) :]]
            return [*pooled, tf.concat(cells, axis=-1)] if cells else pooled

        # one signature for any number of images: a last, smaller batch must not compile again
        signature = [tf.TensorSpec((None, size, size, 3), tf.uint8)]
        function: _Function = tf.function(run_cut_network, input_signature=signature)
        return function


def _average_cells(tf: Any, outputs: Any, side: int) -> Any:
    """Average (images, height, width, channels) onto side x side cells."""
    times = outputs.shape[1] // side
    return tf.nn.avg_pool2d(outputs, times, times, "VALID") if times > 1 else outputs


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
