"""scikit-learn's Gaussian mixture, with held-out scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import clone
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import GroupKFold
from sklearn.utils.validation import check_is_fitted

from anomaly_gui.detection.densities.state import DensityState

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays import FloatArray, IntArray, Rows

_FOLDS = 10  # refitting on 4/5 of the rows makes held-out scores too low; on 9/10 they are close to right
_LEARNED = ("weights", "means", "covariances", "precisions_cholesky")


class MixtureDensity(GaussianMixture):
    """`sklearn.mixture.GaussianMixture`, seeded, of one component unless told otherwise.

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
        groups: IntArray | None = None,  # noqa: ARG002 - nothing here depends on near-copies
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
        groups = np.arange(len(X)) if groups is None else groups
        folds = GroupKFold(min(_FOLDS, len(np.unique(groups))), shuffle=True, random_state=0)
        scores = np.empty(len(X))
        for fit, held_out in folds.split(X, groups=groups):
            scores[held_out] = clone(self).fit(X[fit]).score_samples(X[held_out])
        return scores

    def state(self) -> DensityState:
        """Return what was learned as plain values."""
        check_is_fitted(self)
        told = {
            "n_components": self.n_components,
            "covariance_type": self.covariance_type,
            "reg_covar": self.reg_covar,
            "random_state": self.random_state,
        }
        return DensityState(told, {name: getattr(self, f"{name}_") for name in _LEARNED})

    @classmethod
    def from_state(cls, state: DensityState, features: int) -> MixtureDensity:
        """Return the fitted density that had this state.

        Raises
        ------
        ValueError : a state that none can have
        """
        state.check_names({"n_components", "covariance_type", "reg_covar", "random_state"}, set(_LEARNED))
        count, kind = state.whole_number("n_components", 1, 100), state.settings["covariance_type"]
        shapes = {"full": (count, features, features), "tied": (features, features)}
        shapes |= {"diag": (count, features), "spherical": (count,)}
        if kind not in shapes:
            raise ValueError(f"there is no covariance named {kind!r}")
        density = cls(
            count,
            covariance_type=str(kind),
            reg_covar=state.number("reg_covar", 0, 1e6),
            random_state=state.whole_number("random_state", 0, 2**32 - 1),
        )
        density.n_features_in_ = features
        density.weights_ = state.array("weights", (count,), positive=True)
        density.means_ = state.array("means", (count, features))
        density.covariances_ = state.array("covariances", shapes[str(kind)])
        density.precisions_cholesky_ = _with_positive_diagonal(
            state.array("precisions_cholesky", shapes[str(kind)]), str(kind)
        )
        return density


def _with_positive_diagonal(factors: FloatArray, kind: str) -> FloatArray:
    """Return factors of precisions whose determinant is above 0, or raise ValueError."""
    diagonal = np.diagonal(factors, axis1=-2, axis2=-1) if kind in ("full", "tied") else factors
    if not (diagonal > 0).all():
        raise ValueError("a precision is not above 0")
    return factors
