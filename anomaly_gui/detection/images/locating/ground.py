"""Tells parts from the plain ground they lie on.

The ground is a smooth surface of colour through what lies along the picture's edges, so that light that
grows darker to one side is no part; what differs from it by more than the ground itself does is a part.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, ImageArray, IntArray

SMALL_SIDE = 160
"""Longer side of the picture that parts are found on, in pixels."""

_BORDER, _WIDE_BORDER = 0.06, 0.18  # of the side: what lies along the edges is taken for ground
_ROUNDS = 3
_TRIMMED = 3.0  # deviations of the ground beyond which a pixel is none
_LEAST_NOISE = 1.5  # grey levels: a ground without any noise is no reason to take dust for a part
_CERTAIN = 6.0  # deviations of the ground that a part differs by at least
_SMALLEST = 0.05  # of the largest piece's area: what is smaller is dust


@dataclass(frozen=True, eq=False)
class Ground:
    """The plain ground of a set of pictures.

    Parameters
    ----------
    noise : (3,) standard deviation of each colour about the smooth surface
    threshold : in these deviations, what differs more is a part
    """

    noise: FloatArray
    threshold: float

    def find_pieces(self, pixels: ImageArray) -> Pieces:
        """Return the pieces in a picture, (height, width, 3) uint8, the largest first."""
        small = shrink_picture(pixels)
        surface = fit_surface(small)
        distance = measure_distance(small - surface.draw(small.shape[:2]), self.noise)
        return label_pieces(distance > self.threshold, surface)


@dataclass(frozen=True, eq=False)
class Surface:
    """A smooth surface of colour over a picture.

    Parameters
    ----------
    coefficients : (6, 3), of 1, x, y, xx, xy, yy, where x and y go from 0 to 1 over the picture
    """

    coefficients: FloatArray

    def draw(self, shape: tuple[int, int]) -> FloatArray:
        """Return the surface, (height, width, 3)."""
        y, x = ((np.arange(length, dtype=np.float32)[:, None] + 0.5) / length for length in shape)
        level, right, down, right_twice, across, down_twice = self.coefficients
        rows = level + y * down + y * y * down_twice
        columns = x * right + x * x * right_twice
        drawn: FloatArray = rows[:, None] + columns + (y * across)[:, None] * x
        return drawn

    def colour_at(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Return colours, (..., 3), at positions in shares of width and height, also outside the picture."""
        x, y = np.clip(x, -0.1, 1.1), np.clip(y, -0.1, 1.1)
        terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
        colours: FloatArray = terms @ self.coefficients
        return colours


@dataclass(frozen=True, eq=False)
class Pieces:
    """The pieces in a picture, the largest first.

    Parameters
    ----------
    labels : (height, width) of the small picture: 0 for the ground, else the number of a piece from 1
    centres : (pieces, 2) x and y in pixels of the small picture
    areas : (pieces,) pixels of the small picture
    touching : (pieces,) which of them touch the picture's edge
    surface : of the ground
    """

    labels: IntArray
    centres: FloatArray
    areas: FloatArray
    touching: BoolArray
    surface: Surface


def shrink_picture(pixels: ImageArray) -> FloatArray:
    """Return a picture of which the longer side is `SMALL_SIDE`, (height, width, 3) float32."""
    height, width = pixels.shape[:2]
    times = SMALL_SIDE / max(height, width)
    size = max(8, round(width * times)), max(8, round(height * times))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX), np.float32)


def fit_surface(small: FloatArray) -> Surface:
    """Return the smooth surface through the ground of a small picture."""
    near, far = _list_border(small.shape[:2])
    terms, values = _draw_terms(small.shape[:2])[far], small.reshape(-1, 3)[far]
    used = near
    for _ in range(_ROUNDS):
        coefficients = _solve(terms[used], values[used])
        off = np.abs(values - terms @ coefficients)
        largest = np.maximum(np.maximum(off[:, 0], off[:, 1]), off[:, 2])
        spread = max(1.4826 * float(np.median(largest[used])), _LEAST_NOISE)
        used = largest < _TRIMMED * spread
    return Surface(_solve(terms[used], values[used]))


