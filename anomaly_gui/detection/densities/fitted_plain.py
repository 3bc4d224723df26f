"""A mixture of one component as it judges images: numpy alone, as in `fitted`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.densities.mixture_state import MixtureState

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.detection.densities.state import DensityState


@dataclass(frozen=True, eq=False)
class FittedPlain:
    """What `PlainGaussian` learned."""

    learned: MixtureState

    def score_samples(self, X: FloatArray) -> FloatArray:
        """Return the log-likelihood of each row of `X`, (images, features), as (images,)."""
        centred = np.asarray(X, np.float64) - self.learned.means[0]
        features, factor = centred.shape[1], self.learned.precisions_cholesky
        if self.learned.covariance_type in ("full", "tied"):
            factor = factor.reshape(features, features)
            whitened, scales = centred @ factor, np.diagonal(factor)
        else:
            scales = np.broadcast_to(factor.ravel(), features)
            whitened = centred * scales
        distances = (whitened**2).sum(axis=1)
        density: FloatArray = np.log(scales).sum() - 0.5 * (features * np.log(2 * np.pi) + distances)
        return density

    def state(self) -> DensityState:
        """Return what was learned as plain values."""
        return self.learned.as_density_state()

    @classmethod
    def from_state(cls, state: DensityState, features: int) -> FittedPlain:
        """Return the Gaussian that had this state; ValueError for one that none can have."""
        return cls(MixtureState.from_state(state, features))
