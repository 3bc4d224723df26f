"""Finds the parts in a picture, crops to each as the template lies, and puts maps back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.images.locating.ground import SMALL_SIDE, Ground, Pieces, Surface
from anomaly_gui.detection.images.locating.registration import REACH, WINDOW, Template
from anomaly_gui.detection.images.locating.sheet import (
    Box,
    PartPose,
    crop_piece,
    project_region,
    restore_maps,
)
from anomaly_gui.detection.images.locating.windows import take_window
from anomaly_gui.detection.settings.feature_settings import LARGEST_SIZE
from anomaly_gui.language import keep

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, ImageArray
    from anomaly_gui.detection.images.locating.registration import Fit
    from anomaly_gui.detection.images.region_of_interest import RegionOfInterest

PIECE = 0.3
"""Of the usual area: what is smaller is no part where others are larger."""

SPARE = 4 / 3
"""A picture is read so many times larger than the network sees its parts, so that turning blurs little."""

_STEP = 32  # pixels: sides of the network's input are multiples of it
_SIZE_STEP = 8  # pixels
_FLATTEST = 15  # times as wide as high an input is at most
_ENLARGED = 2  # times at most that a part is enlarged
_COUNTS = 0.05  # weight of the template from which on a place is the part's
_ODD = 0.1  # less like the template than good parts: it may be mirrored
_FINEST = 512  # longer side of a map at most


@dataclass(frozen=True)
class Sighting:
    """What was found in a picture.

    Parameters
    ----------
    poses : of as many parts as good pictures show; None for each that is missing
    found : how many parts there are
    mirrored : whether a part is more like the template's mirror image
    """

    poses: tuple[PartPose | None, ...]
    found: int
    mirrored: bool = False


@dataclass(frozen=True, eq=False)
class Locator:
    """How parts on a plain ground are found, and brought into one pose.

    Lengths are shares of a picture's longer side.

    Parameters
    ----------
    ground : tells parts from what they lie on
    colour : (3,) how parts differ from the ground
    template : the mean of good parts, the longer side of their outline across
    reach : from a part's middle to its farthest point
    area : of a part's outline
    pieces : how many parts a picture shows
    both_faces : whether good parts lie on either face, one the mirror image of the other
    likeness : of the least usual good parts to the template
    aspect, longest : width over height of good pictures, and their longer side in pixels
    anchors : how the parts lie in the picture that the region of interest was drawn on; none without a region
    """

    ground: Ground
    colour: FloatArray
    template: Template
    reach: float
    area: float
    pieces: int
    both_faces: bool
    likeness: float
    aspect: float
    longest: int
    anchors: tuple[PartPose, ...] = ()

    @cached_property
    def outline_box(self) -> Box:
        """The smallest box about where good parts are."""
        rows, columns = np.nonzero(self.template.weights > _COUNTS)
        unit, middle = self.reach / REACH, WINDOW / 2
        left, right = columns.min() - middle, columns.max() + 1 - middle
        top, bottom = rows.min() - middle, rows.max() + 1 - middle
        return left * unit, top * unit, right * unit, bottom * unit

    def choose_shape(self, size: int) -> tuple[int, int]:
        """Return height and width of a part's share of an input with as many pixels as a square of a side."""
        left, top, right, bottom = self.outline_box
        wide, high = right - left, bottom - top
        scale = min(size / np.sqrt(self.pieces * wide * high), _ENLARGED * self.longest)
        height, width = (max(1, round(scale * side / _STEP)) * _STEP for side in (high, wide))
        width = min(width, _FLATTEST * self.pieces * height)
        while self.pieces * height * width > LARGEST_SIZE**2:
            width -= _STEP
        return height, width

    def choose_input(self, size: int) -> tuple[int, float]:
        """Return size and proportions of an input that all parts share, with the pixels of a square."""
        height, width = self.choose_shape(size)
        height *= self.pieces
        return round(np.sqrt(height * width) / _SIZE_STEP) * _SIZE_STEP, height / width

    def fit_box(self, shape: tuple[int, int]) -> Box:
        """Return the box that a part of so many pixels shows, nothing squeezed."""
        left, top, right, bottom = self.outline_box
        high, wide = bottom - top, right - left
        unit = max(high / shape[0], wide / shape[1])
        x, y = (left + right) / 2, (top + bottom) / 2
        return (
            x - unit * shape[1] / 2,
            y - unit * shape[0] / 2,
            x + unit * shape[1] / 2,
            y + unit * shape[0] / 2,
        )

    def choose_raster(self, shape: tuple[int, int]) -> tuple[int, int]:
        """Return height and width that whole pictures are read at, for parts of so many pixels."""
        left, _, right, _ = self.fit_box(shape)
        longer = min(SPARE * shape[1] / (right - left), max(self.longest, SMALL_SIDE))
        wide, high = (1.0, 1 / self.aspect) if self.aspect >= 1 else (self.aspect, 1.0)
        return max(1, round(longer * high)), max(1, round(longer * wide))

    def mask_cells(self, shape: tuple[int, int], cells: tuple[int, int]) -> BoolArray:
        """Return which of rows x columns cells of a part's pixels show it, (rows, columns)."""
        left, top, right, bottom = self.fit_box(shape)
        rows, columns = cells
        unit = self.reach / REACH
        inside = np.zeros(cells, np.bool_)
        down, across = np.nonzero(self.template.weights > _COUNTS)
        x, y = ((along + 0.5 - WINDOW / 2) * unit for along in (across, down))
        column = np.clip(((x - left) / (right - left) * columns).astype(int), 0, columns - 1)
        row = np.clip(((y - top) / (bottom - top) * rows).astype(int), 0, rows - 1)
        inside[row, column] = True
        return inside

    def draw_region(self, interest: RegionOfInterest, shape: tuple[int, int]) -> BoolArray:
        """Return which of a part's pixels lie in a region drawn where the `anchors` are, (*shape)."""
        return project_region(interest, self.anchors, self.fit_box(shape), shape, self.aspect)

    def find_parts(self, pixels: ImageArray) -> tuple[Sighting, Surface]:
        """Return the parts in a picture, of too many those least like the template; and the ground."""
        pieces = self.ground.find_pieces(pixels)
        least = PIECE * self.area * SMALL_SIDE**2
        count = max(int((pieces.areas >= least).sum()), min(1, len(pieces.areas)))
        found = [self._register(pixels, pieces, number) for number in range(count)]
        found.sort(key=lambda one: one[0].likeness)
        kept = found[: self.pieces]
        poses = [one for one, _ in kept] + [None] * (self.pieces - len(kept))
        return Sighting(tuple(poses), count, any(mirrored for _, mirrored in kept)), pieces.surface

    def _register(self, pixels: ImageArray, pieces: Pieces, number: int) -> tuple[PartPose, bool]:
        """Return how a piece lies, and whether it is more like the template's mirror image."""
        centre = pieces.centres[number]
        window = take_window(pixels, pieces, centre, self.reach, self.colour, self.ground.noise)
        best = self.template.find_fits(window)[0]
        if not (self.both_faces or best.likeness < self.likeness - _ODD):
            return self._place(best, centre), False
        other = self.template.find_fits(window, mirrored=True)[0]
        if self.both_faces:
            return self._place(max(best, other, key=lambda fit: fit.likeness), centre), False
        return self._place(best, centre), other.likeness > best.likeness + _ODD

    def _place(self, fit: Fit, centre: FloatArray) -> PartPose:
        x, y = centre / SMALL_SIDE + np.array([fit.x, fit.y]) * self.reach / REACH
        return PartPose(fit.angle, float(x), float(y), fit.flipped, fit.likeness)

    def cut_sheet(
        self, pixels: ImageArray, sighting: Sighting, surface: Surface, shape: tuple[int, int]
    ) -> ImageArray:
        """Return all parts of a picture, one below the other, (pieces * height, width, 3) uint8."""
        box = self.fit_box(shape)
        return np.concatenate([crop_piece(pixels, pose, box, shape, surface) for pose in sighting.poses])

    def restore_map(self, values: FloatArray, sighting: Sighting, shape: tuple[int, int]) -> FloatArray:
        """Return a sheet's map, (rows, columns), as one of the whole picture.

        Parameters
        ----------
        shape : height and width of a part in the sheet, in pixels
        """
        maps = values.reshape(self.pieces, -1, values.shape[1])
        box = self.fit_box(shape)
        longer = min(_FINEST, max(64, round(2 * values.shape[1] / (box[2] - box[0]))))
        wide, high = (1.0, 1 / self.aspect) if self.aspect >= 1 else (self.aspect, 1.0)
        return restore_maps(maps, sighting.poses, box, (round(longer * high), round(longer * wide)))


def describe_sighting(sighting: Sighting) -> tuple[str, ...]:
    """Return remarks, to be kept, on what was found: other parts than good pictures show, or turned over."""
    usual, remarks = len(sighting.poses), []
    if sighting.found != usual:
        seen = keep("1 part") if sighting.found == 1 else keep("{count} parts", count=sighting.found)
        remarks.append(keep("shows {parts} where the good images show {usual}", parts=seen, usual=usual))
    if sighting.mirrored:
        remarks.append(
            keep("its part is like the mirror image of the good ones: it may lie on its other face")
        )
    return tuple(remarks)
