"""Where an image is unlike good parts: maps on one fixed scale per model, and the regions that stand out.

On that scale 1.0 is the level that only the promised share of good images exceeds anywhere. A map is never
stretch_map to its own range: a good part stays dark.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray

SMOOTHING = 0.7
"""Standard deviation of the Gaussian a map is smoothed with, in cells."""

REGION_SIDE = 224
"""Regions are looked for on a map of as many pixels as a square of this side has."""

_MOST_REGIONS = 50


@dataclass(frozen=True)
class Region:
    """A spot that stands out: its box and area in pixels of the original image, and its highest value."""

    x: int
    y: int
    width: int
    height: int
    area: int
    peak: float


@dataclass(frozen=True, eq=False)
class AnomalyMap:
    """An image's map.

    Parameters
    ----------
    values : (rows, columns) float16 over the whole image, 1.0 at the model's level
    regions : the spots above 1.0, the highest first
    width, height : of the image, in pixels
    by_places : whether places of the image, more than the whole of it, made its score
    """

    values: FloatArray
    regions: tuple[Region, ...]
    width: int
    height: int
    by_places: bool = True

    @classmethod
    def of(cls, values: FloatArray, width: int, height: int, *, by_places: bool = True) -> AnomalyMap:
        """Return the map of an image of a size in pixels."""
        halved = np.minimum(values, np.finfo(np.float16).max).astype(np.float16)
        return cls(halved, find_regions(halved, width, height), width, height, by_places)

    @property
    def strongest_place(self) -> tuple[float, float]:
        """How far down and across the highest value lies, in shares of the image."""
        rows, columns = self.values.shape
        row, column = divmod(int(self.values.argmax()), columns)
        return (row + 0.5) / rows, (column + 0.5) / columns

    @cached_property
    def standing_out(self) -> tuple[Region, ...]:
        """The regions; where none lies above 1.0, the one place that stands out, if places made the score."""
        if self.regions or not self.by_places:
            return self.regions
        return find_strongest(self.values, self.width, self.height)

    def at_size(self, width: int, height: int) -> FloatArray:
        """Return the map stretched over the image, (height, width) float32."""
        return stretch_map(self.values, width, height)


def smooth_maps(maps: FloatArray, deviation: float = SMOOTHING) -> FloatArray:
    """Return (images, rows, columns) maps, each smoothed by a Gaussian of a deviation in cells."""
    from scipy.ndimage import gaussian_filter

    smooth: FloatArray = gaussian_filter(maps, (0, deviation, deviation), mode="nearest", truncate=3)
    return smooth


def stretch_map(values: FloatArray, width: int, height: int) -> FloatArray:
    """Return a map of cells as one of pixels, (height, width) float32, by linear interpolation."""
    small = Image.fromarray(values.astype(np.float32))
    return np.asarray(small.resize((width, height), Image.Resampling.BILINEAR))


def fill_maps(distances: FloatArray, used: BoolArray, shape: tuple[int, int]) -> FloatArray:
    """Return (images, rows, columns) of (images, used cells); cells that do not count are 0."""
    maps = np.zeros((len(distances), len(used)), np.float32)
    maps[:, used] = distances
    return maps.reshape(-1, *shape)


def find_strongest(values: FloatArray, width: int, height: int) -> tuple[Region, ...]:
    """Return the spot around the highest value, as far as half of it; none where that is half of the map.

    Parameters
    ----------
    values, width, height : as of `find_regions`
    """
    spots = find_regions(values, width, height, level=float(values.max()) / 2)
    judged = width * height * float((values > 0).mean())
    return tuple(spot for spot in spots[:1] if spot.area <= judged / 2)


def find_regions(values: FloatArray, width: int, height: int, *, level: float = 1.0) -> tuple[Region, ...]:
    """Return the connected spots above a level, the highest first, fifty at most.

    Parameters
    ----------
    values : (rows, columns)
    width, height : of the original image, in whose pixels the regions are given
    """
    if not (values > level).any():
        return ()
    from scipy.ndimage import find_objects, label, maximum

    fine = stretch_map(values, *_choose_fine_size(*values.shape))
    cells = Image.fromarray(values.astype(np.float32))
    coarse = np.asarray(cells.resize(fine.shape[::-1], Image.Resampling.NEAREST))
    fine = np.where(
        coarse > level, np.maximum(fine, coarse), fine
    )  # between cells a peak is lower than at its own
    labels, count = label(fine > level, np.ones((3, 3)))
    numbers = np.arange(1, count + 1)
    peaks, areas = maximum(fine, labels, numbers), np.bincount(labels.ravel())[1:]
    across, down = width / fine.shape[1], height / fine.shape[0]
    regions = []
    for box, area, peak in zip(find_objects(labels), areas, np.atleast_1d(peaks), strict=True):
        left, right = _scale_extent(box[1], across, width)
        top, bottom = _scale_extent(box[0], down, height)
        pixels = max(1, round(float(area) * across * down))
        regions.append(Region(left, top, right - left, bottom - top, pixels, round(float(peak), 4)))
    return tuple(sorted(regions, key=lambda region: -region.peak)[:_MOST_REGIONS])


def _choose_fine_size(rows: int, columns: int) -> tuple[int, int]:
    """Return width and height of the map that regions of so many cells are looked for on.

    >>> _choose_fine_size(28, 28), _choose_fine_size(44, 16)
    ((224, 224), (135, 371))
    """
    wide = math.sqrt(columns / rows)
    return max(1, round(REGION_SIDE * wide)), max(1, round(REGION_SIDE / wide))


def _scale_extent(extent: slice, times: float, most: int) -> tuple[int, int]:
    low, high = int(extent.start * times), int(np.ceil(extent.stop * times))
    low = min(low, most - 1)
    return low, max(low + 1, min(high, most))
