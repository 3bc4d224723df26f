"""The detector of whole images: a density of pooled features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anomaly_gui.detection.densities.registry import restore_density
from anomaly_gui.detection.densities.state import DensityState
from anomaly_gui.detection.detectors.protocol import Judgement
from anomaly_gui.detection.settings.choices import POOLED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.detection.densities.registry import FittedDensity
    from anomaly_gui.detection.features.network_outputs import ImageFeatures
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.settings.feature_settings import FeatureSettings


@dataclass(frozen=True, eq=False)
class PooledDetector:
    """Scores images by the log-likelihood of their pooled features. It has no map.

    Parameters
    ----------
    plan : how an image becomes a feature vector
    density_name : a name from `densities.NAMES`
    density : fitted
    """

    plan: Plan
    density_name: str
    density: FittedDensity

    @property
    def kind(self) -> str:
        """The kind of detector."""
        return POOLED

    @property
    def settings(self) -> FeatureSettings:
        """How an image becomes a feature vector."""
        return self.plan.features

    def score(self, vectors: FloatArray) -> FloatArray:
        """Return the log-likelihood of (images, features), as (images,)."""
        return self.density.score_samples(vectors)

    def judge(self, observed: ImageFeatures) -> Judgement:
        """Return the scores; see `Detector`."""
        return Judgement(self.score(observed.vectors))

    def with_level(self, level: float) -> PooledDetector:  # noqa: ARG002 - the protocol's signature
        """Return itself: there is no map."""
        return self

    def state(self) -> tuple[dict[str, Any], Mapping[str, FloatArray]]:
        """Return JSON values and arrays; see `Detector`."""
        state = self.density.state()
        return {"density": {"name": self.density_name, "settings": dict(state.settings)}}, state.arrays

    @classmethod
    def restore(
        cls, plan: Plan, described: Mapping[str, Any], arrays: Mapping[str, FloatArray]
    ) -> PooledDetector:
        """Return the detector that had this state; ValueError for one that none can have."""
        name = described["density"]["name"]
        state = DensityState(described["density"]["settings"], arrays)
        return cls(plan, name, restore_density(name, state, plan.length))
