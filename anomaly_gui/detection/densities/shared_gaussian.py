"""One Gaussian that all cells share, fitted from sums over a `CellStore`, never from a pile of maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.densities.state import DensityState
from anomaly_gui.detection.grouping.groups import split_by_group

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anomaly_gui.detection.arrays.cell_store import CellStore
    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray

SHARED_REGULARIZATION = 0.01


class SharedGaussian:
    """One Gaussian that every cell shares, for parts without a fixed placement.

    Parameters
    ----------
    mean : (channels,) float32
    factor : (channels, channels) float32, lower triangular: `L` with `L' L` the precision
    """

    def __init__(self, mean: FloatArray, factor: FloatArray, sums: _Sums | None = None) -> None:
        self.mean, self.factor, self._sums = mean, factor, sums

    @classmethod
    def fit(cls, store: CellStore) -> SharedGaussian:
        """Fit to all cells of all images of a store; ValueError where all are the same."""
        sums = _Sums(0, np.zeros(store.channels), np.zeros((store.channels, store.channels)))
        for _, cells in store.read_batches():
            sums = sums + _Sums.from_cells(cells)
        return cls._from_sums(sums)

    @classmethod
    def _from_sums(cls, sums: _Sums) -> SharedGaussian:
        mean = sums.total / sums.count
        covariance = sums.scatter / sums.count - np.outer(mean, mean)
        variance = float(np.trace(covariance)) / len(mean)
        if variance <= np.finfo(np.float32).eps:
            raise ValueError("the features of every cell are the same: there is nothing to learn")
        regularized = covariance + SHARED_REGULARIZATION * variance * np.eye(len(mean))
        factor = np.linalg.inv(np.linalg.cholesky(regularized))
        return cls(mean.astype(np.float32), factor.astype(np.float32), sums)

    def distances(self, cells: FloatArray) -> FloatArray:
        """Return squared Mahalanobis distances of (images, cells, channels), as (images, cells) float32."""
        whitened = (cells - self.mean) @ self.factor.T
        squared: FloatArray = np.einsum("icd,icd->ic", whitened, whitened)
        return squared

    def held_out(self, store: CellStore, groups: IntArray) -> Iterator[tuple[IntArray, FloatArray]]:
        """Yield images' numbers and their distances under new fits to the sums without their groups."""
        if self._sums is None:
            raise ValueError("only a Gaussian that was just fitted knows its sums")
        for numbers in split_by_group(groups):
            cells = store.read_cells(numbers)
            without = self._from_sums(self._sums - _Sums.from_cells(cells))
            yield numbers, without.distances(cells)

    def state(self) -> DensityState:
        """Return what was learned as plain values."""
        return DensityState({}, {"mean": self.mean, "factor": self.factor})

    @classmethod
    def from_state(cls, state: DensityState, channels: int) -> SharedGaussian:
        """Return the Gaussian that had this state; ValueError for one that none can have."""
        state.check_names(set(), {"mean", "factor"})
        return cls(
            state.get_array("mean", (channels,), kind="float32"),
            state.get_array("factor", (channels, channels), kind="float32"),
        )


class _Sums:
    """How many cells, the sum of their features, and of their products."""

    def __init__(self, count: int, total: FloatArray, scatter: FloatArray) -> None:
        self.count, self.total, self.scatter = count, total, scatter

    @classmethod
    def from_cells(cls, cells: FloatArray) -> _Sums:
        flat = cells.reshape(-1, cells.shape[2])
        return cls(len(flat), flat.sum(axis=0, dtype=np.float64), (flat.T @ flat).astype(np.float64))

    def __add__(self, other: _Sums) -> _Sums:
        return _Sums(self.count + other.count, self.total + other.total, self.scatter + other.scatter)

    def __sub__(self, other: _Sums) -> _Sums:
        return _Sums(self.count - other.count, self.total - other.total, self.scatter - other.scatter)
