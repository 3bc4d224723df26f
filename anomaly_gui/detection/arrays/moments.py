"""Means and covariances of rows that are read a block at a time, in double precision.

However many rows there are, they take the memory of one block and of the covariance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray, Rows

ROWS_AT_ONCE = 2048


def find_principal_axes(X: Rows, rows: IntArray | None = None) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return mean (features,), variances (axes,) and orthonormal directions (axes, features) of rows.

    There are as many axes as features, or as rows if there are fewer; `rows` None takes all of `X`.
    """
    count, features = _size_of(X, rows)
    if count > features:
        return Moments.from_rows(X, rows).find_axes()
    all_rows = np.concatenate(list(read_blocks(X, rows)))
    mean = all_rows.mean(axis=0)
    _, lengths, axes = np.linalg.svd(all_rows - mean, full_matrices=False)
    return mean, lengths**2 / count, axes


def estimate_shrinkage(X: Rows, rows: IntArray | None = None) -> float:
    """Return the shrinkage of Ledoit and Wolf for rows of `X`, as scikit-learn's function would.

    The sum of `(X^2)'(X^2)`, which scikit-learn takes from all rows at once, is the sum of the rows' lengths
    to the power of four; and fewer rows than features tell all by their products with each other. It takes
    0.7 s to import scikit-learn's.
    """
    count, features = _size_of(X, rows)
    if features == 1:
        return 0.0  # it makes no difference
    if count <= features:
        every = np.concatenate(list(read_blocks(X, rows)))
        every -= every.mean(axis=0)
        products = every @ every.T / count
        lengths = count * np.diag(products)
    else:
        moments = Moments.from_rows(X, rows)
        products = moments.scatter / count
        centred = (block - moments.mean for block in read_blocks(X, rows))
        lengths = np.concatenate([(block**2).sum(axis=1) for block in centred])
    return combine_shrinkage(products, float((lengths**2).sum()), count, features)


def combine_shrinkage(products: FloatArray, fourth: float, count: int, features: int) -> float:
    """Return the shrinkage of Ledoit and Wolf by its terms.

    Parameters
    ----------
    products : the covariance, or of fewer rows than features their products with each other, over `count`
    fourth : sum of the centred rows' lengths to the power of four
    """
    squares = (products**2).sum()
    noise = (fourth / count - squares) / count
    structure = squares - np.trace(products) ** 2 / features
    noise = min(noise, structure)
    return float(noise / structure) if noise else 0.0


@dataclass(frozen=True, eq=False)
class Moments:
    """How many rows there are, their mean (features,), and their scatter about it (features, features)."""

    count: int
    mean: FloatArray
    scatter: FloatArray

    @classmethod
    def from_rows(cls, X: Rows, rows: IntArray | None = None) -> Moments:
        """Return those of the rows of `X`, or of some of them."""
        count, features = _size_of(X, rows)
        mean = sum((block.sum(axis=0) for block in read_blocks(X, rows)), np.zeros(features)) / count
        scatter = np.zeros((features, features))
        for block in read_blocks(X, rows):
            centred = block - mean
            scatter += centred.T @ centred
        return cls(count, mean, scatter)

    def find_axes(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return what `find_principal_axes` does; of no more rows than features, as many axes as rows."""
        variances, vectors = np.linalg.eigh(self.scatter / self.count)
        variances, axes = np.maximum(variances, 0), vectors.T
        if self.count > len(self.mean):
            return self.mean, variances, axes
        strongest = np.argsort(variances, kind="stable")[::-1][: self.count]
        return self.mean, variances[strongest], axes[strongest]

    @classmethod
    def from_parts(cls, parts: Sequence[Moments]) -> Moments:
        """Return those of the rows of all parts together."""
        count = sum(part.count for part in parts)
        mean = sum((part.count / count * part.mean for part in parts), np.zeros_like(parts[0].mean))
        apart = np.stack([np.sqrt(part.count) * (part.mean - mean) for part in parts])
        scatter = sum((part.scatter for part in parts), apart.T @ apart)
        return cls(count, mean, scatter)


def _size_of(X: Rows, rows: IntArray | None) -> tuple[int, int]:
    return len(X) if rows is None else len(rows), X.shape[1]


def read_blocks(X: Rows, rows: IntArray | None = None) -> Iterator[FloatArray]:
    """Yield the rows of `X`, or some of them, a block at a time in double precision."""
    for start in range(0, _size_of(X, rows)[0], ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE)
        yield np.asarray(X[part if rows is None else rows[part]], np.float64)
