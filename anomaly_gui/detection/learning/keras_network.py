"""Builds a network's layers with Keras for training, and takes the weights out again as plain arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.learning.architectures import CONVOLUTION, LEAK, POOL, UPSAMPLE
from anomaly_gui.detection.learning.forward import DECODER, ENCODER, Network
from anomaly_gui.detection.runtimes.keras_runtime import import_keras

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.detection.learning.architectures import Architecture, Layer

_MOMENTUM = 0.9  # of running means: an epoch on a few hundred images has few batches
_EPSILON = 1e-3


class KerasNetwork:
    """A network that can be trained.

    Parameters
    ----------
    architecture : what to build
    affine : whether normalisations over the batch learn a scale and a shift (Deep SVDD forbids both)
    policy : Keras's name of what numbers it computes with
    """

    def __init__(self, architecture: Architecture, *, affine: bool, policy: str = "float32") -> None:
        keras = import_keras()
        self.architecture = architecture
        self._keras, self._affine, self._policy = keras, affine, policy
        self._weighted: dict[str, tuple[Any, Any]] = {}
        image = keras.Input(architecture.input_shape)
        latent = self._stack_layers(architecture.encoder, ENCODER, image)
        outputs = [keras.layers.Activation("linear", dtype="float32")(latent)]
        if architecture.decoder:
            decoded = self._stack_layers(architecture.decoder, DECODER, latent)
            outputs.append(keras.layers.Activation("linear", dtype="float32")(decoded))
        self.model = keras.Model(image, outputs)

    def _stack_layers(self, layers: Sequence[Layer], part: str, tensor: Any) -> Any:
        make, policy = self._keras.layers, self._policy
        for index, layer in enumerate(layers):
            if layer.has_weights:
                tensor = self._add_layer(layer, f"{part}.{index}", tensor)
            elif layer.kind == POOL:
                tensor = make.MaxPooling2D(layer.stride, dtype=policy)(tensor)
            elif layer.kind == UPSAMPLE:
                tensor = make.UpSampling2D(layer.stride, dtype=policy)(tensor)
            else:
                tensor = make.Reshape((layer.kernel, layer.kernel, layer.units), dtype=policy)(tensor)
        return tensor

    def _add_layer(self, layer: Layer, name: str, tensor: Any) -> Any:
        make, policy = self._keras.layers, self._policy
        use_bias = layer.bias and not layer.scaled  # a normalisation would take it out again
        if layer.kind == CONVOLUTION:
            weighted = make.Conv2D(
                layer.units, layer.kernel, layer.stride, "same", use_bias=use_bias, dtype=policy
            )
        else:
            tensor = make.Flatten(dtype=policy)(tensor) if len(tensor.shape) > 2 else tensor
            weighted = make.Dense(layer.units, use_bias=use_bias, dtype=policy)
        tensor, scaling = weighted(tensor), None
        if layer.scaled:
            scaling = make.BatchNormalization(
                momentum=_MOMENTUM, epsilon=_EPSILON, center=self._affine, scale=self._affine, dtype=policy
            )
            tensor = scaling(tensor)
        self._weighted[name] = weighted, scaling
        return make.LeakyReLU(LEAK, dtype=policy)(tensor) if layer.active else tensor

    def compute_outputs(self, images: Any, *, training: bool) -> list[Any]:
        """Return latent vectors and, with a decoder, reconstructions of (images, size, size, channels)."""
        outputs = self.model(images, training=training)
        return list(outputs) if isinstance(outputs, list | tuple) else [outputs]

    def take_over_encoder(self, other: KerasNetwork) -> None:
        """Take the encoder's weights of another network whose encoder is the same."""
        for name, layers in self._weighted.items():
            for own, its in zip(layers, other._weighted[name], strict=True):
                if own is not None and name.startswith(ENCODER):
                    own.set_weights(its.get_weights())

    def export_network(self) -> Network:
        """Return the network as it is now, with normalisations folded into the weights before them."""
        arrays: dict[str, FloatArray] = {}
        for name, (weighted, scaling) in self._weighted.items():
            kernel, *bias = (np.asarray(one) for one in weighted.get_weights())
            shift = bias[0] if bias else np.zeros(kernel.shape[-1])
            if scaling is not None:
                factor, offset = self._fold_scaling(scaling)
                kernel, shift = kernel * factor, shift * factor + offset
            arrays[f"{name}.kernel"] = kernel.astype(np.float32)
            arrays[f"{name}.bias"] = shift.astype(np.float32)
        return Network(self.architecture, arrays)

    def _fold_scaling(self, scaling: Any) -> tuple[FloatArray, FloatArray]:
        *learned, mean, variance = (np.asarray(one, np.float32) for one in scaling.get_weights())
        gamma, beta = learned if self._affine else (np.float32(1), np.float32(0))
        factor = gamma / np.sqrt(variance + np.float32(_EPSILON))
        return factor, beta - mean * factor
