"""The detector for surfaces without fixed places, and for parts in any direction.

It asks two things, either of which may give a defect away: is a place of the image unlike those of good
images, and is the image as a whole? Parts that lie in any direction are turned into one pose first, and then
judged place by place; on surfaces all places share one Gaussian.

Chosen by measurement against a memory of patches (PatchCore: Roth et al., 2022), shared mixtures, and more
channels: see `tests/benchmarks/accuracy/maps.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.densities.registry import restore_density
from anomaly_gui.detection.densities.state import DensityState
from anomaly_gui.detection.detectors.local_maps import LocalMaps, highest_mean
from anomaly_gui.detection.detectors.positional import restore_local
from anomaly_gui.detection.detectors.protocol import Judgement
from anomaly_gui.detection.detectors.spread import Spread
from anomaly_gui.detection.settings.choices import TEXTURE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.detection.densities.registry import FittedDensity
    from anomaly_gui.detection.features.network_outputs import ImageFeatures
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.settings.feature_settings import FeatureSettings

HIGHEST_SHARE = 0.03
"""Share of the map whose mean is told of its places: against 0.01, turned cells and ELPV poly gain 0.003
AUROC, made-up bolts with tiny faults lose 0.01."""

_WHOLE = "whole."


@dataclass(frozen=True, eq=False)
class TextureDetector:
    """Scores images by the worse of two surprises, smoothly taken: of their places, and of the whole.

    Parameters
    ----------
    local, local_spread : maps, and how the means of their highest values spread among good images
    whole, whole_spread : density of pooled features, and how its log-likelihoods spread
    """

    plan: Plan
    local: LocalMaps
    local_spread: Spread
    whole: FittedDensity
    whole_spread: Spread

    @property
    def kind(self) -> str:
        """The kind of detector."""
        return TEXTURE

    @property
    def settings(self) -> FeatureSettings:
        """How the whole image becomes a vector."""
        return self.plan.features

    def judge(self, observed: ImageFeatures) -> Judgement:
        """Return scores and maps; see `Detector`."""
        if observed.cells is None:
            raise ValueError("a texture detector judges features of places")
        ratios = self.local.ratios(observed.cells)
        return Judgement(
            self.joined(ratios, self.whole.score_samples(observed.vectors)), self.local.maps(ratios)
        )

    def joined(self, ratios: FloatArray, whole: FloatArray) -> FloatArray:
        """Return scores in standard deviations of good images, (images,).

        Parameters
        ----------
        ratios : (images, kept cells)
        whole : (images,) log-likelihoods of pooled features
        """
        places = self.local_spread.standardized(-highest_mean(ratios, HIGHEST_SHARE))
        scores: FloatArray = -np.logaddexp(-places, -self.whole_spread.standardized(whole))
        return scores

    def with_level(self, level: float) -> TextureDetector:
        """Return this detector with another level of its map."""
        return replace(self, local=replace(self.local, level=self.local.level * level))

    def state(self) -> tuple[dict[str, Any], Mapping[str, FloatArray]]:
        """Return JSON values and arrays; see `Detector`."""
        whole = self.whole.state()
        described = {
            "level": self.local.level,
            "density": {"name": "shrunk", "settings": dict(whole.settings)},
            "local_spread": [self.local_spread.mean, self.local_spread.deviation],
            "whole_spread": [self.whole_spread.mean, self.whole_spread.deviation],
        }
        arrays = {**self.local.places.state().arrays, "usual": self.local.usual}
        return described, {**arrays, **{_WHOLE + name: values for name, values in whole.arrays.items()}}

    @classmethod
    def restore(
        cls, plan: Plan, described: Mapping[str, Any], arrays: Mapping[str, FloatArray]
    ) -> TextureDetector:
        """Return the detector that had this state; ValueError for one that none can have."""
        places = {name: values for name, values in arrays.items() if not name.startswith(_WHOLE)}
        whole = {name.removeprefix(_WHOLE): arrays[name] for name in arrays if name.startswith(_WHOLE)}
        density = described["density"]
        state = DensityState(density["settings"], whole)
        return cls(
            plan,
            restore_local(plan, described, places, per_place=plan.alignment is not None),
            Spread(*described["local_spread"]),
            restore_density(density["name"], state, plan.features.length),
            Spread(*described["whole_spread"]),
        )
