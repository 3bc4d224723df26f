"""How many of a file's 16 bits are used, and how its values become 8 bits.

Cameras of 10, 12 or 14 bits write files of 16 bits, most of them at the low end: read as 16 bits they are
black. A file's own word comes first; else the depth is that of the whole set of images.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.images.decoding.refusals import DepthExceededError
from anomaly_gui.detection.settings.choices import DEPTHS
from anomaly_gui.errors import ImageRefusedError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import ImageArray


OWN_DEPTH = 0
"""In place of a depth: each file by its own highest value. For pictures to look at, never to judge."""

_FULL = 65_535
_DARK = 16_384  # a quarter of the full scale: what 14 bits hold
_ROWS_BYTES = 1 << 20  # turned into 8 bits at once: fits the processor's cache, and takes no memory


def find_smallest_depth(peak: int) -> int:
    """Return the fewest bits cameras use that hold a value.

    >>> find_smallest_depth(4095), find_smallest_depth(4096)
    (12, 14)
    """
    return next(bits for bits in DEPTHS if peak < 1 << bits)


def find_white_level(depth: int | None, peak: int) -> int:
    """Return the value that becomes 255 in a file that says nothing itself."""
    if depth == OWN_DEPTH:
        return (1 << find_smallest_depth(peak)) - 1
    return _FULL if depth is None else (1 << depth) - 1


def check_peak(path: Path, peak: int, depth: int | None, named_white: int | None) -> None:
    """Refuse values that do not fit the depth.

    Parameters
    ----------
    peak : highest value of the file
    depth : bits that the set uses; None: of a set without such files; or `OWN_DEPTH`
    named_white : the white level that the file names itself, or None
    """
    if named_white is not None:
        if peak > named_white:
            reason = translate(
                "says that {named_white:,} is white, but has values up to {peak:,}; save it again",
                named_white=named_white,
                peak=peak,
            )
            raise ImageRefusedError(path, reason)
    elif depth is None and peak < _DARK:
        raise DepthExceededError(
            path,
            translate(
                "has no value above {peak:,} in its 16 bits and would be read as far too dark, and the good "
                "images have 8 bits; save it with 8 bits, as they are",
                peak=peak,
            ),
            find_smallest_depth(peak),
        )
    elif depth and peak >= 1 << depth:
        raise DepthExceededError(
            path,
            translate(
                "has values up to {peak:,}, where the good images use {depth} bits ({white:,}), as if "
                "another program had saved it; save it as they were",
                peak=peak,
                depth=depth,
                white=(1 << depth) - 1,
            ),
            find_smallest_depth(peak),
        )


@lru_cache(maxsize=16)
def make_eight_bit_table(white: int, gamma: float = 0.0) -> ImageArray:
    """Return for each value of 16 bits its 8 bits, (65536,) uint8; values above `white` become 255.

    Parameters
    ----------
    gamma : exponent with which the file stores light, to be brought to that of screens; 0: left as it is
    """
    values = np.minimum(np.arange(_FULL + 1, dtype=np.int64), white)
    if not gamma:
        return ((values * 255 + white // 2) // white).astype(np.uint8)
    share = encode_for_screens(values / white, gamma)
    return (share * 255 + 0.5).astype(np.uint8)


def encode_for_screens(share: np.ndarray, gamma: float) -> np.ndarray:
    """Return light from 0 to 1, stored with an exponent, as screens expect it.

    Linear light is brought to the curve of sRGB (IEC 61966-2-1), other exponents to that of 1 / 2.2.
    """
    if gamma == 1.0:
        return np.where(share <= 0.0031308, 12.92 * share, 1.055 * share ** (1 / 2.4) - 0.055)
    bright: np.ndarray = share ** (1 / (2.2 * gamma))
    return bright


def to_eight_bits(read_rows: Callable[[int, int], np.ndarray], height: int, table: ImageArray) -> ImageArray:
    """Return values of 16 bits as 8 bits, in strips: the whole never stands in memory twice.

    Parameters
    ----------
    read_rows : returns some rows, from one to before another, (rows, width, ...) uint16
    """
    first = read_rows(0, 1)
    eight: ImageArray = np.empty((height, *first.shape[1:]), np.uint8)
    some = max(1, _ROWS_BYTES // max(1, first.nbytes))
    for top in range(0, height, some):
        end = min(height, top + some)
        np.take(table, read_rows(top, end), out=eight[top:end], mode="clip")  # else numpy copies
    return eight
