"""One Gaussian as scikit-learn's mixture of one component fits it, without a search: it has a closed form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, DensityMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from anomaly_gui.detection.arrays.moments import Moments
from anomaly_gui.detection.arrays.row_store import RowStore
from anomaly_gui.detection.densities.fitted_plain import FittedPlain
from anomaly_gui.detection.densities.folds import split_into_folds
from anomaly_gui.detection.densities.mixture_state import COVARIANCE_TYPES, MixtureState
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray, Rows
    from anomaly_gui.detection.densities.state import DensityState

_SEED = 0  # what a model file says of a mixture; nothing here is drawn


class PlainGaussian(DensityMixin, BaseEstimator):
    """What `sklearn.mixture.GaussianMixture` of one component comes to, for every type of covariance.

    Parameters
    ----------
    covariance_type, reg_covar : as in scikit-learn

    Attributes
    ----------
    fitted_ : what was learned, to judge images with
    """

    def __init__(self, covariance_type: str = "full", *, reg_covar: float = 1e-6) -> None:
        self.covariance_type = covariance_type
        self.reg_covar = reg_covar

    def fit(
        self,
        X: Rows,
        y: Any = None,  # noqa: ARG002 - scikit-learn's signature
        groups: IntArray | None = None,  # noqa: ARG002 - nothing here depends on near-duplicates
    ) -> PlainGaussian:
        """Learn mean and covariance of `X`, (images, features).

        Raises
        ------
        ValueError : fewer than 2 rows, a value that is not finite, or a covariance that cannot be inverted
        """
        if self.covariance_type not in COVARIANCE_TYPES:
            raise ValueError(f"there is no covariance named {self.covariance_type!r}")
        X = self._validate_rows(X, ensure_min_samples=2)
        self.fitted_ = self._fit_moments(Moments.from_rows(X))
        return self

    def _validate_rows(self, X: Rows, **asked: Any) -> FloatArray:
        whole: FloatArray = validate_data(self, np.asarray(X) if isinstance(X, RowStore) else X, **asked)
        return whole

    def _fit_moments(self, moments: Moments) -> FittedPlain:
        covariance = self._shape_covariance(moments)
        learned = MixtureState(
            components=1,
            covariance_type=self.covariance_type,
            reg_covar=self.reg_covar,
            random_state=_SEED,
            weights=np.ones(1),
            means=moments.mean[None],
            covariances=covariance,
            precisions_cholesky=_factor_precision(covariance, self.covariance_type),
        )
        return FittedPlain(learned)

    def _shape_covariance(self, moments: Moments) -> FloatArray:
        """Return the covariance in the shape that belongs to its type."""
        covariance: FloatArray = moments.scatter / moments.count
        covariance[np.diag_indices_from(covariance)] += self.reg_covar
        if self.covariance_type == "tied":
            return covariance
        if self.covariance_type == "full":
            return covariance[None]
        variances: FloatArray = np.diagonal(covariance)[None].copy()
        return variances if self.covariance_type == "diag" else np.asarray(variances.mean(axis=1))

    def score_samples(self, X: Rows) -> FloatArray:
        """Return the log-likelihood of each row of `X`, (images, features), as (images,)."""
        check_is_fitted(self)
        return self.fitted_.score_samples(self._validate_rows(X, reset=False))

    def score(self, X: Rows, y: Any = None) -> float:  # noqa: ARG002 - scikit-learn's signature
        """Return the mean log-likelihood of `X`, as scikit-learn's mixtures do."""
        return float(self.score_samples(X).mean())

    def held_out_scores(self, X: Rows, groups: IntArray | None = None) -> FloatArray:
        """Return the score of each row under a fit without its fold; folds never split a group.

        Each fold's share of mean and covariance is computed once; a refit adds up the others'.

        Parameters
        ----------
        X : (images, features)
        groups : (images,) a number for each row. None: each row alone

        Raises
        ------
        ValueError : fewer than 2 groups, or a refit would have fewer than 2 rows
        """
        X = self._validate_rows(X, reset=False)
        folds = split_into_folds(len(X), groups)
        shares = [Moments.from_rows(X, rows) for rows in folds]
        scores = np.empty(len(X))
        for fold, rows in enumerate(folds):
            others = Moments.from_parts(shares[:fold] + shares[fold + 1 :])
            if others.count < 2:
                raise ValueError(translate("Without the images of one part fewer than 2 are left."))
            scores[rows] = self._fit_moments(others).score_samples(X[rows])
        return scores

    def state(self) -> DensityState:
        """Return what was learned as plain values; `FittedPlain` takes them."""
        check_is_fitted(self)
        return self.fitted_.state()


def _factor_precision(covariance: FloatArray, kind: str) -> FloatArray:
    """Return what turns centred rows into such of unit variance: scikit-learn's `precisions_cholesky_`."""
    if kind not in ("full", "tied"):
        roots: FloatArray = 1.0 / np.sqrt(covariance)
        return roots
    from scipy.linalg import solve_triangular

    features = covariance.shape[-1]
    try:
        factor = np.linalg.cholesky(covariance.reshape(features, features))
    except np.linalg.LinAlgError as error:
        raise ValueError(translate("the features vary too little in some direction")) from error
    inverse: FloatArray = solve_triangular(factor, np.eye(features), lower=True)
    return np.ascontiguousarray(inverse.T).reshape(covariance.shape)
