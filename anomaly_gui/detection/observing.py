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
    from collections.abc import Mapping, Sequence

    from anomaly_gui.detection.arrays import BoolArray, FloatArray, ImageArray
    from anomaly_gui.detection.learning.plan_networks import PlanNetwork
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
    network : takes the place of VGG16 where features are learned, or None; `features` tell the size only then
    """

    features: FeatureSettings
    grid: Grid | None = None
    alignment: Alignment | None = None
    interest: RegionOfInterest = field(default_factory=RegionOfInterest)
    network: PlanNetwork | None = None

    @property
    def length(self) -> int:
        """Numbers of a whole image's vector."""
        return self.network.length if self.network else self.features.length

    @property
    def side(self) -> int:
        """Cells along an edge of an image's map; 0 where there is none."""
        if self.network:
            return self.network.side
        return self.grid.settings.side if self.grid else 0

    @property
    def channels(self) -> int:
        """Numbers of a cell."""
        if self.network:
            return self.network.channels
        return self.grid.settings.channels if self.grid else 0

    def runs_on(self, runtime: Runtime) -> str:
        """Return the name of what runs the network, as written into results and model files."""
        return self.network.name if self.network else runtime.name

    def reading(self, pixel_limit: int, *, detail: bool = False) -> ReadingOptions:
        """Return how images have to be read for `prepared`."""
        size = self.features.size
        side = round(size * SPARE) if self.alignment else size
        return ReadingOptions(side, pixel_limit, detail, self.interest or None, self.features.depth)

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
        side = self.side
        if not self.interest or self.alignment is not None or (self.network and self.network.keeps_all):
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


@dataclass(frozen=True, eq=False)
class Taken:
    """What the network yields of images, before it is normalised.

    Parameters
    ----------
    pooled : for each layer (images, channels) float32
    cells : (images, kept cells, channels kept) float16, or None
    """

    pooled: Mapping[str, FloatArray]
    cells: FloatArray | None = None

    def __getitem__(self, place: int) -> Taken:
        """Return one image's."""
        one = slice(place, place + 1)
        return Taken(
            {name: values[one] for name, values in self.pooled.items()},
            None if self.cells is None else self.cells[one],
        )

    def observed(self, plan: Plan) -> Observed:
        """Return the features that a plan makes of this."""
        cells = None if self.cells is None else self.cells.astype(np.float32)
        if plan.network:
            return Observed(next(iter(self.pooled.values())), cells)
        settings = plan.features
        vectors = normalize((self.pooled[name] for name in settings.layers), settings.normalization)
        return Observed(vectors, cells)


def joined(taken: Sequence[Taken]) -> Taken:
    """Return what was taken of several images as one."""
    cells = [one.cells for one in taken if one.cells is not None]
    return Taken(
        {name: np.concatenate([one.pooled[name] for one in taken]) for name in taken[0].pooled},
        np.concatenate(cells) if cells else None,
    )


def take(batch: ImageArray, plan: Plan, runtime: Runtime) -> Taken:
    """Return what the network yields of a batch of prepared images, (images, size, size, 3) uint8.

    Cells are rounded to float16, whose three digits are far below what moves a score: an image is judged by
    the same numbers whether they were just computed or kept.
    """
    if plan.network:
        taken = plan.network.take(batch)
        cells = None if taken.cells is None else taken.cells[:, plan.kept]
        return Taken(taken.pooled, cells)
    layers = plan.features.layers
    if plan.grid is None:
        return Taken(dict(zip(layers, runtime.pooled(batch, layers), strict=True)))
    pooled, outputs = runtime.gridded(batch, layers, GRID_LAYERS, plan.grid.settings.side)
    cells = reduce_cells(outputs[:, plan.kept] if not plan.kept.all() else outputs, plan.grid.directions)
    return Taken(dict(zip(layers, pooled, strict=True)), cells.astype(np.float16))


def observe(batch: ImageArray, plan: Plan, runtime: Runtime) -> Observed:
    """Return the features of a batch of prepared images, (images, size, size, 3) uint8."""
    return take(batch, plan, runtime).observed(plan)
