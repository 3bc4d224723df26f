"""VGG16's shape and weights, for runtimes that build the network themselves."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.settings.layers import is_pool, list_layers_until
from anomaly_gui.errors import UserError
from anomaly_gui.paths import resource

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray

WEIGHTS_FILE = "vgg16_imagenet_notop.float16.weights.h5"
WEIGHTS_SHA256 = "65c4f9c6baa882e8104eccf4e474dd55b5824d87497c0fb6229aec2dd54d1d26"

_MEAN = np.array([123.68, 116.779, 103.939], np.float32)  # of ImageNet, RGB


@dataclass(frozen=True, eq=False)
class Convolution:
    """A 3 x 3 convolution with ReLU, of stride 1 and zero padding 1.

    Parameters
    ----------
    name : of the layer
    kernel : (outputs, inputs, 3, 3) float32
    bias : (outputs,) float32
    """

    name: str
    kernel: FloatArray
    bias: FloatArray


def checked_weights() -> Path:
    """Return the file with the shipped weights.

    Raises
    ------
    UserError : it is missing, or not the one this version was made with
    """
    path = resource("weights", WEIGHTS_FILE)
    try:
        with path.open("rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
    except OSError as error:
        raise UserError(
            f"{path}: VGG16's weights cannot be read ({error.strerror}); install again."
        ) from error
    if digest != WEIGHTS_SHA256:
        raise UserError(f"{path}: VGG16's weights are damaged; install again.")
    return path


def read_convolutions(deepest: str) -> Iterator[Convolution]:
    """Yield the convolutions from the input to a layer; their first takes RGB, where Keras's takes BGR.

    Raises
    ------
    UserError : see `checked_weights`
    """
    import h5py

    names = [name for name in list_layers_until(deepest) if not is_pool(name)]
    with h5py.File(checked_weights(), "r") as file:
        for number, name in enumerate(names):
            stored = file[f"layers/conv2d{f'_{number}' if number else ''}/vars"]
            kernel: Any = stored["0"][()].astype(np.float32)  # height, width, inputs, outputs
            upright = kernel[:, :, ::-1] if number == 0 else kernel
            yield Convolution(
                name,
                np.ascontiguousarray(upright.transpose(3, 2, 0, 1)),
                stored["1"][()].astype(np.float32),
            )


def prepare_input(batch: ImageArray) -> FloatArray:
    """Return (images, size, size, 3) uint8 as float32 without ImageNet's mean; RGB stays RGB."""
    without_mean: FloatArray = np.subtract(batch, _MEAN, dtype=np.float32)
    return without_mean
