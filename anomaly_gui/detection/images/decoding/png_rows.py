"""Rows of a PNG of 16 bits a sample, strip by strip.

libpng gives all 16 bits, but as imagecodecs calls it, it writes remarks to stderr and takes some damage for
one of them. So the stream is unpacked here, strictly, and handed on stored: then there is nothing to remark.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}
_STRIP_BYTES = 1 << 20
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_MOST_UNPACKED = 1032  # bytes of one: deflate packs no closer
_LATER = (b"PLTE", b"tRNS")


def list_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield the kinds of a PNG's chunks, and where their content begins and ends."""
    at = len(_SIGNATURE)
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">L4s", data, at)
        yield kind, at + 8, min(len(data), at + 8 + length)
        at += 12 + length


def read_wide_rows(data: bytes) -> Iterator[np.ndarray]:
    """Yield strips of a PNG's rows from its top, (rows, width, channels) uint16; tRNS is not applied."""
    width, height, _, colours, _, _, is_interlaced = struct.unpack_from(">2L5B", data, 16)
    channels = _CHANNELS[colours]
    if is_interlaced:
        yield _decode_rows(restore_stream(data), channels)
        return
    length = 1 + 2 * width * channels
    unpacked = memoryview(_unpack_rows(data, height * length))
    before, some = b"", max(1, _STRIP_BYTES // length)
    for top in range(0, height, some):
        rows = unpacked[top * length : (top + some) * length]
        count = len(rows) // length
        # filters refer to the row above: it goes before, unfiltered
        values = _decode_rows(
            _write_png(width, count + bool(top), colours, before + rows.tobytes()), channels
        )
        before = b"\0" + values[-1].astype(">u2").tobytes()
        yield values[bool(top) :]


def stream_plain_rows(data: bytes) -> Iterator[np.ndarray]:
    """Yield strips of the rows of a PNG of 8 bits that is not interlaced, (rows, width, channels) uint8.

    Only a strip of the unpacked stream is ever in memory. Raises where rows are not whole, or not as their
    checksum.
    """
    width, height, _, colours = struct.unpack_from(">2L2B", data, 16)
    length = 1 + width * _CHANNELS[colours]
    some, before = max(1, _STRIP_BYTES // length), b""
    for rows in _unpack_in_pieces(data, height * length, some * length):
        # filters refer to the row above: it goes before, unfiltered
        count, above = len(rows) // length, bool(before)
        values = _decode_rows(_write_png(width, count + above, colours, before + rows, 8), _CHANNELS[colours])
        before = b"\0" + values[-1].tobytes()
        yield values[above:]


def _unpack_in_pieces(data: bytes, size: int, piece: int) -> Iterator[bytes]:
    """Yield the stream of a PNG in pieces of so many bytes; the last may be shorter."""
    unpacker, waiting, unpacked = zlib.decompressobj(), bytearray(), 0
    for kind, start, end in list_chunks(data):
        packed = data[start:end] if kind == b"IDAT" else b""
        while packed and not unpacker.eof:
            part = unpacker.decompress(packed, piece)
            packed, unpacked = unpacker.unconsumed_tail, unpacked + len(part)
            waiting += part
            while len(waiting) >= piece:
                yield bytes(waiting[:piece])
                del waiting[:piece]
    if not unpacker.eof or unpacked != size:
        raise EOFError
    if waiting:
        yield bytes(waiting)


def restore_stream(data: bytes) -> bytes:
    """Return a PNG with its stream unpacked, checked and stored, and without chunks that are no pixels."""
    width, height, bits, colours, _, _, is_interlaced = struct.unpack_from(">2L5B", data, 16)
    depth = bits * _CHANNELS.get(colours, 1)
    passes = _PASSES if is_interlaced else ((0, 0, 1, 1),)
    sizes = [(-(-(width - x) // dx), -(-(height - y) // dy)) for x, y, dx, dy in passes]
    size = sum(down * (1 + (across * depth + 7) // 8) for across, down in sizes if across > 0 and down > 0)
    extra = [(kind, data[start:end]) for kind, start, end in list_chunks(data) if kind in _LATER]
    return _write_png(width, height, colours, _unpack_rows(data, size), bits, is_interlaced, extra)


def _unpack_rows(data: bytes, size: int) -> bytes:
    """Return all rows of a PNG, still filtered; raises where they are not whole, or not as their checksum."""
    from imagecodecs import deflate_decode

    packed = b"".join(data[start:end] for kind, start, end in list_chunks(data) if kind == b"IDAT")
    if size > _MOST_UNPACKED * (len(packed) + 1):  # it would only take memory
        raise EOFError
    unpacked = bytes(deflate_decode(packed, out=size))
    if len(unpacked) != size:
        raise EOFError
    return unpacked


def _write_png(
    width: int,
    height: int,
    colours: int,
    rows: bytes,
    bits: int = 16,
    is_interlaced: int = 0,
    extra: list[tuple[bytes, bytes]] | None = None,
) -> bytes:
    header = struct.pack(">2L5B", width, height, bits, colours, 0, 0, is_interlaced)
    chunks = [(b"IHDR", header), *(extra or []), (b"IDAT", zlib.compress(rows, 0)), (b"IEND", b"")]
    return _SIGNATURE + b"".join(_write_chunk(kind, content) for kind, content in chunks)


def _write_chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">L", len(content))
        + kind
        + content
        + struct.pack(">L", zlib.crc32(content, zlib.crc32(kind)))
    )


def _decode_rows(data: bytes, channels: int) -> np.ndarray:
    from imagecodecs import png_decode

    values = png_decode(data)
    return values.reshape(*values.shape[:2], -1)[..., :channels]
