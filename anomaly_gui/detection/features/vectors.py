"""Which numbers describe an image: outputs of a backbone's layers, averaged over positions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray


def normalize_vectors(outputs: Iterable[FloatArray], normalization: str) -> FloatArray:
    """Concatenate pooled outputs, each (images, channels), and normalise each image's vector."""
    return NORMALIZATIONS[normalization](np.concatenate(list(outputs), axis=1))


def normalize_hellinger(vectors: FloatArray) -> FloatArray:
    """Return square roots brought to unit root mean square, row by row.

    Pooled outputs of ReLU layers are like histograms: non-negative, heavy-tailed, and scaled by the image's
    contrast. Under this map distances are Hellinger distances, and one Gaussian fits far better. After
    Arandjelović and Zisserman, "Three things everyone should know to improve object retrieval", 2012.

    >>> normalize_hellinger(np.array([[1.0, 4.0], [100.0, 400.0]])).round(3)
    array([[0.632, 1.265],
           [0.632, 1.265]])
    """
    roots = np.sqrt(np.maximum(vectors, 0))
    lengths = np.sqrt(np.mean(roots**2, axis=1, keepdims=True))
    normalized: FloatArray = roots / np.where(lengths > 0, lengths, 1)
    return normalized


def _leave_unchanged(vectors: FloatArray) -> FloatArray:
    return vectors


NORMALIZATIONS: Mapping[str, Callable[[FloatArray], FloatArray]] = MappingProxyType(
    {"hellinger": normalize_hellinger, "none": _leave_unchanged}
)
