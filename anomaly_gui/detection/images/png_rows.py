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
_STRIP_BYTES = 1 << 22
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_LATER = (b"PLTE", b"tRNS")


def chunks_of(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield the kinds of a PNG's chunks, and where their content begins and ends."""
    at = len(_SIGNATURE)
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">L4s", data, at)
        yield kind, at + 8, min(len(data), at + 8 + length)
        at += 12 + length


def wide_rows(data: bytes) -> Iterator[np.ndarray]:
    """Yield strips of a PNG's rows from its top, (rows, width, channels) uint16; tRNS is not applied."""
    width, height, _, colours, _, _, is_interlaced = struct.unpack_from(">2L5B", data, 16)
    channels = _CHANNELS[colours]
    if is_interlaced:
        yield _decoded(restored(data), channels)
        return
    length = 1 + 2 * width * channels
    stream = _Stream(data)
    before = b""
    for top in range(0, height, max(1, _STRIP_BYTES // length)):
        count = min(height - top, max(1, _STRIP_BYTES // length))
        rows = before + stream.read(count * length)
        values = _decoded(_png(width, count + bool(before), colours, rows), channels)
        before = b"\0" + values[-1].astype(">u2").tobytes()
        yield values[bool(top) :]
    stream.check_end()


def restored(data: bytes) -> bytes:
    """Return a PNG with its stream unpacked, checked and stored, and without chunks that are no pixels."""
    width, height, bits, colours, _, _, is_interlaced = struct.unpack_from(">2L5B", data, 16)
    stream = _Stream(data)
    depth = bits * _CHANNELS.get(colours, 1)
    passes = _PASSES if is_interlaced else ((0, 0, 1, 1),)
    sizes = [(-(-(width - x) // dx), -(-(height - y) // dy)) for x, y, dx, dy in passes]
    rows = stream.read(sum(down * (1 + (across * depth + 7) // 8) for across, down in sizes if across > 0))
    stream.check_end()
    kept = [(kind, data[start:end]) for kind, start, end in chunks_of(data) if kind in _LATER]
    return _png(width, height, colours, rows, bits, is_interlaced, kept)


class _Stream:
    """The unpacked bytes of a PNG's chunks IDAT."""

    def __init__(self, data: bytes) -> None:
        self._chunks = ((data[start:end]) for kind, start, end in chunks_of(data) if kind == b"IDAT")
        self._unpacker = zlib.decompressobj()
        self._packed = b""

    def read(self, count: int) -> bytes:
        """Return the next bytes; EOFError where there are fewer."""
        parts: list[bytes] = []
        while count > 0:
            if not self._packed:
                self._packed = next(self._chunks, b"")
            is_last = not self._packed
            part = self._unpacker.decompress(self._packed, count)
            self._packed = self._unpacker.unconsumed_tail
            if not part and is_last:
                raise EOFError
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def check_end(self) -> None:
        """Read what is left: the checksum; what comes beyond it is no pixel's."""
        for packed in (self._packed, *self._chunks):
            if self._unpacker.eof:
                return
            self._unpacker.decompress(packed, 1)
        if not self._unpacker.eof:
            raise EOFError


def _png(
    width: int,
    height: int,
    colours: int,
    rows: bytes,
    bits: int = 16,
    is_interlaced: int = 0,
    kept: list[tuple[bytes, bytes]] | None = None,
) -> bytes:
    header = struct.pack(">2L5B", width, height, bits, colours, 0, 0, is_interlaced)
    chunks = [(b"IHDR", header), *(kept or []), (b"IDAT", zlib.compress(rows, 0)), (b"IEND", b"")]
    return _SIGNATURE + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">L", len(content))
        + kind
        + content
        + struct.pack(">L", zlib.crc32(content, zlib.crc32(kind)))
    )


def _decoded(data: bytes, channels: int) -> np.ndarray:
    from imagecodecs import png_decode

    values = png_decode(data)
    return values.reshape(*values.shape[:2], -1)[..., :channels]
