"""scikit-learn's Gaussian mixture, with held-out scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import clone
from sklearn.mixture import GaussianMixture
from sklearn.utils.validation import check_is_fitted

from anomaly_gui.detection.densities.folds import split_into_folds
from anomaly_gui.detection.densities.mixture_state import MixtureState

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray, Rows
    from anomaly_gui.detection.densities.state import DensityState


class MixtureDensity(GaussianMixture):
    """`sklearn.mixture.GaussianMixture`, seeded, of one component unless another number is requested.

    Parameters
    ----------
    n_components, covariance_type, reg_covar, random_state, init_params : as in scikit-learn
    """

    def __init__(
        self,
        n_components: int = 1,
        *,
        covariance_type: str = "full",
        reg_covar: float = 1e-6,
        random_state: Any = 0,
        init_params: str = "kmeans",
    ) -> None:
        super().__init__(
            n_components,
            init_params=init_params,
            covariance_type=covariance_type,
            reg_covar=reg_covar,
            random_state=random_state,
        )

    def fit(
        self,
        X: Rows,
        y: Any = None,  # noqa: ARG002 - scikit-learn's signature
        groups: IntArray | None = None,  # noqa: ARG002 - nothing here depends on near-duplicates
    ) -> MixtureDensity:
        """Fit the mixture to `X`, (images, features), with scikit-learn's expectation maximisation."""
        # single precision would drown the regularisation in rounding
        super().fit(np.asarray(X, np.float64) if getattr(X, "dtype", None) == np.float32 else X)
        return self

    def held_out_scores(self, X: Rows, groups: IntArray | None = None) -> FloatArray:
        """Return the score of each row under a fit without its fold; folds never split a group.

        Parameters
        ----------
        X : (images, features)
        groups : (images,) a number for each row. None: each row alone

        Raises
        ------
        ValueError : fewer than 2 groups, or too few rows for the components
        """
        X = np.asarray(X)
        scores = np.empty(len(X))
        for held_out in split_into_folds(len(X), groups):
            others = np.delete(X, held_out, axis=0)
            scores[held_out] = clone(self).fit(others).score_samples(X[held_out])
        return scores

    def state(self) -> DensityState:
        """Return what was learned as plain values."""
        check_is_fitted(self)
        return MixtureState(
            components=self.n_components,
            covariance_type=self.covariance_type,
            reg_covar=self.reg_covar,
            random_state=self.random_state,
            weights=self.weights_,
            means=self.means_,
            covariances=self.covariances_,
            precisions_cholesky=self.precisions_cholesky_,
        ).as_density_state()

    @classmethod
    def from_state(cls, state: DensityState, features: int) -> MixtureDensity:
        """Return the fitted density that had this state.

        Raises
        ------
        ValueError : a state that none can have
        """
        learned = MixtureState.from_state(state, features)
        density = cls(
            learned.components,
            covariance_type=learned.covariance_type,
            reg_covar=learned.reg_covar,
            random_state=learned.random_state,
        )
        density.n_features_in_ = features
        density.weights_, density.means_ = learned.weights, learned.means
        density.covariances_ = learned.covariances
        density.precisions_cholesky_ = learned.precisions_cholesky
        return density
