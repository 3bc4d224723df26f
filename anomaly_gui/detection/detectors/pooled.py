"""The detector of whole images: a density of pooled features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from anomaly_gui.detection.densities.registry import restore_density
from anomaly_gui.detection.densities.state import DensityState
from anomaly_gui.detection.detectors.base import BaseDetector
from anomaly_gui.detection.detectors.fitting import fit_density
from anomaly_gui.detection.detectors.protocol import Fitted, Judgement
from anomaly_gui.detection.settings.choices import POOLED
from anomaly_gui.detection.settings.train_settings import TrainSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.detection.densities.registry import FittedDensity
    from anomaly_gui.detection.detectors.renewal.renewal import Renewal
    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.features.network_outputs import ImageFeatures
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.detection.learning.split import Split

AnyPooled = TypeVar("AnyPooled", bound="PooledDetector")


@dataclass(frozen=True, eq=False)
class PooledDetector(BaseDetector):
    """Scores images by the log-likelihood of their pooled features. It has no map.

    Parameters
    ----------
    plan : how an image becomes a feature vector
    density_name : a name from `DENSITIES`
    density : fitted
    """

    kind: ClassVar[str] = POOLED
    density_name: str
    density: FittedDensity

    def score(self, vectors: FloatArray) -> FloatArray:
        """Return the log-likelihood of (images, features), as (images,)."""
        return self.density.score_samples(vectors)

    def judge(self, features: ImageFeatures) -> Judgement:
        """Return the scores; see `Detector`."""
        return Judgement(self.score(features.vectors))

    def state(self) -> tuple[dict[str, Any], Mapping[str, FloatArray]]:
        """Return JSON values and arrays; see `Detector`."""
        state = self.density.state()
        return {"density": {"name": self.density_name, "settings": dict(state.settings)}}, state.arrays

    @classmethod
    def fit(
        cls,
        settings: TrainSettings,
        plan: Plan,
        images: Collection,
        groups: Groups,
        split: Split | None,  # noqa: ARG003 - the protocol's signature
    ) -> Fitted:
        """Fit the density asked for to pooled features; see `Detector`."""
        density, held_out = fit_density(settings, images.vectors, groups)
        return Fitted(cls(plan, settings.density, density), held_out, None)

    @property
    def can_renew(self) -> bool:
        """Whether it can be fitted anew to kept features: all but learned ones are kept in full."""
        return self.plan.network is None

    def renew(self, renewal: Renewal) -> Fitted:
        """Fit the density to the features of the images there are afterwards; see `Detector`."""
        learned = self.density.state().settings
        settings = TrainSettings(
            detector=POOLED,
            density=self.density_name,
            components=int(learned.get("n_components", 1)),
            covariance=str(learned.get("covariance_type", "full")),
        )
        density, held_out = fit_density(settings, renewal.vectors, renewal.groups)
        return Fitted(PooledDetector(self.plan, self.density_name, density), held_out, None)

    @classmethod
    def restore(
        cls: type[AnyPooled], plan: Plan, described: Mapping[str, Any], arrays: Mapping[str, FloatArray]
    ) -> AnyPooled:
        """Return the detector that had this state; ValueError for one that none can have."""
        name = described["density"]["name"]
        state = DensityState(described["density"]["settings"], arrays)
        return cls(plan, name, restore_density(name, state, plan.length))
