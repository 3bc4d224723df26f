"""The samples of a TIFF picture as 8 bits: strip by strip, and never filled up where some are missing."""

from __future__ import annotations

import math
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.images.decoding.depth import (
    OWN_DEPTH,
    check_peak,
    find_white_level,
    make_eight_bit_table,
    to_eight_bits,
)
from anomaly_gui.detection.images.decoding.png_rows import restore_stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import tifffile

    from anomaly_gui.detection.arrays.kinds import ImageArray

PALETTE = 3
_ROWS = 256  # of a strip that is handed on
_WHITE_IS_ZERO = 0
_MOST_OF_A_TILE = 1 << 24  # pixels, unless the image itself has more
_PLAIN, _LZW, _DEFLATE = 1, 5, (8, 32946)
_PNG = (34933, 51124)
_UNCHANGED = (0, 1, 2)  # photometric: what libtiff gives as it is stored
_LOOSE = (6, 7, 34892)  # ways of packing whose decoder fills up what is cut off
_MAX_SAMPLE, _PALETTE_TAG = 281, 320
_SIGNIFICANT = re.compile(r"SignificantBits=\"(\d{1,2})\"")


@dataclass(frozen=True, eq=False)
class Samples:
    """Pixels, (height, width, channels) uint8; `peak` as of `raster.Raster`."""

    pixels: ImageArray
    peak: int | None


@dataclass(frozen=True, eq=False)
class _Block:
    """Decoded values, (rows, columns, channels), and their first channel, row and column in the image."""

    values: np.ndarray
    channel: int
    top: int
    left: int


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
    _check_segments(data, page)
    if page.bitspersample <= 8:
        return Samples(
            _assemble_blocks(_decode_blocks(data, page), page, used, colours, _narrow_table(page)), None
        )
    named_white = _named_white(page)
    own = named_white is None and depth == OWN_DEPTH
    peak = max((_find_peak(block, colours) for block in _decode_blocks(data, page)), default=0) if own else 0
    white = named_white or find_white_level(depth, peak)
    watched = _Watched(_decode_blocks(data, page), colours)
    pixels = _assemble_blocks(watched, page, used, colours, make_eight_bit_table(white))
    check_peak(path, watched.peak, depth, named_white)
    return Samples(pixels, None if named_white else watched.peak)


def stream_rows(data: bytes, page: tifffile.TiffPage) -> Iterator[ImageArray] | None:
    """Return strips of a page from the top, (rows, width, channels) uint8; None for other than plain ones."""
    if page.bitspersample != 8 or page.is_tiled or page.planarconfig != 1 or page.fillorder != 1:
        return None
    _check_segments(data, page)
    blocks = _stored_plainly(data, page) if _is_stored_plainly(page) else _decode_segments(page)
    return (block.values[top : top + _ROWS] for block in blocks for top in range(0, len(block.values), _ROWS))


class _Watched:
    """Blocks whose highest value is noted as they go by."""

    def __init__(self, blocks: Iterator[_Block], colours: int) -> None:
        self._blocks, self._colours, self.peak = blocks, colours, 0

    def __iter__(self) -> Iterator[_Block]:
        for block in self._blocks:
            self.peak = max(self.peak, _find_peak(block, self._colours))
            yield block


def _find_peak(block: _Block, colours: int) -> int:
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
    blocks: Iterator[_Block] | _Watched,
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


def _check_segments(data: bytes, page: tifffile.TiffPage) -> None:
    """Raise for strips or tiles that are missing, cut off, or absurdly large."""
    needed = math.prod(page.chunked)
    if page.dtype is None or not needed or min(page.imagewidth, page.imagelength) < 1:
        raise ValueError("it has no pixels, or of no known kind")
    if page.is_tiled and page.tilewidth * page.tilelength > max(
        _MOST_OF_A_TILE, 4 * page.imagewidth * page.imagelength
    ):
        raise ValueError("its tiles are larger than itself")
    offsets, counts = page.dataoffsets, page.databytecounts
    if len(offsets) < needed or len(counts) < needed:
        raise EOFError
    for offset, count in zip(offsets[:needed], counts[:needed], strict=True):
        is_cut = page.compression in _LOOSE and offset + count > len(data)
        if not (offset and count) or offset >= len(data) or is_cut:
            raise EOFError


