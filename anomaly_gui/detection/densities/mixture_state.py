"""What a mixture of Gaussians learned, checked as it comes from a model file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.densities.state import DensityState

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray

COVARIANCE_TYPES = ("full", "tied", "diag", "spherical")
_SETTINGS = {"n_components", "covariance_type", "reg_covar", "random_state"}
_ARRAYS = {"weights", "means", "covariances", "precisions_cholesky"}


@dataclass(frozen=True, eq=False)
class MixtureState:
    """The learned values under the names they have in scikit-learn's `GaussianMixture`.

    Parameters
    ----------
    components : how many
    covariance_type, reg_covar, random_state : what was requested
    weights : (components,)
    means : (components, features)
    covariances, precisions_cholesky : of the shape that belongs to the type
    """

    components: int
    covariance_type: str
    reg_covar: float
    random_state: int
    weights: FloatArray
    means: FloatArray
    covariances: FloatArray
    precisions_cholesky: FloatArray

    def as_density_state(self) -> DensityState:
        """Return the plain values a model file holds."""
        settings: dict[str, float | str] = {
            "n_components": self.components,
            "covariance_type": self.covariance_type,
            "reg_covar": self.reg_covar,
            "random_state": self.random_state,
        }
        return DensityState(settings, {name: getattr(self, name) for name in _ARRAYS})

    @classmethod
    def from_state(cls, state: DensityState, features: int) -> MixtureState:
        """Return these values for vectors of so many features; ValueError for such as none can have."""
        state.check_names(_SETTINGS, _ARRAYS)
        count, kind = state.get_whole_number("n_components", 1, 100), str(state.settings["covariance_type"])
        shape = _covariance_shape(kind, count, features)
        return cls(
            components=count,
            covariance_type=kind,
            reg_covar=state.get_number("reg_covar", 0, 1e6),
            random_state=state.get_whole_number("random_state", 0, 2**32 - 1),
            weights=state.get_array("weights", (count,), positive=True),
            means=state.get_array("means", (count, features)),
            covariances=state.get_array("covariances", shape),
            precisions_cholesky=_with_positive_diagonal(state.get_array("precisions_cholesky", shape), kind),
        )


def _covariance_shape(kind: str, count: int, features: int) -> tuple[int, ...]:
    shapes: dict[str, tuple[int, ...]] = {
        "full": (count, features, features),
        "tied": (features, features),
        "diag": (count, features),
        "spherical": (count,),
    }
    if kind not in shapes:
        raise ValueError(f"there is no covariance named {kind!r}")
    return shapes[kind]


def _with_positive_diagonal(factors: FloatArray, kind: str) -> FloatArray:
    """Return factors of precisions whose determinant is above 0, or raise ValueError."""
    diagonal = np.diagonal(factors, axis1=-2, axis2=-1) if kind in ("full", "tied") else factors
    if not (diagonal > 0).all():
        raise ValueError("a precision is not above 0")
    return factors
