"""What the automatic detector joins: several opinions of an image, each in deviations of good ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.densities.shrunk_fit import ShrunkFit
from anomaly_gui.detection.detectors.local_maps import LocalMaps, average_highest, fit_local, temper_border
from anomaly_gui.detection.detectors.placement.gains import measure_gain_of_cells
from anomaly_gui.detection.detectors.placement.placement import NONE
from anomaly_gui.detection.detectors.renewal.renewed_maps import renew_local
from anomaly_gui.detection.detectors.spread import Spread

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.cell_store import CellStore
    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray, Rows
    from anomaly_gui.detection.densities.cell_gaussians import CellDensity
    from anomaly_gui.detection.densities.fitted import FittedGaussian
    from anomaly_gui.detection.detectors.renewal.renewal import Renewal, RenewedMaps
    from anomaly_gui.detection.features.plan import Plan

SHARED, MEMORY, PLACES, WHOLE = "shared", "memory", "places", "whole"
LOCAL = (SHARED, MEMORY, PLACES)
"""The opinions there are; those of cells make the map."""

WEIGHTS: Mapping[str, float] = MappingProxyType({SHARED: 1.0, MEMORY: 1.0, PLACES: 1.0, WHOLE: 1 / 3})
"""What each counts. Over 15 kinds of parts the mean AUROC was 0.920 with these, 0.916 to 0.921 with others,
and 0.914 to 0.920 with weights by how well each sees defects pasted on good images."""

WEIGHTS_IN_PLACE: Mapping[str, float] = MappingProxyType(
    {SHARED: 0.25, MEMORY: 1.0, PLACES: 0.5, WHOLE: 1 / 6}
)
"""What each counts where cells of one place are alike, and one Gaussian for all of them knows the least. Over
11 such kinds the mean AUROC rose by 0.002, and by 0.009 at most; it fell by 0.006 at most. Of four others,
which have no places, the mean fell by 0.006."""

SHARES = (0.01, 0.07)
"""Shares of a map whose highest mean counts, each alike: small defects and large ones."""

_SMALLEST = 1e-9


@dataclass(frozen=True, eq=False)
class WholeOpinion:
    """How unlike good ones an image is as a whole.

    Parameters
    ----------
    gaussian : of pooled features
    spread : of the logarithms of held-out good images' distances
    """

    gaussian: FittedGaussian
    spread: Spread

    def rate(self, vectors: FloatArray) -> FloatArray:
        """Return deviations, (images,), of pooled features, (images, features)."""
        centred = np.asarray(vectors, np.float64) - self.gaussian.location
        return self.standardize(self.gaussian.squared_distances(centred))

    def standardize(self, distances: FloatArray) -> FloatArray:
        """Return deviations of squared distances, (images,) each."""
        return self.spread.standardize(_take_logarithm(distances))


@dataclass(frozen=True, eq=False)
class LocalOpinion:
    """How unlike good ones the most unlike cells of an image are.

    Parameters
    ----------
    channels : so many of a cell's numbers are looked at, the first ones
    local : distances of cells, divided by what is usual
    spreads : for each of `SHARES`, of the logarithms of held-out good images' highest ratios
    """

    channels: int
    local: LocalMaps
    spreads: tuple[Spread, ...]

    def divide_by_usual(self, cells: FloatArray) -> FloatArray:
        """Return the ratios of (images, used cells, channels), (images, used cells) float32."""
        return self.local.divide_by_usual(cells[:, :, : self.channels])

    def rate(self, ratios: FloatArray) -> FloatArray:
        """Return deviations, (images,), of ratios, (images, used cells)."""
        return self.rate_measured(self.measure(ratios))

    def measure(self, ratios: FloatArray) -> FloatArray:
        """Return what `measure_highest` returns of an image's most unlike part, (images, shares)."""
        return measure_highest(ratios, self.local.pieces)

    def rate_measured(self, logarithms: FloatArray) -> FloatArray:
        """Return deviations, (images,), of what `measure_highest` returns."""
        each = zip(self.spreads, logarithms.T, strict=True)
        mean: FloatArray = np.mean([spread.standardize(column) for spread, column in each], axis=0)
        return mean

    def describe(self) -> dict[str, Any]:
        """Return JSON values, from which it can be made anew with its arrays."""
        return {
            "channels": self.channels,
            "spreads": [one.to_values() for one in self.spreads],
            "settings": dict(self.local.cell_distances.state().settings),
            "border": self.local.border,
        }

    def arrays(self) -> Mapping[str, FloatArray]:
        """Return what was learned."""
        return {**self.local.cell_distances.state().arrays, "usual": self.local.usual}


