"""The squares that parts are registered on: how unlike the ground each pixel about a part is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from anomaly_gui.detection.images.locating.ground import SMALL_SIDE
from anomaly_gui.detection.images.locating.registration import REACH, WINDOW

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray
    from anomaly_gui.detection.images.locating.ground import Pieces


def take_window(
    pixels: ImageArray,
    pieces: Pieces,
    centre: FloatArray,
    reach: float,
    colour: FloatArray,
    noise: FloatArray,
) -> FloatArray:
    """Return how unlike the ground a square about a piece is, (WINDOW, WINDOW) float32; 0 beyond the picture.

    Parameters
    ----------
    centre : in pixels of the small picture
    """
    height, width = pixels.shape[:2]
    longer = max(height, width)
    half = reach * WINDOW / (2 * REACH) * longer
    x, y = centre / SMALL_SIDE * longer
    piece = _crop_square(pixels, (x - half, y - half, x + half, y + half))
    along = (np.arange(WINDOW) + 0.5) / WINDOW * 2 * half
    across, down = np.meshgrid((x - half + along) / width, (y - half + along) / height)
    values = ((piece - pieces.surface.colour_at(across, down)) / noise) @ colour
    values[(across < 0) | (across > 1) | (down < 0) | (down > 1)] = 0
    return values.astype(np.float32)


def _crop_square(pixels: ImageArray, box: tuple[float, float, float, float]) -> FloatArray:
    left, top = (int(np.floor(one)) for one in box[:2])
    right, bottom = (int(np.ceil(one)) for one in box[2:])
    height, width = pixels.shape[:2]
    inside = pixels[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
    pad = ((max(-top, 0), max(bottom - height, 0)), (max(-left, 0), max(right - width, 0)), (0, 0))
    if any(map(any, pad)):
        inside = np.pad(inside, pad, mode="edge")
    exact = (box[0] - left, box[1] - top, box[2] - left, box[3] - top)
    picture = Image.fromarray(inside).resize((WINDOW, WINDOW), Image.Resampling.BILINEAR, box=exact)
    return np.asarray(picture, np.float32)
