"""The detector for surfaces without fixed places, and for parts in any direction.

It asks two things, either of which may give a defect away: is a cell of the image unlike those of good
images, and is the image as a whole? Parts that lie in any direction are aligned first, and then judged cell
by cell; on surfaces all cells share one Gaussian.

Chosen by measurement against a memory of patches (PatchCore: Roth et al., 2022), shared mixtures, and more
channels: see `tests/benchmarks/accuracy/maps.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from anomaly_gui.detection.densities.cell_gaussians import CellGaussians
from anomaly_gui.detection.densities.registry import make_density, restore_density
from anomaly_gui.detection.densities.shared_gaussian import SharedGaussian
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
from anomaly_gui.detection.detectors.spread import Spread
from anomaly_gui.detection.features.plan import Grid, Plan
from anomaly_gui.detection.settings.choices import SHRUNK, TEXTURE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray, Rows
    from anomaly_gui.detection.densities.registry import FittedDensity
    from anomaly_gui.detection.detectors.placement.placement import Placement
    from anomaly_gui.detection.detectors.renewal.renewal import Renewal
    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.features.network_outputs import ImageFeatures
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
    from anomaly_gui.detection.learning.split import Split
    from anomaly_gui.detection.settings.train_settings import TrainSettings

HIGHEST_SHARE = 0.03
"""Share of the map whose mean counts: against 0.01, turned cells and ELPV poly gain 0.003
AUROC, made-up bolts with tiny faults lose 0.01."""

_WHOLE = "whole."


@dataclass(frozen=True, eq=False)
class TextureDetector(MapDetector):
    """Scores images by the worse of two surprises, smoothly taken: of their cells, and of the whole.

    Parameters
    ----------
    local, local_spread : maps, and how the means of their highest values spread among good images
    whole, whole_spread : density of pooled features, and how its log-likelihoods spread
    """

    kind: ClassVar[str] = TEXTURE
    local_spread: Spread
    whole: FittedDensity
    whole_spread: Spread

    def judge(self, features: ImageFeatures) -> Judgement:
        """Return scores and maps; see `Detector`."""
        ratios = self.local.divide_by_usual(require_image_cells(features))
        highest = average_highest(ratios, HIGHEST_SHARE)
        local, whole = self._standardize(highest, self.whole.score_samples(features.vectors))
        return Judgement(_join_surprises(local, whole), self.local.make_maps(ratios), local <= whole)

    def joined(self, highest: FloatArray, whole: FloatArray) -> FloatArray:
        """Return scores in standard deviations of good images, (images,).

        Parameters
        ----------
        highest : (images,) means of the highest ratios
        whole : (images,) log-likelihoods of pooled features
        """
        return _join_surprises(*self._standardize(highest, whole))

    def _standardize(self, highest: FloatArray, whole: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return both scores in standard deviations of good images, (images,) each."""
        return self.local_spread.standardize(-highest), self.whole_spread.standardize(whole)

    def state(self) -> tuple[dict[str, Any], Mapping[str, FloatArray]]:
        """Return JSON values and arrays; see `Detector`."""
        (described, arrays), whole = self.map_state(), self.whole.state()
        described |= {
            "density": {"name": SHRUNK, "settings": dict(whole.settings)},
            "local_spread": self.local_spread.to_values(),
            "whole_spread": self.whole_spread.to_values(),
        }
        return described, {**arrays, **{_WHOLE + name: values for name, values in whole.arrays.items()}}

    @classmethod
    def make_plan(cls, settings: TrainSettings, interest: RegionOfInterest, placement: Placement) -> Plan:
        """Return the plan that takes cells, of parts aligned where they can be; see `Detector`."""
        if placement.alignment is not None:  # parts are turned on squares
            settings = replace(settings, proportions=None)
        grid = settings.grid
        if placement.alignment is None:  # one Gaussian of many more cells can know more of each
            grid = replace(grid, channels=min(3 * grid.channels, grid.most_channels))
        return Plan(settings.features, Grid.from_settings(grid), placement.alignment, interest)

    @classmethod
    def fit(
        cls,
        settings: TrainSettings,  # noqa: ARG003 - the protocol's signature
        plan: Plan,
        images: Collection,
        groups: Groups,
        split: Split | None,  # noqa: ARG003 - the protocol's signature
    ) -> Fitted:
        """Fit Gaussians of cells, and of the whole; see `Detector`."""
        store, together = require_cells(images), groups.held_out_together
        gaussians = SharedGaussian.fit(store) if plan.alignment is None else CellGaussians.fit(store)
        local, ratios = fit_local(gaussians, store, together, plan)
        highest, peaks = average_highest(ratios, HIGHEST_SHARE), find_peaks(local.make_maps(ratios))
        return cls._join_fits(plan, local, highest, peaks, images.vectors, together)

    @classmethod
    def _join_fits(
        cls,
        plan: Plan,
        local: LocalMaps,
        highest: FloatArray,
        peaks: FloatArray,
        vectors: Rows,
        together: IntArray,
    ) -> Fitted:
        """Return the detector of fitted maps, with a density of the whole that is fitted here."""
        whole = make_density(SHRUNK)
        whole.fit(vectors, groups=together)
        held_out = whole.held_out_scores(vectors, together)
        detector = cls(plan, local, Spread.of(-highest), whole, Spread.of(held_out))
        return Fitted(detector, detector.joined(highest, held_out), peaks, traces=np.log(highest)[:, None])

    def renew(self, renewal: Renewal) -> Fitted:
        """Return both fits of the images there are afterwards; see `Detector`."""
        maps = renew_local(self.local, renewal)
        traces = renewal.join_traces(renewal.split_traces(1)[0], maps, _measure)
        peaks, highest = renewal.join_peaks(maps.local, maps), np.exp(traces[:, 0])
        together = renewal.groups.held_out_together
        return self._join_fits(self.plan, maps.local, highest, peaks, renewal.vectors, together)

    @classmethod
    def restore(
        cls, plan: Plan, described: Mapping[str, Any], arrays: Mapping[str, FloatArray]
    ) -> TextureDetector:
        """Return the detector that had this state; ValueError for one that none can have."""
        usual, others = split_usual(plan, {one: arrays[one] for one in arrays if not one.startswith(_WHOLE)})
        whole = {one.removeprefix(_WHOLE): arrays[one] for one in arrays if one.startswith(_WHOLE)}
        gaussians, density = _restore_gaussians(plan, others), described["density"]
        return cls(
            plan,
            LocalMaps(gaussians, usual, plan.used_cells, plan.shape, described["level"]),
            Spread(*described["local_spread"]),
            restore_density(density["name"], DensityState(density["settings"], whole), plan.features.length),
            Spread(*described["whole_spread"]),
        )


def _measure(ratios: FloatArray) -> FloatArray:
    """Return traces of (images, used cells), (images, 1); see `Fitted`."""
    return np.log(average_highest(ratios, HIGHEST_SHARE))[:, None]


def _join_surprises(local: FloatArray, whole: FloatArray) -> FloatArray:
    scores: FloatArray = -np.logaddexp(-local, -whole)
    return scores


def _restore_gaussians(plan: Plan, arrays: Mapping[str, FloatArray]) -> CellGaussians | SharedGaussian:
    state = DensityState({}, arrays)
    if plan.alignment is None:
        return SharedGaussian.from_state(state, plan.channels)
    return CellGaussians.from_state(state, int(plan.used_cells.sum()), plan.channels)
