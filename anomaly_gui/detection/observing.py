"""What is taken of an image: the network's input made of its pixels, and the features made of that."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.alignment import SPARE, Alignment
from anomaly_gui.detection.features import FeatureSettings, normalize
from anomaly_gui.detection.grids import GRID_LAYERS, GridSettings, projection, reduce_cells
from anomaly_gui.detection.images import LoadedImage, ReadingOptions
from anomaly_gui.detection.interest import RegionOfInterest

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays import BoolArray, FloatArray, ImageArray
    from anomaly_gui.detection.runtimes import Runtime


@dataclass(frozen=True, eq=False)
class Grid:
    """Features of places: their settings, and the directions they are reduced to (see `grids`)."""

    settings: GridSettings
    directions: FloatArray

    @classmethod
    def of(cls, settings: GridSettings) -> Grid:
        """Draw the directions."""
        return cls(settings, projection(settings))


@dataclass(frozen=True, eq=False)
class Plan:
    """What is taken of an image.

    Parameters
    ----------
    features : of the whole image
    grid : of its places, or None
    alignment : brings the part into one pose first, or None
    interest : the places that count; the others are painted over when an image is read
    """

    features: FeatureSettings
    grid: Grid | None = None
    alignment: Alignment | None = None
    interest: RegionOfInterest = field(default_factory=RegionOfInterest)

    def reading(self, pixel_limit: int, *, detail: bool = False) -> ReadingOptions:
        """Return how images have to be read for `prepared`."""
        size = self.features.size
        return ReadingOptions(
            round(size * SPARE) if self.alignment else size, pixel_limit, detail, self.interest or None
        )

    def prepared(self, image: LoadedImage) -> LoadedImage:
        """Return the image with the network's input, (size, size, 3) uint8, and its pose if it has any."""
        if self.alignment is None:
            return image
        pose = self.alignment.pose(image.pixels)
        placed = self.alignment.place(image.pixels, pose, self.features.size)
        return replace(image, pixels=placed, pose=pose)

    @cached_property
    def kept(self) -> BoolArray:
        """Which cells count, (cells,): those whose greater part does; all of an aligned part."""
        if self.grid is None:
            return np.zeros(0, np.bool_)
        side = self.grid.settings.side
        if not self.interest or self.alignment is not None:
            return np.ones(side * side, np.bool_)
        fine = self.interest.mask(8 * side, 8 * side).reshape(side, 8, side, 8)
        counts: BoolArray = (fine.mean(axis=(1, 3)) > 0.5).ravel()
        return counts if counts.any() else np.ones(side * side, np.bool_)


@dataclass(frozen=True, eq=False)
class Observed:
    """Features of images: (images, features) float32, and of their kept cells or None.

    `cells` is (images, kept cells, channels) float32.
    """

    vectors: FloatArray
    cells: FloatArray | None = None

    def __getitem__(self, place: int) -> Observed:
        """Return one image's."""
        cells = None if self.cells is None else self.cells[place : place + 1]
        return Observed(self.vectors[place : place + 1], cells)


def observe(batch: ImageArray, plan: Plan, runtime: Runtime) -> Observed:
    """Return the features of a batch of prepared images, (images, size, size, 3) uint8."""
    settings = plan.features
    if plan.grid is None:
        return Observed(normalize(runtime.pooled(batch, settings.layers), settings.normalization))
    side = plan.grid.settings.side
    pooled, outputs = runtime.gridded(batch, settings.layers, GRID_LAYERS, side)
    cells = reduce_cells(outputs[:, plan.kept] if not plan.kept.all() else outputs, plan.grid.directions)
    return Observed(normalize(pooled, settings.normalization), cells)
