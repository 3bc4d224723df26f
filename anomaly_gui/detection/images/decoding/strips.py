"""Very large images: resized strip by strip while they are decoded, to the same pixels as all at once.

Each strip is resized along its rows as it comes, so that of the whole image only narrow rows are ever in
memory; those are resized along the columns in the end. Where Pillow would have taken the columns first, some
pixels are rounded to the next of 256 levels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from anomaly_gui.detection.arrays.kinds import ImageArray

LARGE = 40_000_000
"""Pixels: smaller images are decoded at once, with room for them."""


def resize_strips(
    strips: Iterator[Image.Image], height: int, sizes: Sequence[tuple[str, tuple[int, int]]]
) -> list[ImageArray]:
    """Return an image resized to several sizes.

    Parameters
    ----------
    strips : of the image from its top, all of one width
    height : of the image
    sizes : each a mode, "RGB" or "L", in which the image is resized, and height and width

    Raises
    ------
    EOFError : there are fewer rows, or more
    """
    narrow: list[list[Image.Image]] = [[] for _ in sizes]
    for strip in strips:
        for of_size, (mode, (_, width)) in zip(narrow, sizes, strict=True):
            rows = strip.convert("L") if mode == "L" else strip
            of_size.append(rows.resize((width, rows.height), Image.Resampling.BILINEAR))
    if sum(strip.height for strip in narrow[0]) != height:
        raise EOFError
    return [_resize_columns(some, *size) for some, size in zip(narrow, sizes, strict=True)]


def _resize_columns(strips: Sequence[Image.Image], mode: str, shape: tuple[int, int]) -> ImageArray:
    """Return strips of narrow rows as one image of a height and width, (height, width, ...) uint8."""
    whole = Image.fromarray(np.concatenate([np.asarray(strip) for strip in strips]))
    return np.asarray(whole.resize(shape[::-1], Image.Resampling.BILINEAR).convert(mode))
