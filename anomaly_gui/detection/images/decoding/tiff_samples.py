"""The samples of a TIFF picture as 8 bits: strip by strip, and never filled up where some are missing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.images.decoding.depth import (
    OWN_DEPTH,
    check_peak,
    find_white_level,
    make_eight_bit_table,
    to_eight_bits,
)
from anomaly_gui.detection.images.decoding.tiff_blocks import (
    Block,
    check_segments,
    decode_blocks,
    decode_segments,
    is_stored_plainly,
    read_plainly,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import tifffile

    from anomaly_gui.detection.arrays.kinds import ImageArray

PALETTE = 3
_ROWS = 256  # of a strip that is handed on
_WHITE_IS_ZERO = 0
_MAX_SAMPLE, _PALETTE_TAG = 281, 320
_SIGNIFICANT = re.compile(r"SignificantBits=\"(\d{1,2})\"")


@dataclass(frozen=True, eq=False)
class Samples:
    """Pixels, (height, width, channels) uint8; `peak` as of `raster.Raster`."""

    pixels: ImageArray
    peak: int | None


def read_samples(
    path: Path,
    data: bytes,
    page: tifffile.TiffPage,
    used: Sequence[int],
    colours: int,
    depth: int | None,
) -> Samples:
    """Decode a page.

    Parameters
    ----------
    used : channels that are wanted
    colours : how many of the channels are no transparency
    depth : bits used of 16; see `depth.check_peak`
    """
    check_segments(data, page)
    if page.bitspersample <= 8:
        return Samples(
            _assemble_blocks(decode_blocks(data, page), page, used, colours, _narrow_table(page)), None
        )
    named_white = _named_white(page)
    own = named_white is None and depth == OWN_DEPTH
    peak = max((_find_peak(block, colours) for block in decode_blocks(data, page)), default=0) if own else 0
    white = named_white or find_white_level(depth, peak)
    watched = _Watched(decode_blocks(data, page), colours)
    pixels = _assemble_blocks(watched, page, used, colours, make_eight_bit_table(white))
    check_peak(path, watched.peak, depth, named_white)
    return Samples(pixels, None if named_white else watched.peak)


def stream_rows(data: bytes, page: tifffile.TiffPage) -> Iterator[ImageArray] | None:
    """Return strips of a page from the top, (rows, width, channels) uint8; None for other than plain ones."""
    if page.bitspersample != 8 or page.is_tiled or page.planarconfig != 1 or page.fillorder != 1:
        return None
    check_segments(data, page)
    blocks = read_plainly(data, page) if is_stored_plainly(page) else decode_segments(page)
    return (block.values[top : top + _ROWS] for block in blocks for top in range(0, len(block.values), _ROWS))


class _Watched:
    """Blocks whose highest value is noted as they go by."""

    def __init__(self, blocks: Iterator[Block], colours: int) -> None:
        self._blocks, self._colours, self.peak = blocks, colours, 0

    def __iter__(self) -> Iterator[Block]:
        for block in self._blocks:
            self.peak = max(self.peak, _find_peak(block, self._colours))
            yield block


def _find_peak(block: Block, colours: int) -> int:
    left = colours - block.channel
    return int(block.values[..., :left].max()) if left > 0 else 0


def _named_white(page: tifffile.TiffPage) -> int | None:
    """Return the white level that the file names: by its bits, or MaxSampleValue, or OME's SignificantBits.

    MaxSampleValue is meant for statistics (TIFF 6.0, page 36): it counts where a camera's bits end at it.
    """
    if page.bitspersample < 16:
        return (1 << page.bitspersample) - 1
    highest = page.tags.valueof(_MAX_SAMPLE, None)
    highest = max(highest) if isinstance(highest, tuple) else highest
    if isinstance(highest, int) and 255 <= highest < 0xFFFF and not highest & (highest + 1):
        return highest
    found = _SIGNIFICANT.search(page.description)
    return (1 << int(found[1])) - 1 if found and 1 <= int(found[1]) < 16 else None


def _narrow_table(page: tifffile.TiffPage) -> ImageArray | None:
    """Return 8 bits for each value of fewer bits; None where nothing has to be done."""
    if page.bitspersample == 8 or page.photometric == PALETTE:
        return None
    return make_eight_bit_table((1 << page.bitspersample) - 1)[:256]


def _read_palette(page: tifffile.TiffPage) -> ImageArray:
    """Return the colours of a palette, (values, 3) uint8; some programs write 8 bits where 16 are due."""
    colours = np.asarray(page.tags.valueof(_PALETTE_TAG), np.uint16).reshape(3, -1)
    if colours.shape[1] < 1 << page.bitspersample:
        raise ValueError("its palette is too short")
    eight: ImageArray = (colours >> (8 if colours.max() > 255 else 0)).T.astype(np.uint8)
    return eight


def _assemble_blocks(
    blocks: Iterator[Block] | _Watched,
    page: tifffile.TiffPage,
    used: Sequence[int],
    colours: int,
    table: ImageArray | None,
) -> ImageArray:
    """Put blocks together, each brought to 8 bits."""
    palette = _read_palette(page) if page.photometric == PALETTE else None
    inverted = page.photometric == _WHITE_IS_ZERO
    shape = (page.imagelength, page.imagewidth, len(used) if palette is None else 3)
    whole: ImageArray = np.empty(shape, np.uint8)
    for block in blocks:
        held = range(block.channel, block.channel + block.values.shape[2])
        wanted = [channel for channel in used if channel in held]
        if not wanted:
            continue
        values = _select_channels(block.values, [channel - block.channel for channel in wanted])
        eight = _to_eight_bits(values, table) if palette is None else palette[values[..., 0]]
        rows, columns = eight.shape[:2]
        first = used.index(wanted[0]) if palette is None else 0
        part = whole[block.top : block.top + rows, block.left : block.left + columns]
        part[..., first : first + eight.shape[2]] = eight
    if inverted:
        np.subtract(255, whole[..., :colours], out=whole[..., :colours])
    return whole


def _select_channels(values: np.ndarray, channels: list[int]) -> np.ndarray:
    if channels == list(range(values.shape[2])):
        return values
    return values[..., channels]


def _to_eight_bits(values: np.ndarray, table: ImageArray | None) -> ImageArray:
    if values.dtype == np.bool_:
        values = values.view(np.uint8)
    if table is None:
        return values
    return to_eight_bits(lambda top, end: values[top:end], len(values), table)
