"""Runs a learned network with numpy alone: small ones need no more, and TensorFlow takes seconds to start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from anomaly_gui.detection.learning.architectures import (
    CONVOLUTION,
    DENSE,
    LEAK,
    POOL,
    UPSAMPLE,
    Architecture,
    Layer,
    Shape,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray

_COLUMN_BYTES = 16 << 20  # of the patches that are multiplied at once: what fits the caches of a core
_FAINTEST = 0.02  # of the range of pixels: less contrast than this is not blown up

ENCODER, DECODER = "encoder", "decoder"


@dataclass(frozen=True, eq=False)
class Network:
    """A trained network: its architecture, and for each layer with weights its kernel and bias, float32.

    Normalisations over the batch are part of both. Arrays are named "encoder.0.kernel", "encoder.0.bias",
    and so on, by the layer's index.
    """

    architecture: Architecture
    arrays: Mapping[str, FloatArray]

    def __post_init__(self) -> None:
        wanted = dict(_list_shapes(self.architecture))
        if set(wanted) != set(self.arrays):
            raise ValueError("a network lacks weights, or has some of another one")
        for name, shape in wanted.items():
            values = self.arrays[name]
            if values.shape != shape or values.dtype != np.float32:
                raise ValueError(f"{name} is {values.dtype} of shape {values.shape}, not float32 of {shape}")

    def encode_images(self, images: FloatArray) -> FloatArray:
        """Return the latent vectors, (images, latent), of (images, size, size, channels)."""
        vectors: FloatArray = self._run_layers(self.architecture.encoder, ENCODER, images)[:, 0, 0]
        return vectors

    def decode_vectors(self, vectors: FloatArray) -> FloatArray:
        """Return (images, size, size, channels) of latent vectors."""
        return self._run_layers(self.architecture.decoder, DECODER, vectors[:, None, None])

    def _run_layers(self, layers: Sequence[Layer], part: str, values: FloatArray) -> FloatArray:
        for index, layer in enumerate(layers):
            if layer.has_weights:
                kernel, bias = (self.arrays[f"{part}.{index}.{name}"] for name in ("kernel", "bias"))
                values = _WEIGHTED[layer.kind](values, kernel, layer.stride)
                values += bias
                if layer.active:
                    np.maximum(values, LEAK * values, out=values)
            elif layer.kind == POOL:
                values = _pool_blocks(values, layer.stride)
            elif layer.kind == UPSAMPLE:
                values = values.repeat(layer.stride, axis=1).repeat(layer.stride, axis=2)
            else:
                values = values.reshape(len(values), *layer.output_shape(values.shape[1:]))
        return values


def _list_shapes(architecture: Architecture) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the name and shape of every array of an architecture."""
    starts: dict[str, tuple[Sequence[Layer], Shape]] = {
        ENCODER: (architecture.encoder, architecture.input_shape),
        DECODER: (architecture.decoder, (1, 1, architecture.latent_size)),
    }
    for part, (layers, shape) in starts.items():
        for index, layer in enumerate(layers):
            if layer.has_weights:
                yield f"{part}.{index}.kernel", layer.kernel_shape(shape)
                yield f"{part}.{index}.bias", (layer.units,)
            shape = layer.output_shape(shape)


def _convolve_images(images: FloatArray, kernel: FloatArray, stride: int) -> FloatArray:
    side, _, channels, units = kernel.shape
    count, height, width, _ = images.shape
    down, across = -(-height // stride), -(-width // stride)
    edges = [_find_padding(length, side, stride) for length in (height, width)]
    padded = np.pad(images, ((0, 0), *edges, (0, 0)))
    windows = sliding_window_view(padded, (side, side), axis=(1, 2))[:, ::stride, ::stride]
    patches = windows.transpose(0, 1, 2, 4, 5, 3)  # (images, down, across, side, side, channels)
    numbers = side * side * channels
    output = np.empty((count, down, across, units), np.float32)
    at_once = max(1, _COLUMN_BYTES // (4 * down * across * numbers))
    for first in range(0, count, at_once):
        some = patches[first : first + at_once]
        product = some.reshape(-1, numbers) @ kernel.reshape(numbers, units)
        output[first : first + at_once] = product.reshape(len(some), down, across, units)
    return output


def _find_padding(length: int, side: int, stride: int) -> tuple[int, int]:
    """Return how much "same" pads on both edges: as TensorFlow does, more at the end."""
    total = max((-(-length // stride) - 1) * stride + side - length, 0)
    return total // 2, total - total // 2


def _multiply_dense(values: FloatArray, kernel: FloatArray, _: int) -> FloatArray:
    product: FloatArray = values.reshape(len(values), -1) @ kernel
    return product[:, None, None]


def _pool_blocks(values: FloatArray, side: int) -> FloatArray:
    count, height, width, channels = values.shape
    blocks = values.reshape(count, height // side, side, width // side, side, channels)
    highest: FloatArray = blocks.max(axis=(2, 4))
    return highest


_WEIGHTED = {CONVOLUTION: _convolve_images, DENSE: _multiply_dense}


@dataclass(frozen=True, eq=False)
class Contrast:
    """What is taken out of images before a network sees them, (images,) float32 each."""

    mean: FloatArray
    deviation: FloatArray


def network_input(batch: ImageArray, channels: int) -> tuple[FloatArray, Contrast]:
    """Return images of zero mean and unit contrast, and what they had.

    A faint image is as hard to reconstruct as a strong one then. On digits, where a thin stroke is drawn with
    less ink, this is worth more than anything else (principal components: AUROC 0.948 to 0.959).

    Parameters
    ----------
    batch : (images, size, size, 3) uint8, RGB
    channels : 1 for the mean of the colours, 3 for all of them

    Returns
    -------
    (images, size, size, channels) float32, and their mean and contrast
    """
    values = batch.astype(np.float32) / 255
    if channels == 1:
        values = values.mean(axis=3, keepdims=True)
    mean = values.mean(axis=(1, 2, 3))
    values -= mean[:, None, None, None]
    deviation = np.sqrt(np.mean(values**2, axis=(1, 2, 3)) + _FAINTEST**2)
    values /= deviation[:, None, None, None]
    return values, Contrast(mean, deviation)
