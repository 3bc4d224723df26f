"""The network's input made of parts, one below the other as the template lies, and maps put back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, ImageArray
    from anomaly_gui.detection.images.locating.ground import Surface
    from anomaly_gui.detection.images.region_of_interest import RegionOfInterest

_REGION_SIDE = 512  # pixels of a picture's longer side, that a region is drawn at

Box = tuple[float, float, float, float]
"""Left, top, right and bottom about the template's middle, in shares of a picture's longer side."""


@dataclass(frozen=True)
class PartPose:
    """How a part lies in its picture.

    Parameters
    ----------
    angle : radians, from the template to the picture
    x, y : where the template's middle lies, in shares of the picture's longer side
    flipped : whether the template has to be mirrored (its y) first
    likeness : correlation with the template
    """

    angle: float
    x: float
    y: float
    flipped: bool
    likeness: float = 0.0

    @property
    def matrix(self) -> FloatArray:
        """What takes offsets in the template, (x, y), to offsets in the picture, (2, 2)."""
        cosine, sine = np.cos(self.angle), np.sin(self.angle)
        mirror = -1.0 if self.flipped else 1.0
        return np.array([[cosine, -sine * mirror], [sine, cosine * mirror]])


def crop_piece(
    pixels: ImageArray, pose: PartPose | None, box: Box, shape: tuple[int, int], surface: Surface
) -> ImageArray:
    """Return a piece as the template lies, (*shape, 3) uint8; beyond the picture the ground goes on.

    Parameters
    ----------
    pose : None for a piece that is missing: there is bare ground
    """
    height, width = shape
    longer = max(pixels.shape[:2])
    if pose is None:
        return _round_pixels(np.broadcast_to(surface.colour_at(np.array(0.5), np.array(0.5)), (*shape, 3)))
    times = max(1.0, longer * (box[2] - box[0]) / width)
    fine = round(height * times), round(width * times)
    coefficients = find_coefficients(pose, box, fine, longer)
    fill = _round_pixels(surface.colour_at(np.array(0.5), np.array(0.5)))
    cropped = Image.fromarray(pixels).transform(
        fine[::-1],
        Image.Transform.AFFINE,
        coefficients,
        Image.Resampling.BICUBIC,
        fillcolor=tuple(int(one) for one in fill),
    )
    piece: ImageArray = np.asarray(
        cropped if fine == shape else cropped.resize(shape[::-1], Image.Resampling.BILINEAR)
    )
    return _continue_ground(piece, pixels.shape[:2], find_coefficients(pose, box, shape, longer), surface)


def find_coefficients(pose: PartPose, box: Box, shape: tuple[int, int], longer: float) -> tuple[float, ...]:
    """Return Pillow's coefficients: where in a picture a pixel of a crop of a shape comes from.

    Parameters
    ----------
    longer : side of the picture in pixels

    Pillow takes a pixel's centre for its position, so that pixel p lies at p + 0.5.
    """
    height, width = shape
    steps = np.diag([(box[2] - box[0]) / width, (box[3] - box[1]) / height])
    matrix = longer * pose.matrix @ steps
    offset = longer * (np.array([pose.x, pose.y]) + pose.matrix @ np.array(box[:2]))
    a, b, d, e = (float(value) for value in matrix.ravel())
    return (a, b, float(offset[0]), d, e, float(offset[1]))


def invert_coefficients(coefficients: Sequence[float]) -> tuple[float, ...]:
    """Return the coefficients of the way back."""
    a, b, c, d, e, f = coefficients
    back = np.linalg.inv(np.array([[a, b], [d, e]]))
    offset = -back @ np.array([c, f])
    return (*map(float, back[0]), float(offset[0]), *map(float, back[1]), float(offset[1]))


def _continue_ground(
    piece: ImageArray, shape: tuple[int, int], coefficients: Sequence[float], surface: Surface
) -> ImageArray:
    """Return the piece with the smooth ground where the picture has ended."""
    height, width = piece.shape[:2]
    a, b, c, d, e, f = coefficients
    ends = np.array([[0, 0], [width, 0], [0, height], [width, height]])
    corners = ends @ np.array([[a, d], [b, e]]) + (c, f)
    if corners.min() >= 0 and (corners.max(axis=0) <= (shape[1], shape[0])).all():
        return piece
    x, y = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    across, down = (a * x + b * y + c) / shape[1], (d * x + e * y + f) / shape[0]
    outside = (across < 0) | (across > 1) | (down < 0) | (down > 1)
    whole: ImageArray = piece.copy()
    whole[outside] = _round_pixels(surface.colour_at(across[outside], down[outside]))
    return whole


def _round_pixels(values: FloatArray) -> ImageArray:
    rounded: ImageArray = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return rounded


def restore_maps(
    values: FloatArray, poses: Sequence[PartPose | None], box: Box, shape: tuple[int, int]
) -> FloatArray:
    """Return maps of pieces, (pieces, rows, columns), as one of their picture, (*shape); 0 beside them.

    Parameters
    ----------
    shape : height and width of the map of the picture
    """
    whole = np.zeros(shape, np.float32)
    for piece, pose in zip(values, poses, strict=True):
        if pose is not None:
            there = find_coefficients(pose, box, piece.shape, max(shape))
            placed = Image.fromarray(piece.astype(np.float32)).transform(
                shape[::-1],
                Image.Transform.AFFINE,
                invert_coefficients(there),
                Image.Resampling.BILINEAR,
                fillcolor=0,
            )
            whole = np.maximum(whole, np.asarray(placed))
    return whole


def project_region(
    interest: RegionOfInterest,
    poses: Sequence[PartPose],
    box: Box,
    shape: tuple[int, int],
    aspect: float,
) -> BoolArray:
    """Return which pixels of a part lie in a region of the picture, as it lies in any of some poses.

    Parameters
    ----------
    shape : height and width of the part, in pixels
    aspect : width over height of the picture
    """
    wide, high = (1.0, 1 / aspect) if aspect >= 1 else (aspect, 1.0)
    drawn = interest.draw_mask(round(_REGION_SIDE * wide), round(_REGION_SIDE * high))
    x, y = np.meshgrid(np.arange(shape[1]) + 0.5, np.arange(shape[0]) + 0.5)
    inside = np.zeros(shape, np.bool_)
    for pose in poses:
        a, b, c, d, e, f = find_coefficients(pose, box, shape, _REGION_SIDE)
        columns = np.clip(a * x + b * y + c, 0, drawn.shape[1] - 1).astype(int)
        rows = np.clip(d * x + e * y + f, 0, drawn.shape[0] - 1).astype(int)
        inside |= drawn[rows, columns]
    return inside
