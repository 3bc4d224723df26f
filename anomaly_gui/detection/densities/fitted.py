"""A fitted Gaussian as it judges images: numpy alone, as a first verdict need not wait for scikit-learn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.densities.state import DensityState

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray

SMALLEST_SHRINKAGE = 1e-6
"""Keeps every direction's variance above zero."""


@dataclass(frozen=True, eq=False)
class FittedGaussian:
    """What `ShrunkGaussian` learned.

    Parameters
    ----------
    location : (features,) mean
    axes : (axes, features) orthonormal directions
    variances : (axes,) along each
    floor : variance along every other direction
    requested, used : the shrinkage that was asked for, and the share that was used
    """

    location: FloatArray
    axes: FloatArray
    variances: FloatArray
    floor: float
    requested: float | str
    used: float

    def score_samples(self, X: FloatArray) -> FloatArray:
        """Return the log-likelihood of each row of `X`, (images, features), as (images,)."""
        return self.log_density(self.squared_distances(np.asarray(X, np.float64) - self.location))

    def squared_distances(self, centred: FloatArray) -> FloatArray:
        """Return squared Mahalanobis distances of centred rows, (rows,)."""
        along = centred @ self.axes.T
        rest = np.maximum((centred**2).sum(axis=1) - (along**2).sum(axis=1), 0)
        distances: FloatArray = (along**2 / self.variances).sum(axis=1) + rest / self.floor
        return distances

    def log_density(self, squared_distances: FloatArray) -> FloatArray:
        """Return the log-likelihoods that belong to squared distances."""
        features = len(self.location)
        others = features - len(self.variances)
        log_determinant = np.log(self.variances).sum() + others * np.log(self.floor)
        density: FloatArray = -0.5 * (features * np.log(2 * np.pi) + log_determinant + squared_distances)
        return density

    def state(self) -> DensityState:
        """Return what was learned as plain values."""
        settings = {
            "shrinkage": self.requested,
            "reckoned_shrinkage": self.used,
            "floor": float(self.floor),
        }
        arrays = {"location": self.location, "axes": self.axes, "variances": self.variances}
        return DensityState(settings, arrays)

    @classmethod
    def from_state(cls, state: DensityState, features: int) -> FittedGaussian:
        """Return the Gaussian that had this state; ValueError for one that none can have."""
        state.check_names({"shrinkage", "reckoned_shrinkage", "floor"}, {"location", "axes", "variances"})
        axes = len(state.arrays["variances"].reshape(-1))
        if axes > features:
            raise ValueError(f"{axes} axes are too many for {features} features")
        return cls(
            location=state.get_array("location", (features,)),
            axes=state.get_array("axes", (axes, features)),
            variances=state.get_array("variances", (axes,), positive=True),
            floor=state.get_number("floor", np.finfo(float).tiny, np.finfo(float).max),
            requested=state.settings["shrinkage"],
            used=state.get_number("reckoned_shrinkage", SMALLEST_SHRINKAGE, 1),
        )
