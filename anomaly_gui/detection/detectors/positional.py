"""The detector for parts that lie in place: one Gaussian for each place of the image."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from anomaly_gui.detection.densities.cell_gaussians import CellGaussians
from anomaly_gui.detection.densities.state import DensityState
from anomaly_gui.detection.detectors.local_maps import LocalMaps, highest_mean
from anomaly_gui.detection.detectors.protocol import Judgement
from anomaly_gui.detection.settings.choices import POSITIONAL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.detection.features.network_outputs import ImageFeatures
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.settings.feature_settings import FeatureSettings

HIGHEST_SHARE = 0.01
"""Share of the map whose mean is the score."""


@dataclass(frozen=True, eq=False)
class PositionalDetector:
    """Scores images by minus the mean of the highest 1 % of their map (after PaDiM, Defard et al., 2020)."""

    plan: Plan
    local: LocalMaps

    @property
    def kind(self) -> str:
        """The kind of detector."""
        return POSITIONAL

    @property
    def settings(self) -> FeatureSettings:
        """How the whole image becomes a vector; used to find parts alike."""
        return self.plan.features

    def judge(self, observed: ImageFeatures) -> Judgement:
        """Return scores and maps; see `Detector`."""
        if observed.cells is None:
            raise ValueError("a positional detector judges features of places")
        ratios = self.local.ratios(observed.cells)
        return Judgement(score_ratios(ratios), self.local.maps(ratios))

    def with_level(self, level: float) -> PositionalDetector:
        """Return this detector with another level of its map."""
        return replace(self, local=replace(self.local, level=self.local.level * level))

    def state(self) -> tuple[dict[str, Any], Mapping[str, FloatArray]]:
        """Return JSON values and arrays; see `Detector`."""
        return {"level": self.local.level}, {**self.local.places.state().arrays, "usual": self.local.usual}

    @classmethod
    def restore(
        cls, plan: Plan, described: Mapping[str, Any], arrays: Mapping[str, FloatArray]
    ) -> PositionalDetector:
        """Return the detector that had this state; ValueError for one that none can have."""
        return cls(plan, restore_local(plan, described, arrays, per_place=True))


def score_ratios(ratios: FloatArray) -> FloatArray:
    """Return the scores of (images, kept cells), as (images,)."""
    return -highest_mean(ratios, HIGHEST_SHARE)


def restore_local(
    plan: Plan, described: Mapping[str, Any], arrays: Mapping[str, FloatArray], *, per_place: bool
) -> LocalMaps:
    """Return the maps of a state, whose arrays are all taken; ValueError for one that none can have."""
    from anomaly_gui.detection.densities.shared_gaussian import SharedGaussian

    if plan.grid is None or "usual" not in arrays:
        raise ValueError("a detector with maps needs a grid, and what is usual in its cells")
    cells, channels = int(plan.used_cells.sum()), plan.grid.settings.channels
    usual = DensityState({}, arrays).get_array("usual", (cells,), positive=True, kind="float32")
    state = DensityState({}, {name: values for name, values in arrays.items() if name != "usual"})
    if per_place:
        return LocalMaps(
            CellGaussians.from_state(state, cells, channels), usual, plan.used_cells, described["level"]
        )
    return LocalMaps(SharedGaussian.from_state(state, channels), usual, plan.used_cells, described["level"])
