"""The detector for parts that lie in place: one Gaussian for each cell of the image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from anomaly_gui.detection.arrays.products import products_on_one_core
from anomaly_gui.detection.densities.cell_gaussians import CellGaussians
from anomaly_gui.detection.densities.state import DensityState
from anomaly_gui.detection.detectors.base import (
    MapDetector,
    require_cells,
    require_image_cells,
    split_usual,
)
from anomaly_gui.detection.detectors.local_maps import LocalMaps, average_highest, find_peaks, fit_local
from anomaly_gui.detection.detectors.protocol import Fitted, Judgement
from anomaly_gui.detection.detectors.renewal.renewed_maps import renew_local
from anomaly_gui.detection.features.plan import Grid, Plan
from anomaly_gui.detection.settings.choices import POSITIONAL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anomaly_gui.detection.arrays.cell_store import CellStore
    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.detection.detectors.placement.placement import Placement
    from anomaly_gui.detection.detectors.renewal.renewal import Renewal
    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.features.network_outputs import ImageFeatures
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
    from anomaly_gui.detection.learning.split import Split
    from anomaly_gui.detection.settings.train_settings import TrainSettings

_FORMER_SHARE = 0.01  # of models that do not say theirs


@dataclass(frozen=True, eq=False)
class PositionalDetector(MapDetector):
    """Scores images by minus the mean of the highest part of their map (after PaDiM, Defard et al., 2020).

    Parameters
    ----------
    share : how much of the map that part is: 0.01 is 1 %
    """

    kind: ClassVar[str] = POSITIONAL
    share: float

    def judge(self, features: ImageFeatures) -> Judgement:
        """Return scores and maps; see `Detector`."""
        ratios = self.local.divide_by_usual(require_image_cells(features))
        return Judgement(self.score_ratios(ratios), self.local.make_maps(ratios))

    def state(self) -> tuple[dict[str, Any], Mapping[str, FloatArray]]:
        """Return JSON values and arrays; see `Detector`."""
        described, arrays = self.map_state()
        return {**described, "share": self.share}, arrays

    def score_ratios(self, ratios: FloatArray) -> FloatArray:
        """Return the scores of (images, used cells), as (images,)."""
        return -average_highest(ratios, self.share)

    def score_own(self, gaussians: CellGaussians, store: CellStore) -> FloatArray:
        """Return the scores of images that Gaussians were fitted to, (images,)."""
        scores = np.empty(len(store))
        with products_on_one_core():
            for numbers, cells in store.read_batches():
                scores[numbers] = self.score_ratios(gaussians.measure_exactly(cells) / self.local.usual)
        return scores

    def _measure(self, ratios: FloatArray) -> FloatArray:
        """Return traces of (images, used cells), (images, 1); see `Fitted`."""
        return np.log(-self.score_ratios(ratios))[:, None]

    @classmethod
    def make_plan(
        cls,
        settings: TrainSettings,
        interest: RegionOfInterest,
        placement: Placement,  # noqa: ARG003 - the protocol's signature
    ) -> Plan:
        """Return the plan that takes cells as well; see `Detector`."""
        return Plan(settings.features, Grid.from_settings(settings.grid), interest=interest)

    @classmethod
    def fit(
        cls,
        settings: TrainSettings,
        plan: Plan,
        images: Collection,
        groups: Groups,
        split: Split | None,  # noqa: ARG003 - the protocol's signature
    ) -> Fitted:
        """Fit a Gaussian to each cell; see `Detector`."""
        store, together = require_cells(images), groups.held_out_together
        gaussians = CellGaussians.fit(store)
        local, ratios = fit_local(gaussians, store, together, plan)
        detector = cls(plan, local, choose_share(settings))
        scores, peaks = detector.score_ratios(ratios), find_peaks(local.make_maps(ratios))
        own = detector.score_own(gaussians, store)
        return Fitted(detector, scores, peaks, traces=detector._measure(ratios), own=own)

    def renew(self, renewal: Renewal) -> Fitted:
        """Return the Gaussians of the images there are afterwards; see `Detector`."""
        maps = renew_local(self.local, renewal)
        detector = PositionalDetector(self.plan, maps.local, self.share)
        traces = renewal.join_traces(renewal.split_traces(1)[0], maps, detector._measure)
        return Fitted(detector, -np.exp(traces[:, 0]), renewal.join_peaks(maps.local, maps), traces=traces)

    @classmethod
    def restore(
        cls, plan: Plan, described: Mapping[str, Any], arrays: Mapping[str, FloatArray]
    ) -> PositionalDetector:
        """Return the detector that had this state; ValueError for one that none can have."""
        usual, others = split_usual(plan, arrays)
        gaussians = CellGaussians.from_state(DensityState({}, others), len(usual), plan.channels)
        local = LocalMaps(gaussians, usual, plan.used_cells, plan.shape, described["level"])
        return cls(plan, local, described.get("share", _FORMER_SHARE))


def choose_share(settings: TrainSettings) -> float:
    """Return the share of the map that counts: how sharply cells are told apart hangs on the backbone."""
    return settings.declared_backbone.map_share
