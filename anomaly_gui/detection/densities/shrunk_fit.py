"""The fit of one Gaussian with a shrunk covariance, and its held-out scores in closed form.

Rows are worked on in blocks, in double precision: however many there are, they take the memory of one block
and of the covariance. Without scikit-learn, which takes half a second to import; `shrunk` makes an estimator
of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.arrays.moments import estimate_shrinkage, find_principal_axes, read_blocks
from anomaly_gui.detection.densities.fitted import SMALLEST_SHRINKAGE, FittedGaussian
from anomaly_gui.detection.grouping.groups import split_by_group
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray, Rows
    from anomaly_gui.detection.densities.state import DensityState


class ShrunkFit:
    """What `ShrunkGaussian` does with rows that need no checks but that they are finite; see there."""

    location_: FloatArray
    axes_: FloatArray
    variances_: FloatArray
    floor_: float
    shrinkage_: float

    def __init__(self, shrinkage: float | str = "ledoit-wolf") -> None:
        self.shrinkage = shrinkage

    def learn_rows(self, X: Rows, groups: IntArray | None = None) -> None:
        """Learn mean and covariance of `X`, (images, features); see `ShrunkGaussian.fit`."""
        largest = max(float(np.abs(block).max()) for block in self._finite_blocks(X))
        firsts = None if groups is None else find_first_rows(groups)
        self.learn_axes(find_principal_axes(X), largest, lambda: estimate_shrinkage(X, firsts))

    def learn_axes(
        self,
        axes: tuple[FloatArray, FloatArray, FloatArray],
        largest: float,
        estimate: Callable[[], float],
    ) -> None:
        """Learn mean and covariance by what is known of the rows.

        Parameters
        ----------
        axes : mean, variances and directions; see `find_principal_axes`
        largest : absolute value in any row
        estimate : returns the shrinkage of Ledoit and Wolf; asked once it is known that rows differ
        """
        self.location_, variances, self.axes_ = axes
        mean_variance = variances.sum() / len(self.location_)
        if mean_variance <= np.finfo(float).eps * max(1.0, largest) ** 2:
            raise ValueError(translate("The features are the same in every row: there is nothing to learn."))
        self.shrinkage_ = self._find_shrinkage(estimate)
        self.floor_ = self.shrinkage_ * mean_variance
        self.variances_ = (1 - self.shrinkage_) * variances + self.floor_

    def _find_shrinkage(self, estimate: Callable[[], float]) -> float:
        share = estimate() if self.shrinkage == "ledoit-wolf" else float(self.shrinkage)
        if not 0 <= share <= 1:
            raise ValueError(f"shrinkage must be from 0 to 1, not {share}")
        return max(share, SMALLEST_SHRINKAGE)

    def _finite_blocks(self, X: Rows) -> Iterator[FloatArray]:
        for block in read_blocks(X):
            if not np.isfinite(block).all():
                raise ValueError("X contains NaN or infinity.")
            yield block

    def _validate_rows(self, X: Rows, **_: Any) -> Rows:
        return X

    @property
    def fitted(self) -> FittedGaussian:
        """What was learned, to judge images with."""
        return FittedGaussian(
            self.location_, self.axes_, self.variances_, self.floor_, self.shrinkage, self.shrinkage_
        )

    def held_out_scores(self, X: Rows, groups: IntArray | None = None) -> FloatArray:
        """Return the score of each training row under a fit without its whole group.

        A group's share in mean and covariance is taken out by a rank-k downdate instead of a new fit. The
        shrinkage and the normalising constant stay those of the full fit, so that all scores stand on its
        scale.

        Parameters
        ----------
        X : (images, features), the rows this was fitted on, in any order
        groups : (images,) a number for each row; rows of one number are left out together. None: each alone

        Raises
        ------
        ValueError : all rows are of one group
        """
        return self.fitted.log_density(self.held_out_distances(X, groups))

    def held_out_distances(self, X: Rows, groups: IntArray | None = None) -> FloatArray:
        """Return the squared Mahalanobis distances that `held_out_scores` rests on, (images,)."""
        X = self._validate_rows(X, reset=False)
        groups = np.arange(len(X)) if groups is None else groups
        if len(np.unique(groups)) < 2:
            raise ValueError(translate("All rows are of one group: none can be judged by the others."))
        return self.hold_out_some(X, groups, len(X))

    def hold_out_some(self, X: Rows, groups: IntArray, count: int) -> FloatArray:
        """Return the same of some of the `count` rows this was fitted on, (images,): of whole groups."""
        groups = np.unique(groups, return_inverse=True)[1]
        sizes = np.bincount(groups)
        each = (self._distances_alone(self._project_rows(block), count) for block in self._finite_blocks(X))
        distances = np.concatenate([*each, np.empty(0)])
        together = np.flatnonzero(sizes[groups] > 1)
        for indices in split_by_group(groups[together]) if len(together) else []:
            rows = together[indices]
            distances[rows] = self._distances_without(X, rows, count)
        return distances

    def _project_rows(self, rows: FloatArray) -> FloatArray:
        along: FloatArray = (rows - self.location_) @ self.axes_.T
        return along

    def _base_variances(self, trace: FloatArray, n: int, left: int) -> FloatArray:
        """Return B of `_distances_without`, (..., axes); `trace`, (..., 1), is the trace of what is out."""
        plain = (self.variances_ - self.floor_) * n / left
        floor = self.floor_ * n / left - self.shrinkage_ * trace / (left * len(self.location_))
        base: FloatArray = plain + np.maximum(floor, 1e-3 * self.floor_)  # a group can be nearly all there is
        return base

    def _distances_alone(self, along: FloatArray, n: int) -> FloatArray:
        """Return the squared distance of each row of `along`, (rows, axes), to the fit without this row.

        `_distances_without` for one row, where all but B are numbers: with `c = n/left` they come to
        `c^2 Q / (1 - a c Q)`.
        """
        left, c = n - 1, n / (n - 1)
        squares = along**2
        q = (squares / self._base_variances(c * squares.sum(axis=1, keepdims=True), n, left)).sum(axis=1)
        a = max(1 - self.shrinkage_, 1e-12) / left
        alone: FloatArray = np.maximum(c**2 * q / (1 - a * c * q), 0)
        return alone

    def _distances_without(self, X: Rows, rows: IntArray, n: int) -> FloatArray:
        """Return the squared distances of some rows of `X`, (rows,), to the fit to `n` rows without them.

        Without them the covariance is `B - a Y C Y'`, Y the centred rows as columns, `C = I + 11'/left`,
        `a = (1 - s)/left`, B diagonal in `axes_`; their offsets from the new mean are `Y C`. By Woodbury the
        squared distances are the diagonal of `inv(inv(C)/a - Q) Q C / a` with `Q = Y' inv(B) Y`. A group of
        more rows than axes is judged by the covariance itself, so that no matrix is larger than axes by axes.
        """
        left = n - len(rows)
        a = max(1 - self.shrinkage_, 1e-12) / left
        if len(rows) > len(self.variances_):
            return self._distances_of_many(X, rows, a, n)
        group = self._project_rows(X[rows])
        trace = (group**2).sum() + (group.sum(axis=0) ** 2).sum() / left
        base = self._base_variances(trace, n, left)
        coupling = np.eye(len(rows)) + 1.0 / left
        q = (group / base) @ group.T
        kernel = np.linalg.inv(coupling) / a - q
        return np.maximum(np.diag(np.linalg.solve(kernel, q @ coupling)) / a, 0)

    def _distances_of_many(self, X: Rows, rows: IntArray, a: float, n: int) -> FloatArray:
        left = n - len(rows)
        axes = len(self.variances_)
        total, scatter = np.zeros(axes), np.zeros((axes, axes))
        for block in read_blocks(X, rows):
            along = self._project_rows(block)
            total += along.sum(axis=0)
            scatter += along.T @ along
        scatter += np.outer(total, total) / left  # Y C Y'
        covariance = np.diag(self._base_variances(np.trace(scatter), n, left)) - a * scatter
        precision = np.linalg.inv(covariance)
        offsets = (self._project_rows(block) + total / left for block in read_blocks(X, rows))
        squared: FloatArray = np.concatenate([((each @ precision) * each).sum(axis=1) for each in offsets])
        return np.maximum(squared, 0)

    def state(self) -> DensityState:
        """Return what was learned as plain values; `FittedGaussian` takes them."""
        return self.fitted.state()


def find_first_rows(groups: IntArray) -> IntArray | None:
    """Return the first row of each group; None where that is every row."""
    firsts = np.sort(np.unique(groups, return_index=True)[1])
    return firsts if len(firsts) < len(groups) else None
