"""The strips and tiles of a TIFF picture, one after the other, and never filled up where some are missing."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.images.decoding.png_rows import restore_stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    import tifffile

_MOST_OF_A_TILE = 1 << 24  # pixels, unless the image itself has more
_PLAIN, _LZW, _DEFLATE = 1, 5, (8, 32946)
_PNG = (34933, 51124)
_UNCHANGED = (0, 1, 2)  # photometric: what libtiff gives as it is stored
_LOOSE = (6, 7, 34892)  # ways of packing whose decoder fills up what is cut off


@dataclass(frozen=True, eq=False)
class Block:
    """Decoded values, (rows, columns, channels), and their first channel, row and column in the image."""

    values: np.ndarray
    channel: int
    top: int
    left: int


def check_segments(data: bytes, page: tifffile.TiffPage) -> None:
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


def decode_blocks(data: bytes, page: tifffile.TiffPage) -> Iterator[Block]:
    """Yield all blocks of a page, by what decodes it fastest."""
    if is_stored_plainly(page):
        yield from read_plainly(data, page)
    elif _is_for_libtiff(page):
        yield from _by_libtiff(data, page)
    else:
        yield from decode_segments(page)


def is_stored_plainly(page: tifffile.TiffPage) -> bool:
    """Tell whether the pixels lie in the file as they are."""
    is_as_it_is = page.compression == _PLAIN and page.predictor == 1 and page.fillorder == 1
    return page.is_contiguous and is_as_it_is and page.bitspersample in (8, 16)


def read_plainly(data: bytes, page: tifffile.TiffPage) -> Iterator[Block]:
    """Yield the planes of pixels that lie in the file as they are: nothing is copied."""
    dtype = np.dtype(page.parent.byteorder + ("H" if page.bitspersample == 16 else "B"))
    planes, _, rows, columns, channels = page.shaped
    if page.dataoffsets[0] + math.prod(page.shaped) * dtype.itemsize > len(data):
        raise EOFError
    values = np.frombuffer(data, dtype, math.prod(page.shaped), page.dataoffsets[0])
    for plane, of_plane in enumerate(values.reshape(planes, rows, columns, channels)):
        yield Block(of_plane, plane, 0, 0)


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


def _by_libtiff(data: bytes, page: tifffile.TiffPage) -> Iterator[Block]:
    from imagecodecs import tiff_decode

    values = tiff_decode(data, page.index)
    shape = (page.imagelength, page.imagewidth, page.samplesperpixel)
    if values.dtype != np.uint8 or values.size != math.prod(shape):
        raise ValueError("its size is not as its header says")
    yield Block(values.reshape(shape), 0, 0, 0)


def decode_segments(page: tifffile.TiffPage) -> Iterator[Block]:
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
        yield Block(values[0, :rows, :columns], plane, top, left)


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
