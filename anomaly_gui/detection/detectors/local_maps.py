"""Maps of distances to good parts, and what scores and levels are made of: shared by detectors with maps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from anomaly_gui.detection.detectors.anomaly_maps import smoothed, whole_maps

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.cell_store import CellStore
    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, IntArray
    from anomaly_gui.detection.densities.cell_gaussians import CellDensity
    from anomaly_gui.detection.densities.state import DensityState

_STIFFEST = 0.1  # of the median: a place that never varied is no reason to cry


class Distances(Protocol):
    """Tells how far places are from good ones."""

    def distances(self, cells: FloatArray) -> FloatArray:
        """Return (images, kept cells) float32 of (images, kept cells, channels)."""

    def state(self) -> DensityState:
        """Return what it learned."""


@dataclass(frozen=True, eq=False)
class LocalMaps:
    """Distances of places, each divided by what is usual there.

    Parameters
    ----------
    places : tells the distances
    usual : (kept cells,) float32, mean distance of held-out good images
    kept : (cells,) which cells count
    level : of smoothed maps, what is shown as 1.0
    """

    places: Distances
    usual: FloatArray
    kept: BoolArray
    level: float = 1.0

    def ratios(self, cells: FloatArray) -> FloatArray:
        """Return (images, kept cells) float32, about 1 for good images."""
        ratios: FloatArray = self.places.distances(cells) / self.usual
        return ratios

    def maps(self, ratios: FloatArray) -> FloatArray:
        """Return smoothed maps, (images, side, side) float32, 1.0 at the level."""
        maps = smoothed(whole_maps(ratios, self.kept))
        if not self.kept.all():  # what does not count neither darkens its neighbours nor is lit by them
            counts = whole_maps(np.ones((1, int(self.kept.sum())), np.float32), self.kept)
            maps = maps * counts / np.maximum(smoothed(counts), 1e-6)
        levelled: FloatArray = maps / np.float32(self.level)
        return levelled


def highest_mean(ratios: FloatArray, share: float) -> FloatArray:
    """Return the mean of each row's highest values, (images,) float64; a share of 0.01 takes 1 % of them."""
    count = max(1, round(share * ratios.shape[1]))
    highest = np.partition(ratios, ratios.shape[1] - count, axis=1)[:, -count:]
    mean: FloatArray = highest.mean(axis=1, dtype=np.float64)
    return mean


def fit_local(
    places: CellDensity, store: CellStore, groups: IntArray, kept: BoolArray
) -> tuple[LocalMaps, FloatArray]:
    """Return the maps of fitted places, and (images, kept cells) ratios held out by groups."""
    distances = np.empty((len(store), store.cells), np.float32)
    for numbers, held_out in places.held_out(store, groups):
        distances[numbers] = held_out
    mean = distances.mean(axis=0)
    usual = np.maximum(mean, _STIFFEST * np.median(mean)).astype(np.float32)
    return LocalMaps(places, usual, kept), distances / usual


def peaks_of(maps: FloatArray) -> FloatArray:
    """Return the highest value of each map, (images,) float64."""
    peaks: FloatArray = maps.max(axis=(1, 2)).astype(np.float64)
    return peaks