def _decode_blocks(data: bytes, page: tifffile.TiffPage) -> Iterator[_Block]:
    if _is_stored_plainly(page):
        yield from _stored_plainly(data, page)
    elif _is_for_libtiff(page):
        yield from _by_libtiff(data, page)
    else:
        yield from _decode_segments(page)


def _is_stored_plainly(page: tifffile.TiffPage) -> bool:
    is_as_it_is = page.compression == _PLAIN and page.predictor == 1 and page.fillorder == 1
    return page.is_contiguous and is_as_it_is and page.bitspersample in (8, 16)


def _stored_plainly(data: bytes, page: tifffile.TiffPage) -> Iterator[_Block]:
    """Yield the planes of pixels that lie in the file as they are: nothing is copied."""
    dtype = np.dtype(page.parent.byteorder + ("H" if page.bitspersample == 16 else "B"))
    planes, _, rows, columns, channels = page.shaped
    if page.dataoffsets[0] + math.prod(page.shaped) * dtype.itemsize > len(data):
        raise EOFError
    values = np.frombuffer(data, dtype, math.prod(page.shaped), page.dataoffsets[0])
    for plane, of_plane in enumerate(values.reshape(planes, rows, columns, channels)):
        yield _Block(of_plane, plane, 0, 0)


def _is_for_libtiff(page: tifffile.TiffPage) -> bool:
    """Tell files whose LZW libtiff unpacks much faster, and as strictly."""
    return (
        page.compression == _LZW
        and page.bitspersample == 8
        and page.photometric in _UNCHANGED
        and page.planarconfig == 1
        and not page.is_tiled
        and isinstance(page.index, int)
    )


def _by_libtiff(data: bytes, page: tifffile.TiffPage) -> Iterator[_Block]:
    from imagecodecs import tiff_decode

    values = tiff_decode(data, page.index)
    shape = (page.imagelength, page.imagewidth, page.samplesperpixel)
    if values.dtype != np.uint8 or values.size != math.prod(shape):
        raise ValueError("its size is not as its header says")
    yield _Block(values.reshape(shape), 0, 0, 0)


def _decode_segments(page: tifffile.TiffPage) -> Iterator[_Block]:
    """Yield strips or tiles, one after the other, without what lies beyond the image."""
    file, tables = page.parent.filehandle, {}
    if page.compression in _LOOSE:
        tables = {"jpegtables": page.jpegtables, "jpegheader": page.jpegheader}
    for number in range(math.prod(page.chunked)):
        file.seek(page.dataoffsets[number])
        packed = file.read(page.databytecounts[number])
        values, (plane, _, top, left, _), _ = _decode_segment(page, packed, number, tables)
        if values is None or values.dtype.itemsize > 2 or values.dtype.kind not in "ub":
            raise ValueError("its values are not as its header says")
        rows, columns = page.imagelength - top, page.imagewidth - left
        yield _Block(values[0, :rows, :columns], plane, top, left)


def _decode_segment(
    page: tifffile.TiffPage, packed: bytes, number: int, tables: dict[str, Any]
) -> tuple[Any, ...]:
    if page.compression == _PLAIN:
        _check_length(page, packed, number)
    if page.compression in _PNG:
        packed = restore_stream(packed)
    try:
        return page.decode(packed, number, **tables)
    except RuntimeError:
        shorter = _without_padding(page, packed, number)
        if shorter is None:
            raise
        return page.decode(shorter, number, **tables)


def _check_length(page: tifffile.TiffPage, packed: bytes, number: int) -> None:
    *_, shape = page.decode(None, number)
    if len(packed) * 8 < math.prod(shape) * page.bitspersample and not page.is_tiled:
        raise EOFError


def _without_padding(page: tifffile.TiffPage, packed: bytes, number: int) -> bytes | None:
    """Return a last strip that was filled up to a full one as it should be, or None."""
    *_, shape = page.decode(None, number)
    if page.compression not in _DEFLATE or page.is_tiled or shape[1] >= page.rowsperstrip:
        return None
    row = math.prod(shape[2:]) * (2 if page.bitspersample > 8 else 1)
    unpacker = zlib.decompressobj()
    try:
        filled = unpacker.decompress(packed, row * page.rowsperstrip + 1)
    except zlib.error:
        return None
    return zlib.compress(filled[: row * shape[1]], 0) if len(filled) == row * page.rowsperstrip else None
