"""How many of 16 bits a set of images uses: estimated from a sample, corrected by what does not fit it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.images.decoding.depth import find_smallest_depth
from anomaly_gui.detection.images.decoding.opening import is_wide
from anomaly_gui.detection.images.decoding.refusals import DepthExceededError
from anomaly_gui.detection.images.loading import ReadingOptions, read_facts
from anomaly_gui.errors import ImageRefusedError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_SAMPLE = 24  # files


def find_bit_depth(files: Sequence[Path], pixel_limit: int = ReadingOptions.pixel_limit) -> int | None:
    """Return the fewest bits that hold the highest value of a sample, spread evenly over the files.

    None where no file of the sample has 16 bits and leaves open how many it uses. Files that cannot be read
    are left out: whoever reads all of them says why.
    """
    count = min(_SAMPLE, len(files))
    indices = np.linspace(0, len(files) - 1, count).astype(int).tolist()
    peaks = [_read_peak(files[index], pixel_limit) for index in indices]
    highest = max((peak for peak in peaks if peak is not None), default=None)
    return None if highest is None else find_smallest_depth(highest)


def find_deeper_depth(refused: Iterable[ImageRefusedError], depth: int | None) -> int | None:
    """Return the depth that holds the images refused for theirs as well; None where there are none."""
    bits = [error.bits for error in refused if isinstance(error, DepthExceededError)]
    return max([*bits, depth or 0]) if bits else None


def describe_bit_depth(depth: int | None) -> str:
    """Say which bits are used of files of 16 bits.

    >>> describe_bit_depth(12)
    '16-bit files: 12 bits used, white is 4,095.'
    """
    if depth is None:
        return translate("16-bit files: none among the images that leave open how many bits they use.")
    return translate(
        "16-bit files: {depth} bits used, white is {white:,}.", depth=depth, white=(1 << depth) - 1
    )


def _read_peak(path: Path, pixel_limit: int) -> int | None:
    try:
        return read_facts(path, pixel_limit).peak if is_wide(path) else None
    except ImageRefusedError:
        return None
