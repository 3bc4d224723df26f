"""One Gaussian with a shrunk covariance, and its held-out scores in closed form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, DensityMixin
from sklearn.covariance import ledoit_wolf_shrinkage
from sklearn.utils.validation import check_is_fitted, validate_data

from anomaly_gui.detection.densities.state import DensityState
from anomaly_gui.detection.groups import rows_of_groups

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays import FloatArray, IntArray

_SMALLEST_SHRINKAGE = 1e-6  # keeps every direction's variance above zero


class ShrunkGaussian(DensityMixin, BaseEstimator):
    """One Gaussian whose covariance is drawn towards a multiple of the identity.

    With fewer images than features the plain covariance is singular; the shrunk one,
    `(1 - s) * S + s * trace(S) / p * I`, is not, and its held-out scores match those of new images.

    Parameters
    ----------
    shrinkage : "ledoit-wolf", or the share `s` from 0 to 1

    Attributes
    ----------
    location_ : (features,) mean
    axes_ : (axes, features) orthonormal directions the training rows vary in
    variances_ : (axes,) shrunk variance along each
    floor_ : shrunk variance along every other direction
    shrinkage_ : the share used

    References
    ----------
    Ledoit and Wolf, "A well-conditioned estimator for large-dimensional covariance matrices", 2004.
    """

    def __init__(self, shrinkage: float | str = "ledoit-wolf") -> None:
        self.shrinkage = shrinkage

    def fit(
        self,
        X: FloatArray,
        y: Any = None,  # noqa: ARG002 - scikit-learn's signature
        groups: IntArray | None = None,
    ) -> ShrunkGaussian:
        """Learn mean and covariance of `X`, (images, features).

        The shrinkage is reckoned from one row of each group: near-copies would pass for more images than
        there are, and shrink too little. `groups` is (images,), a number for each row; None: each alone.

        Raises
        ------
        ValueError : fewer than 2 rows, a value that is not finite, or rows that are all the same
        """
        X = validate_data(self, X, dtype=np.float64, ensure_min_samples=2)
        self.location_ = X.mean(axis=0)
        centred = X - self.location_
        variances, self.axes_ = _principal_axes(centred)
        mean_variance = variances.sum() / X.shape[1]
        if mean_variance <= np.finfo(float).eps * max(1.0, float(np.abs(X).max())) ** 2:
            raise ValueError("The features are the same in every row: there is nothing to learn.")
        firsts = slice(None) if groups is None else np.unique(groups, return_index=True)[1]
        self.shrinkage_ = self._share(centred[firsts])
        self.floor_ = self.shrinkage_ * mean_variance
        self.variances_ = (1 - self.shrinkage_) * variances + self.floor_
        return self

    def _share(self, centred: FloatArray) -> float:
        if self.shrinkage == "ledoit-wolf":
            share = float(ledoit_wolf_shrinkage(centred))
        else:
            share = float(self.shrinkage)
        if not 0 <= share <= 1:
            raise ValueError(f"shrinkage must be from 0 to 1, not {share}")
        return max(share, _SMALLEST_SHRINKAGE)

    def score_samples(self, X: FloatArray) -> FloatArray:
        """Return the log-likelihood of each row of `X`, (images, features), as (images,)."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return self._log_density(self._squared_distances(X - self.location_))

    def score(self, X: FloatArray, y: Any = None) -> float:  # noqa: ARG002 - scikit-learn's signature
        """Return the total log-likelihood of `X`, as scikit-learn's densities do."""
        return float(self.score_samples(X).sum())

    def _squared_distances(self, centred: FloatArray) -> FloatArray:
        along = centred @ self.axes_.T
        rest = np.maximum((centred**2).sum(axis=1) - (along**2).sum(axis=1), 0)
        distances: FloatArray = (along**2 / self.variances_).sum(axis=1) + rest / self.floor_
        return distances

    def _log_density(self, squared_distances: FloatArray) -> FloatArray:
        features = len(self.location_)
        others = features - len(self.variances_)
        log_determinant = np.log(self.variances_).sum() + others * np.log(self.floor_)
        density: FloatArray = -0.5 * (features * np.log(2 * np.pi) + log_determinant + squared_distances)
        return density

    def held_out_scores(self, X: FloatArray, groups: IntArray | None = None) -> FloatArray:
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
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        groups = np.arange(len(X)) if groups is None else np.unique(groups, return_inverse=True)[1]
        if len(np.unique(groups)) < 2:
            raise ValueError("All rows are of one group: none can be judged by the others.")
        along = (X - self.location_) @ self.axes_.T
        distances = np.empty(len(X))
        for rows in rows_of_groups(groups):
            distances[rows] = self._distances_without(along[rows], len(X))
        return self._log_density(distances)

    def _distances_without(self, group: FloatArray, n: int) -> FloatArray:
        """Return the squared distances of `group`, (rows, axes), to the fit without these rows.

        Without them the covariance is `B - a Y C Y'`, Y the centred rows as columns, `C = I + 11'/left`,
        `a = (1 - s)/left`, B diagonal in `axes_`; their offsets from the new mean are `Y C`. By Woodbury the
        squared distances are the diagonal of `inv(inv(C)/a - Q) Q C / a` with `Q = Y' inv(B) Y`. A group of
        more rows than axes is judged by the covariance itself, so that no matrix is larger than axes by axes.
        """
        rows = len(group)
        left = n - rows
        s, features = self.shrinkage_, len(self.location_)
        plain = (self.variances_ - self.floor_) * n / left
        scatter_taken = (group**2).sum() + (group.sum(axis=0) ** 2).sum() / left
        floor = self.floor_ * n / left - s * scatter_taken / (left * features)
        floor = max(floor, 1e-3 * self.floor_)  # one group can be nearly all there is
        base = plain + floor
        a = max(1 - s, 1e-12) / left
        if rows > len(base):
            offsets = group + group.sum(axis=0) / left  # C Y', as rows
            covariance = np.diag(base) - a * group.T @ offsets
            squared: FloatArray = (offsets * np.linalg.solve(covariance, offsets.T).T).sum(axis=1)
            return np.maximum(squared, 0)
        coupling = np.eye(rows) + 1.0 / left
        q = (group / base) @ group.T
        kernel = np.linalg.inv(coupling) / a - q
        return np.maximum(np.diag(np.linalg.solve(kernel, q @ coupling)) / a, 0)

    def state(self) -> DensityState:
        """Return what was learned as plain values."""
        check_is_fitted(self)
        told_and_reckoned = {
            "shrinkage": self.shrinkage,
            "reckoned_shrinkage": self.shrinkage_,
            "floor": float(self.floor_),
        }
        arrays = {"location": self.location_, "axes": self.axes_, "variances": self.variances_}
        return DensityState(told_and_reckoned, arrays)

    @classmethod
    def from_state(cls, state: DensityState, features: int) -> ShrunkGaussian:
        """Return the fitted density that had this state.

        Raises
        ------
        ValueError : a state that none can have
        """
        state.check_names({"shrinkage", "reckoned_shrinkage", "floor"}, {"location", "axes", "variances"})
        axes = len(state.arrays["variances"].reshape(-1))
        if axes > features:
            raise ValueError(f"{axes} axes are too many for {features} features")
        density = cls(state.settings["shrinkage"])
        density.n_features_in_ = features
        density.location_ = state.array("location", (features,))
        density.axes_ = state.array("axes", (axes, features))
        density.variances_ = state.array("variances", (axes,), positive=True)
        density.shrinkage_ = state.number("reckoned_shrinkage", _SMALLEST_SHRINKAGE, 1)
        density.floor_ = state.number("floor", np.finfo(float).tiny, np.finfo(float).max)
        return density


def _principal_axes(centred: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return variances (axes,) and orthonormal directions (axes, features) of centred rows."""
    rows, features = centred.shape
    if rows > features:
        variances, vectors = np.linalg.eigh(centred.T @ centred / rows)
        return np.maximum(variances, 0), vectors.T
    _, lengths, axes = np.linalg.svd(centred, full_matrices=False)
    return lengths**2 / rows, axes