def _solve(terms: FloatArray, values: FloatArray) -> FloatArray:
    gram = (terms.T @ terms).astype(np.float64) + 1e-6 * len(terms) * np.eye(terms.shape[1])
    solved: FloatArray = np.linalg.solve(gram, (terms.T @ values).astype(np.float64)).astype(np.float32)
    return solved


@lru_cache(maxsize=8)
def _draw_terms(shape: tuple[int, int]) -> FloatArray:
    y, x = ((np.arange(length) + 0.5) / length for length in shape)
    y, x = (values.ravel() for values in np.meshgrid(y, x, indexing="ij"))
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1).astype(np.float32)


@lru_cache(maxsize=8)
def _list_border(shape: tuple[int, int]) -> tuple[BoolArray, IntArray]:
    """Return the pixels of a wide border, by their indices, every third; and which are near the edge."""
    far = np.flatnonzero(_mark_border(shape, _WIDE_BORDER))[::3]
    return _mark_border(shape, _BORDER).ravel()[far], far


@lru_cache(maxsize=16)
def _mark_border(shape: tuple[int, int], share: float) -> BoolArray:
    wide = max(2, round(share * max(shape)))
    border = np.ones(shape, np.bool_)
    border[wide:-wide, wide:-wide] = False
    return border


def measure_distance(residual: FloatArray, noise: FloatArray) -> FloatArray:
    """Return how many deviations of the ground each pixel is from it, (height, width)."""
    each = residual / noise
    distance: FloatArray = np.sqrt(np.einsum("ijk,ijk->ij", each, each) / 3)
    return distance


def label_pieces(mask: BoolArray, surface: Surface) -> Pieces:
    """Return the pieces of a mask of parts."""
    from scipy import ndimage

    closed = ndimage.binary_fill_holes(ndimage.binary_closing(mask, iterations=1))
    labels, count = ndimage.label(closed, np.ones((3, 3)))
    areas = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    if not len(areas) or areas.max() < 4:
        return Pieces(np.zeros_like(labels), np.empty((0, 2)), np.empty(0), np.empty(0, np.bool_), surface)
    order = np.argsort(-areas, kind="stable")
    order = order[areas[order] >= max(4, _SMALLEST * areas.max())]
    renumbered = np.zeros(count + 1, np.int64)
    renumbered[order + 1] = np.arange(1, len(order) + 1)
    labels = renumbered[labels]
    centres = ndimage.center_of_mass(closed, labels, np.arange(1, len(order) + 1))
    edge = labels[_mark_border(labels.shape, 0.0)]  # closing took a pixel away there
    touching = np.isin(np.arange(1, len(order) + 1), edge)
    return Pieces(labels, np.array(centres)[:, ::-1] + 0.5, areas[order].astype(float), touching, surface)


def fit_ground(pictures: Sequence[ImageArray]) -> Ground:
    """Learn from good pictures how much the ground varies, and from where on something is a part."""
    residuals = []
    for pixels in pictures:
        small = shrink_picture(pixels)
        residuals.append(small - fit_surface(small).draw(small.shape[:2]))
    border = [one[_mark_border(one.shape[:2], _BORDER)] for one in residuals]
    spread = 1.4826 * np.median(np.abs(np.concatenate(border)), axis=0)
    noise = np.maximum(spread, _LEAST_NOISE).astype(np.float32)
    distances = [measure_distance(one, noise) for one in residuals]
    return Ground(noise, max(_CERTAIN, _split_by_otsu(np.concatenate([one.ravel() for one in distances]))))


def _split_by_otsu(distances: FloatArray) -> float:
    """Return the distance that parts ground from parts best (Otsu, 1979), of logarithms."""
    logarithms = np.log(np.maximum(distances, 0.5))
    counts, edges = np.histogram(logarithms, 128)
    middles = (edges[1:] + edges[:-1]) / 2
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * middles)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = (sums / below - (sums[-1] - sums) / above) ** 2 * below * above
    return float(np.exp(edges[1 + int(np.nanargmax(np.nan_to_num(apart)))]))
