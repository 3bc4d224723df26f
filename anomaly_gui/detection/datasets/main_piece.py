"""The main piece of an image: what differs from the ground at its border, and holds together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import BoolArray, ImageArray

SIDE = 32
"""Squares across and down an image, in which pieces are told from the ground."""

_PIXELS = 4  # across a square
_DEVIATIONS = 4  # median ones of the border's colours, that are still ground
_GREYS = 10  # that are ground at least: no camera is without noise
_COVERED = 0.25  # of a square's pixels


def find_pieces(pixels: ImageArray) -> BoolArray:
    """Return where an image differs from what is usual at its border, (SIDE, SIDE).

    Parameters
    ----------
    pixels : (height, width, 3) uint8
    """
    side = SIDE * _PIXELS
    small = np.asarray(Image.fromarray(pixels).resize((side, side), Image.Resampling.BOX), np.float32)
    border = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    ground = np.median(border, axis=0)
    usual = float(np.median(np.abs(border - ground).max(axis=-1)))
    differs = np.abs(small - ground).max(axis=-1) > max(_DEVIATIONS * usual, _GREYS)
    pieces: BoolArray = differs.reshape(SIDE, _PIXELS, SIDE, _PIXELS).mean(axis=(1, 3)) > _COVERED
    return pieces


def find_main_piece(pieces: BoolArray) -> BoolArray:
    """Return the largest of the pieces that hold together, (SIDE, SIDE); nothing of nothing."""
    from scipy.ndimage import label

    labels, count = label(pieces, np.ones((3, 3)))
    if not count:
        return pieces
    main: BoolArray = labels == np.bincount(labels.ravel())[1:].argmax() + 1
    return main


def grow_by_one(squares: BoolArray) -> BoolArray:
    """Return squares with all that touch them."""
    from scipy.ndimage import binary_dilation

    grown: BoolArray = binary_dilation(squares, np.ones((3, 3), np.bool_))
    return grown
