"""One Gaussian with a shrunk covariance as an estimator of scikit-learn's kind; see `shrunk_fit`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, DensityMixin
from sklearn.utils import assert_all_finite
from sklearn.utils.validation import check_is_fitted, validate_data

from anomaly_gui.detection.arrays.moments import read_blocks
from anomaly_gui.detection.arrays.row_store import RowStore
from anomaly_gui.detection.densities.shrunk_fit import ShrunkFit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray, Rows
    from anomaly_gui.detection.densities.fitted import FittedGaussian

_TAKEN_AS_THEY_ARE = (np.float64, np.float32, np.float16)


class ShrunkGaussian(ShrunkFit, DensityMixin, BaseEstimator):
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
        super().__init__(shrinkage)

    def fit(
        self,
        X: Rows,
        y: Any = None,  # noqa: ARG002 - scikit-learn's signature
        groups: IntArray | None = None,
    ) -> ShrunkGaussian:
        """Learn mean and covariance of `X`, (images, features).

        The shrinkage is estimated from one row of each group: near-duplicates would pass for more images than
        there are, and shrink too little. `groups` is (images,), a number for each row; None: each alone.

        Raises
        ------
        ValueError : fewer than 2 rows, a value that is not finite, or rows that are all the same
        """
        self.learn_rows(self._validate_rows(X, ensure_min_samples=2), groups)
        return self

    def _validate_rows(self, X: Rows, **asked: Any) -> Rows:
        """Return `X` as it is where it holds floats; whether they are finite is checked block by block."""
        asked |= {"dtype": _TAKEN_AS_THEY_ARE, "ensure_all_finite": False}
        if isinstance(X, RowStore):
            validate_data(self, X[:2], **asked)  # its rows are all of one length and kind
            return X
        checked: Rows = validate_data(self, X, **asked)
        return checked

    def score_samples(self, X: Rows) -> FloatArray:
        """Return the log-likelihood of each row of `X`, (images, features), as (images,)."""
        check_is_fitted(self)
        X = self._validate_rows(X, reset=False)
        return np.concatenate([self.fitted.score_samples(block) for block in self._finite_blocks(X)])

    def _finite_blocks(self, X: Rows) -> Iterator[FloatArray]:
        for block in read_blocks(X):
            assert_all_finite(block, estimator_name=type(self).__name__, input_name="X")
            yield block

    def score(self, X: Rows, y: Any = None) -> float:  # noqa: ARG002 - scikit-learn's signature
        """Return the total log-likelihood of `X`, as scikit-learn's densities do."""
        return float(self.score_samples(X).sum())

    @property
    def fitted(self) -> FittedGaussian:
        """What was learned, to judge images with."""
        check_is_fitted(self)
        return super().fitted

    def held_out_distances(self, X: Rows, groups: IntArray | None = None) -> FloatArray:
        """Return the squared Mahalanobis distances that `held_out_scores` rests on, (images,)."""
        check_is_fitted(self)
        return super().held_out_distances(X, groups)
