"""scikit-learn's Gaussian mixture, with held-out scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import clone
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import GroupKFold

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays import FloatArray, IntArray

_FOLDS = 10  # refitting on 4/5 of the rows makes held-out scores too low; on 9/10 they are close to right


class MixtureDensity(GaussianMixture):
    """`sklearn.mixture.GaussianMixture`, seeded, of one component unless told otherwise.

    Parameters
    ----------
    n_components, covariance_type, reg_covar, random_state : as in scikit-learn
    """

    def __init__(
        self,
        n_components: int = 1,
        *,
        covariance_type: str = "full",
        reg_covar: float = 1e-6,
        random_state: Any = 0,
    ) -> None:
        super().__init__(
            n_components,
            covariance_type=covariance_type,
            reg_covar=reg_covar,
            random_state=random_state,
        )

    def fit(
        self,
        X: FloatArray,
        y: Any = None,  # noqa: ARG002 - scikit-learn's signature
        groups: IntArray | None = None,  # noqa: ARG002 - nothing here depends on near-copies
    ) -> MixtureDensity:
        """Fit the mixture to `X`, (images, features), with scikit-learn's expectation maximisation."""
        super().fit(X)
        return self

    def held_out_scores(self, X: FloatArray, groups: IntArray | None = None) -> FloatArray:
        """Return the score of each row under a fit without its fold; folds never split a group.

        Parameters
        ----------
        X : (images, features)
        groups : (images,) a number for each row. None: each row alone

        Raises
        ------
        ValueError : fewer than 2 groups, or too few rows for the components
        """
        groups = np.arange(len(X)) if groups is None else groups
        folds = GroupKFold(min(_FOLDS, len(np.unique(groups))), shuffle=True, random_state=0)
        scores = np.empty(len(X))
        for fit, held_out in folds.split(X, groups=groups):
            scores[held_out] = clone(self).fit(X[fit]).score_samples(X[held_out])
        return scores