def fit_opinion(
    density: CellDensity, store: CellStore, groups: IntArray, plan: Plan, judged: int, *, everywhere: bool
) -> tuple[LocalOpinion, FloatArray]:
    """Return what fitted cells say of images, and held-out ratios, (images, used cells).

    Parameters
    ----------
    density : fitted to the cells of the store
    judged : see `fit_local`
    everywhere : whether one number says what is usual in all cells, not each cell its own
    """
    local, ratios = fit_local(density, store, groups, plan, judged)
    if everywhere:
        mean = np.float32(local.usual.mean())
        ratios *= local.usual / mean
        local = replace(local, usual=np.full_like(local.usual, mean))
    local, ratios = temper_border(local, ratios, judged)
    return LocalOpinion(
        store.channels, local, _find_spreads(measure_highest(ratios[:judged], plan.pieces))
    ), ratios


def renew_opinion(
    old: LocalOpinion, renewal: Renewal, traces: FloatArray, *, everywhere: bool
) -> tuple[LocalOpinion, RenewedMaps, FloatArray]:
    """Return an opinion after some images went and others came, its maps, and traces of all, images first.

    `traces` is what `measure_highest` returned of what stays, (items, shares).
    """
    maps = renew_local(old.local, renewal.take_channels(old.channels), everywhere=everywhere)
    of_all = renewal.join_traces(traces, maps, measure_highest)
    of_images = of_all[: len(renewal.groups.numbers)]
    return LocalOpinion(old.channels, maps.local, _find_spreads(of_images)), maps, of_all


def _find_spreads(logarithms: FloatArray) -> tuple[Spread, ...]:
    return tuple(Spread.of_most(column) for column in logarithms.T)


def fit_whole_opinion(vectors: Rows, groups: IntArray, judged: int) -> tuple[WholeOpinion, FloatArray]:
    """Return what a Gaussian says of (images, features), and deviations held out by groups, (images,).

    Parameters
    ----------
    judged : see `fit_local`
    """
    fit = ShrunkFit()
    fit.learn_rows(vectors, groups)
    distances = fit.held_out_distances(vectors, groups)
    opinion = WholeOpinion(fit.fitted, Spread.of_most(_take_logarithm(distances[:judged])))
    return opinion, opinion.standardize(distances)


def choose_weights(cells: CellStore, plan: Plan, images: int) -> Mapping[str, float]:
    """Return what each opinion counts, by whether the cells of good images, the first ones, lie in place."""
    return WEIGHTS_IN_PLACE if measure_gain_of_cells(cells, plan, images) >= NONE else WEIGHTS


def join_weighted(values: Mapping[str, FloatArray], weights: Mapping[str, float]) -> FloatArray:
    """Return the weighted mean of arrays of one shape; those without a weight do not count."""
    total = sum(weights[name] for name in values)
    joined: FloatArray = sum((weights[name] / total) * values[name] for name in values)  # type: ignore[assignment]
    return joined


def measure_highest(ratios: FloatArray, pieces: int = 1) -> FloatArray:
    """Return logarithms of each image's highest ratios, (images, shares), of (images, used cells).

    Of several parts, whose cells follow each other, those of the part where they are highest.
    """
    of_parts = ratios.reshape(len(ratios) * pieces, -1)
    highest = [average_highest(of_parts, share).reshape(-1, pieces).max(axis=1) for share in SHARES]
    return np.stack([_take_logarithm(one) for one in highest], axis=1)


def _take_logarithm(distances: FloatArray) -> FloatArray:
    logarithms: FloatArray = np.log(np.maximum(distances, _SMALLEST))
    return logarithms
