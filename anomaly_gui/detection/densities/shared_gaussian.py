"""One Gaussian that all cells share, fitted from sums over a `CellStore`, never from a pile of maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.densities.state import DensityState
from anomaly_gui.detection.grouping.groups import split_by_group
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anomaly_gui.detection.arrays.cell_store import CellStore
    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray

SHARED_REGULARIZATION = 0.01

_SUMS = "sums"


class SharedGaussian:
    """One Gaussian that every cell shares, for parts without a fixed placement.

    Parameters
    ----------
    mean : (channels,) float32
    factor : (channels, channels) float32, lower triangular: `L` with `L' L` the precision
    sums : of the cells it was fitted to; None of models that did not keep them
    """

    def __init__(self, mean: FloatArray, factor: FloatArray, sums: CellSums | None = None) -> None:
        self.mean, self.factor, self.sums = mean, factor, sums

    @classmethod
    def fit(cls, store: CellStore) -> SharedGaussian:
        """Fit to all cells of all images of a store; ValueError where all are the same."""
        return cls.from_sums(CellSums.from_store(store))

    @classmethod
    def from_sums(cls, sums: CellSums) -> SharedGaussian:
        """Fit to the cells that were summed up; ValueError where all are the same."""
        mean, covariance = sums.find_moments()
        variance = float(np.trace(covariance)) / len(mean)
        if variance <= np.finfo(np.float32).eps:
            raise ValueError(translate("the features of every cell are the same: there is nothing to learn"))
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
        if self.sums is None:
            raise ValueError("this Gaussian does not know its sums")
        for numbers in split_by_group(groups[len(groups) - len(store) :]):
            cells = store.read_cells(numbers)
            without = self.from_sums(self.sums - CellSums.from_cells(cells))
            yield numbers, without.distances(cells)

    def measure_mean(self, sums: CellSums) -> float:
        """Return the mean squared distance of cells that were summed up."""
        mean, covariance = sums.find_moments()
        offset, factor = mean - self.mean, self.factor.astype(np.float64)
        return float(np.einsum("ij,ij->", factor @ (covariance + np.outer(offset, offset)), factor))

    def state(self) -> DensityState:
        """Return what was learned as plain values."""
        kept = {} if self.sums is None else {_SUMS: self.sums.pack()}
        return DensityState({}, {"mean": self.mean, "factor": self.factor, **kept})

    @classmethod
    def from_state(cls, state: DensityState, channels: int) -> SharedGaussian:
        """Return the Gaussian that had this state; ValueError for one that none can have."""
        state.check_names(set(), {"mean", "factor"}, frozenset({_SUMS}))
        sums = None
        if _SUMS in state.arrays:
            sums = CellSums.unpack(state.get_array(_SUMS, (_count_packed(channels),)), channels)
        return cls(
            state.get_array("mean", (channels,), kind="float32"),
            state.get_array("factor", (channels, channels), kind="float32"),
            sums,
        )


class CellSums:
    """How many cells, the sum of their features, and of their products, in double precision."""

    def __init__(self, count: int, total: FloatArray, scatter: FloatArray) -> None:
        self.count, self.total, self.scatter = count, total, scatter

    @classmethod
    def from_cells(cls, cells: FloatArray) -> CellSums:
        """Return those of (images, cells, channels)."""
        flat = cells.reshape(-1, cells.shape[2])
        return cls(len(flat), flat.sum(axis=0, dtype=np.float64), (flat.T @ flat).astype(np.float64))

    @classmethod
    def from_store(cls, store: CellStore) -> CellSums:
        """Return those of all images of a store."""
        sums = cls(0, np.zeros(store.channels), np.zeros((store.channels, store.channels)))
        for _, cells in store.read_batches():
            sums = sums + cls.from_cells(cells)
        return sums

    def __add__(self, other: CellSums) -> CellSums:
        return CellSums(self.count + other.count, self.total + other.total, self.scatter + other.scatter)

    def __sub__(self, other: CellSums) -> CellSums:
        return CellSums(self.count - other.count, self.total - other.total, self.scatter - other.scatter)

    def find_moments(self) -> tuple[FloatArray, FloatArray]:
        """Return the mean, (channels,), and the covariance, (channels, channels)."""
        mean = self.total / self.count
        covariance: FloatArray = self.scatter / self.count - np.outer(mean, mean)
        return mean, covariance

    def pack(self) -> FloatArray:
        """Return them as one array: the count, the sum, and of the sum of products its lower half."""
        rows, columns = np.tril_indices(len(self.total))
        return np.concatenate([[float(self.count)], self.total, self.scatter[rows, columns]])

    @classmethod
    def unpack(cls, packed: FloatArray, channels: int) -> CellSums:
        """Return the sums that were packed; ValueError for a count that none can have."""
        count, total, halves = packed[0], packed[1 : channels + 1], packed[channels + 1 :]
        if count < 1 or count != int(count):
            raise ValueError(f"sums of {count} cells cannot be")
        scatter = np.zeros((channels, channels))
        rows, columns = np.tril_indices(channels)
        scatter[rows, columns] = scatter[columns, rows] = halves
        return cls(int(count), total, scatter)


def _count_packed(channels: int) -> int:
    return 1 + channels + channels * (channels + 1) // 2
