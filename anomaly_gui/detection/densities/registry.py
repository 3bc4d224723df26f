"""How normal features are distributed: scikit-learn estimators with `score_samples`, higher = more normal.

Importing an estimator's module imports scikit-learn; `make_density` does it only when one is asked for, and
`restore_density` only for mixtures of several components.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from anomaly_gui.detection.settings.choices import DENSITIES
from anomaly_gui.errors import ParameterError
from anomaly_gui.language import translate
from anomaly_gui.wording import join_list

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray, Rows
    from anomaly_gui.detection.densities.state import DensityState


class FittedDensity(Protocol):
    """What a detector asks of a density. `X` is (images, features), one row an image."""

    def score_samples(self, X: FloatArray) -> FloatArray:
        """Return the log-likelihood of each row."""

    def state(self) -> DensityState:
        """Return what was learned as plain values; `restore_density` takes them."""


class Density(FittedDensity, Protocol):
    """What training asks of a density."""

    def fit(self, X: Rows, y: None = None, groups: IntArray | None = None) -> Density:
        """Learn how the rows are distributed."""

    def held_out_scores(self, X: Rows, groups: IntArray | None = None) -> FloatArray:
        """Return each training row's score under a fit without the rows of its group."""


def make_density(name: str, *, components: int = 1, covariance_type: str = "full") -> Density:
    """Return an unfitted density by its name.

    Parameters
    ----------
    name : one of `DENSITIES`
    components, covariance_type : only used by `gmm`, as in scikit-learn's `GaussianMixture`
    """
    if name == "shrunk":
        from anomaly_gui.detection.densities.shrunk import ShrunkGaussian

        return ShrunkGaussian()
    if name == "gmm" and components == 1:
        from anomaly_gui.detection.densities.plain import PlainGaussian

        return PlainGaussian(covariance_type)
    if name == "gmm":
        from anomaly_gui.detection.densities.mixture import MixtureDensity

        return MixtureDensity(n_components=components, covariance_type=covariance_type)
    raise ParameterError(
        translate(
            "There is no density named {name!r}: take one of {known}.", name=name, known=join_list(DENSITIES)
        )
    )


def restore_density(name: str, state: DensityState, features: int) -> FittedDensity:
    """Return the fitted density of a name that had this state, for vectors of so many features.

    Raises
    ------
    ValueError : an unknown name, or a state that no density of this name can have
    """
    if name == "shrunk":
        from anomaly_gui.detection.densities.fitted import FittedGaussian

        return FittedGaussian.from_state(state, features)
    if name == "gmm" and state.settings.get("n_components") == 1:
        from anomaly_gui.detection.densities.fitted_plain import FittedPlain

        return FittedPlain.from_state(state, features)
    if name == "gmm":
        from anomaly_gui.detection.densities.mixture import MixtureDensity

        return MixtureDensity.from_state(state, features)
    raise ValueError(f"there is no density named {name!r}")
