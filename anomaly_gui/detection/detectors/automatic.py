"""The detector that needs no choice: it joins what four others see.

A Gaussian that all cells share, a memory of cells, a Gaussian for each cell, and one of the whole image: each
says by how many deviations of good images an image is unlike them, and the weighted mean of that counts. No
single one is best on all kinds of parts, and the mean is never far behind; tables in the help pages.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from anomaly_gui.detection.densities.cell_gaussians import CellGaussians
from anomaly_gui.detection.densities.fitted import FittedGaussian
from anomaly_gui.detection.densities.patch_memory import PatchMemory
from anomaly_gui.detection.densities.renewal import can_renew
from anomaly_gui.detection.densities.shared_gaussian import SharedGaussian
from anomaly_gui.detection.densities.state import DensityState
from anomaly_gui.detection.detectors.anomaly_maps import SMOOTHING
from anomaly_gui.detection.detectors.base import MapDetector, join_variants, require_image_cells, split_usual
from anomaly_gui.detection.detectors.local_maps import LocalMaps, find_peaks
from anomaly_gui.detection.detectors.opinions import (
    LOCAL,
    MEMORY,
    PLACES,
    SHARED,
    WEIGHTS,
    WHOLE,
    LocalOpinion,
    WholeOpinion,
    choose_weights,
    fit_opinion,
    fit_whole_opinion,
    join_weighted,
    renew_opinion,
)
from anomaly_gui.detection.detectors.placement.piece_density import as_pieces, fit_to_pieces
from anomaly_gui.detection.detectors.protocol import Fitted, Judgement
from anomaly_gui.detection.detectors.renewal.renewal import RenewedMaps
from anomaly_gui.detection.detectors.spread import Spread
from anomaly_gui.detection.features.plan import Grid, Plan
from anomaly_gui.detection.grouping.groups import merge_groups
from anomaly_gui.detection.settings.choices import AUTO, SHRUNK

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from anomaly_gui.detection.arrays.cell_store import CellStore
    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, IntArray
    from anomaly_gui.detection.densities.cell_gaussians import CellDensity
    from anomaly_gui.detection.detectors.placement.placement import Placement
    from anomaly_gui.detection.detectors.renewal.renewal import Renewal
    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.features.network_outputs import ImageFeatures
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
    from anomaly_gui.detection.learning.split import Split
    from anomaly_gui.detection.settings.train_settings import TrainSettings

_SMOOTHING = 0.35
"""Standard deviation of the Gaussian the joined map is smoothed with, in cells: on ten kinds of parts with
masks the pixel AUROC rose by 0.003 in the mean from that with 0.7, and on none it fell."""

_MOST_CELLS, _MOST_OF_PART = 1000, 400  # in all, and of each of several parts
_FITS = 32  # of the shared Gaussian: each takes as long however many images it is without
_MOST_TOGETHER = 64  # images, whose cells are in memory at once


@dataclass(frozen=True, eq=False)
class AutomaticDetector(MapDetector):
    """Scores images by minus the weighted mean of deviations, each of held-out good images.

    Parameters
    ----------
    local : of the shared Gaussian; its level is that of the joined map
    opinions : of cells, by the names in `LOCAL`; of several located parts in an image the worst counts
    whole : of the image
    weights : of each opinion, by name
    """

    kind: ClassVar[str] = AUTO
    opinions: Mapping[str, LocalOpinion]
    whole: WholeOpinion
    weights: Mapping[str, float]

    def judge(self, features: ImageFeatures) -> Judgement:
        """Return scores and maps; see `Detector`."""
        ratios = self._divide_by_usual(features)
        rated = self._rate_ratios(ratios, features)
        return Judgement(
            -join_weighted(rated, self.weights),
            self.local.make_maps(self._join_maps(ratios)),
            self._find_by_places(rated),
        )

    def rate(self, features: ImageFeatures) -> dict[str, FloatArray]:
        """Return the deviations of each opinion, (images,) by name."""
        return self._rate_ratios(self._divide_by_usual(features), features)

    def _divide_by_usual(self, features: ImageFeatures) -> dict[str, FloatArray]:
        cells = require_image_cells(features)
        return {name: one.divide_by_usual(cells) for name, one in self.opinions.items()}

    def _rate_ratios(
        self, ratios: Mapping[str, FloatArray], features: ImageFeatures
    ) -> dict[str, FloatArray]:
        rated = {name: self.opinions[name].rate(each) for name, each in ratios.items()}
        return {**rated, WHOLE: self.whole.rate(features.vectors)}

    def _find_by_places(self, rated: Mapping[str, FloatArray]) -> BoolArray:
        """Return whether deviations of places weigh more than that of the whole, (images,)."""
        places = sum(self.weights[name] * rated[name] for name in LOCAL)
        weighs_more: BoolArray = places >= self.weights[WHOLE] * rated[WHOLE]
        return weighs_more

    def _join_maps(self, ratios: Mapping[str, FloatArray]) -> FloatArray:
        """Return the mean of ratios, (images, used cells) each: the map is that of all, whatever counts."""
        return join_weighted(ratios, WEIGHTS).astype(np.float32)

    def state(self) -> tuple[dict[str, Any], Mapping[str, FloatArray]]:
        """Return JSON values and arrays; see `Detector`."""
        density = self.whole.gaussian.state()
        arrays = {f"{WHOLE}.{name}": values for name, values in density.arrays.items()}
        for name, opinion in self.opinions.items():
            arrays |= {f"{name}.{key}": values for key, values in opinion.arrays().items()}
        described = {
            "level": self.local.level,
            "smoothing": self.local.smoothing,
            "weights": dict(self.weights),
            "opinions": {name: one.describe() for name, one in self.opinions.items()},
            "density": {"name": SHRUNK, "settings": dict(density.settings)},
            "whole_spread": self.whole.spread.to_values(),
        }
        return described, arrays

    @classmethod
    def make_plan(cls, settings: TrainSettings, interest: RegionOfInterest, placement: Placement) -> Plan:
        """Return the plan that takes cells, of parts located or aligned where they can be; see `Detector`."""
        alignment, locator, pieces = placement.alignment, placement.locator, 1
        if locator is not None:
            size, proportions = locator.choose_input(settings.used_size)
            settings, alignment = replace(settings, size=size, proportions=proportions), None
            pieces = locator.pieces
        elif alignment is not None:
            settings = replace(settings, proportions=1.0)
        most = max(_MOST_CELLS, _MOST_OF_PART * pieces)
        own = replace(settings.grid, channels=settings.grid.most_channels, most_cells=most)
        return Plan(settings.features, Grid.from_settings(own), alignment, interest, locator=locator)

    @classmethod
    def fit(
        cls,
        settings: TrainSettings,
        plan: Plan,
        images: Collection,
        groups: Groups,
        split: Split | None,  # noqa: ARG003 - the protocol's signature
    ) -> Fitted:
        """Fit all opinions; see `Detector`."""
        learned = join_variants(images, groups)
        store, together, judged = learned.cells, learned.together, len(images.vectors)
        few = store.take_channels(min(settings.grid.channels, store.channels))
        each: dict[str, tuple[Callable[[CellStore], CellDensity], CellStore, IntArray]] = {
            SHARED: (SharedGaussian.fit, store, merge_groups(together, _count_fits(len(store)))),
            MEMORY: (PatchMemory.fit, few, together),
            PLACES: (CellGaussians.fit, few, together),
        }
        opinions, ratios, rated, traces = {}, {}, {}, []
        for name, (fit, cells, left_out) in each.items():
            density = fit_to_pieces(fit, cells, plan.pieces)
            opinions[name], ratios[name] = fit_opinion(
                density, cells, left_out, plan, judged, everywhere=name == MEMORY
            )
            traces.append(opinions[name].measure(ratios[name]))
            rated[name] = opinions[name].rate_measured(traces[-1])
        whole, rated[WHOLE] = fit_whole_opinion(learned.vectors, together, judged)
        local = replace(opinions[SHARED].local, smoothing=_SMOOTHING)
        detector = cls(plan, local, opinions, whole, choose_weights(few, plan, judged))
        own = {name: each[:judged] for name, each in ratios.items()}
        peaks = find_peaks(detector.local.make_maps(detector._join_maps(own)))
        scores = -join_weighted(rated, detector.weights)
        return Fitted(
            detector,
            scores[:judged],
            peaks,
            of_variants=scores[judged:],
            rated=rated,
            traces=np.concatenate(traces, axis=1),
        )

    @property
    def can_renew(self) -> bool:
        """Whether all its opinions kept what `renew` takes."""
        return all(can_renew(one.local.cell_distances) for one in self.opinions.values())

    def renew(self, renewal: Renewal) -> Fitted:
        """Return all opinions of the images there are afterwards; see `Detector`."""
        opinions, maps, rated, traces = {}, {}, {}, []
        stay = renewal.split_traces(len(self.opinions))
        for (name, old), its in zip(self.opinions.items(), stay, strict=True):
            its_renewal = renewal.merge_groups(_count_fits) if name == SHARED else renewal
            opinions[name], maps[name], of_all = renew_opinion(
                old, its_renewal, its, everywhere=name == MEMORY
            )
            rated[name] = opinions[name].rate_measured(of_all)
            traces.append(of_all)
        judged, together = len(renewal.groups.numbers), renewal.together[renewal.items.images_first]
        whole, rated[WHOLE] = fit_whole_opinion(renewal.vectors, together, judged)
        local = replace(opinions[SHARED].local, smoothing=self.local.smoothing)
        detector = AutomaticDetector(self.plan, local, opinions, whole, self.weights)
        peaks = renewal.join_peaks(detector.local, detector._join_renewed(maps))
        scores, all_traces = -join_weighted(rated, detector.weights), np.concatenate(traces, axis=1)
        return Fitted(
            detector, scores[:judged], peaks, rated=rated, of_variants=scores[judged:], traces=all_traces
        )

    def _join_renewed(self, maps: Mapping[str, RenewedMaps]) -> RenewedMaps:
        """Return the weighted mean of renewed maps."""
        return RenewedMaps(
            self.local,
            self._join_maps({name: one.ratios for name, one in maps.items()}),
            self._join_maps({name: one.kept_ratios for name, one in maps.items()}),
            float(join_weighted({name: np.array(one.factor) for name, one in maps.items()}, WEIGHTS)),
        )

    @classmethod
    def restore(
        cls, plan: Plan, described: Mapping[str, Any], arrays: Mapping[str, FloatArray]
    ) -> AutomaticDetector:
        """Return the detector that had this state; ValueError for one that none can have."""
        if any(name.split(".")[0] not in WEIGHTS for name in arrays):
            raise ValueError("an array belongs to no opinion")
        if not any(described["weights"].values()):
            raise ValueError("no opinion counts")
        opinions = {
            name: _restore_opinion(plan, name, described["opinions"][name], _take_named(arrays, name))
            for name in LOCAL
        }
        state = DensityState(described["density"]["settings"], _take_named(arrays, WHOLE))
        gaussian = FittedGaussian.from_state(state, plan.features.length)
        return cls(
            plan,
            replace(
                opinions[SHARED].local,
                level=described["level"],
                smoothing=float(described.get("smoothing", SMOOTHING)),
            ),
            opinions,
            WholeOpinion(gaussian, Spread(*described["whole_spread"])),
            described["weights"],
        )


def _count_fits(images: int) -> int:
    """Return into how many groups good images are put: no more of one than memory holds at once."""
    return max(_FITS, images // _MOST_TOGETHER)


def _take_named(arrays: Mapping[str, FloatArray], name: str) -> dict[str, FloatArray]:
    """Return the arrays of an opinion, by their own names."""
    start = f"{name}."
    return {key.removeprefix(start): arrays[key] for key in arrays if key.startswith(start)}


_RESTORED: Mapping[str, Callable[[DensityState, int, int], CellDensity]] = {
    SHARED: lambda state, _, channels: SharedGaussian.from_state(state, channels),
    MEMORY: lambda state, _, channels: PatchMemory.from_state(state, channels),
    PLACES: CellGaussians.from_state,
}


def _restore_opinion(
    plan: Plan, name: str, described: Mapping[str, Any], arrays: Mapping[str, FloatArray]
) -> LocalOpinion:
    cells, channels = int(plan.used_cells.sum()) // plan.pieces, described["channels"]
    if channels > plan.channels:
        raise ValueError(f"an opinion of {channels} numbers of a cell cannot be")
    usual, others = split_usual(plan, arrays)
    density = _RESTORED[name](DensityState(described["settings"], others), cells, channels)
    spreads = tuple(Spread(*values) for values in described["spreads"])
    border = described.get("border", 1.0)
    local = LocalMaps(
        as_pieces(density, plan.pieces), usual, plan.used_cells, plan.shape, border=border, pieces=plan.pieces
    )
    return LocalOpinion(channels, local, spreads)
