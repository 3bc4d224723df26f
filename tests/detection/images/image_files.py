"""Image files of every kind by hand: one picture in many containers, and what makes them go wrong."""

import io
import struct
import zlib

import numpy as np
import tifffile
from PIL import Image

from anomaly_gui.detection.images.loading import decode_full

WIDTH, HEIGHT = 70, 50


def scene(seed=3):
    """Return (HEIGHT, WIDTH) floats from 0.05 to 0.95 with edges, slopes and grain, of no symmetry."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    light = (
        0.2
        + 0.5 * x / WIDTH
        + 0.2 * (np.hypot(y - 18, x - 40) < 12)
        + random.normal(0, 0.01, (HEIGHT, WIDTH))
    )
    light[5:9, 5:30] = 0.9
    return np.clip(light, 0.05, 0.95)


def at_depth(light, bits):
    return (light * ((1 << bits) - 1) + 0.5).astype(np.uint8 if bits <= 8 else np.uint16)


GREY = at_depth(scene(), 8)
COLOUR = np.stack([GREY, 255 - GREY, np.roll(GREY, 9, axis=1)], -1)
WIDE = GREY.astype(np.uint16) * 257
WIDE_COLOUR = COLOUR.astype(np.uint16) * 257


def saved(image, kind, **options):
    file = io.BytesIO()
    (Image.fromarray(image) if isinstance(image, np.ndarray) else image).save(file, kind, **options)
    return file.getvalue()


def tiff(values, **options):
    file = io.BytesIO()
    tifffile.imwrite(file, values, **{"metadata": None} | options)
    return file.getvalue()


def planes(colour):
    return np.moveaxis(colour, -1, 0).copy()


def with_alpha(pixels, alpha):
    whole = pixels if pixels.ndim == 3 else pixels[..., None]
    return np.concatenate([whole, np.full((*whole.shape[:2], 1), alpha, whole.dtype)], -1)


def png_chunk(kind, content):
    return struct.pack(">L", len(content)) + kind + content + struct.pack(">L", zlib.crc32(kind + content))


def png(values, *chunks):
    """Return a PNG of 8 or 16 bits of (height, width[, channels]) without any filter."""
    height, width = values.shape[:2]
    channels = 1 if values.ndim == 2 else values.shape[2]
    rows = values.astype(values.dtype.newbyteorder(">")).reshape(height, -1)
    data = b"".join(b"\0" + row.tobytes() for row in rows)
    colour = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    header = struct.pack(">2L5B", width, height, 8 * values.itemsize, colour, 0, 0, 0)
    parts = [
        png_chunk(b"IHDR", header),
        *chunks,
        png_chunk(b"IDAT", zlib.compress(data)),
        png_chunk(b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def interlaced_png(values):
    """Return the same in seven passes."""
    height, width = values.shape[:2]
    passes = (
        (0, 0, 8, 8),
        (0, 4, 8, 8),
        (4, 0, 8, 4),
        (0, 2, 4, 4),
        (2, 0, 4, 2),
        (0, 1, 2, 2),
        (1, 0, 2, 1),
    )
    data = b""
    for top, left, down, across in passes:
        part = values[top::down, left::across].astype(values.dtype.newbyteorder(">"))
        data += b"".join(b"\0" + np.ascontiguousarray(row).tobytes() for row in part) if part.size else b""
    channels = 1 if values.ndim == 2 else values.shape[2]
    colour = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    header = struct.pack(">2L5B", width, height, 8 * values.itemsize, colour, 0, 0, 1)
    parts = [png_chunk(b"IHDR", header), png_chunk(b"IDAT", zlib.compress(data)), png_chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def bmp(colour, alpha, header):
    """Return a 32-bit BMP with a channel of transparency, of a header of 108 or 124 bytes."""
    height, width = colour.shape[:2]
    data = with_alpha(colour[::-1, :, ::-1], alpha).tobytes()
    masks = struct.pack("<4L", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    info = struct.pack("<L2l2H6L", header, width, height, 1, 32, 3, len(data), 0, 0, 0, 0) + masks + b"BGRs"
    info = info.ljust(header, b"\0")
    start = 14 + len(info)
    return b"BM" + struct.pack("<L4xL", start + len(data), start) + info + data


def plain_tiff(bits, data, *extra, width=WIDTH, height=HEIGHT, samples=1, photometric=1):
    """Return a little-endian TIFF of one strip; `extra` are entries (tag, type, count, value)."""
    entries = sorted(
        [
            (256, 4, 1, width),
            (257, 4, 1, height),
            (258, 3, 1, bits),
            (259, 3, 1, 1),
            (262, 3, 1, photometric),
            (273, 4, 1, -1),
            (277, 3, 1, samples),
            (278, 4, 1, height),
            (279, 4, 1, len(data)),
            *extra,
        ]
    )
    start = 8 + 2 + 12 * len(entries) + 4
    body = b"".join(
        struct.pack("<2H2L", tag, kind, count, start if value < 0 else value)
        for tag, kind, count, value in entries
    )
    return b"II*\0" + struct.pack("<LH", 8, len(entries)) + body + struct.pack("<L", 0) + data


def palette_tiff(eight_bit_entries):
    """Return a TIFF whose palette has entries of 8 bits, as some programs write them, or of 16."""
    colours = np.arange(256, dtype=np.uint16) * (1 if eight_bit_entries else 257)
    palette = np.concatenate([colours, 255 * (1 if eight_bit_entries else 257) - colours, colours])
    data = GREY.tobytes()
    start = 8 + 2 + 12 * 10 + 4 + len(data)
    return plain_tiff(8, data, (320, 3, 768, start), photometric=3) + palette.astype("<u2").tobytes()


def packed_12(values):
    """Return values of 12 bits, two in three bytes; the width is even."""
    first, second = values[:, 0::2].astype(np.uint32), values[:, 1::2].astype(np.uint32)
    return (
        np.stack([first >> 4, (first & 15) << 4 | second >> 8, second & 255], -1).astype(np.uint8).tobytes()
    )


def several(*pages):
    """Return a TIFF of pages (values, options)."""
    file = io.BytesIO()
    with tifffile.TiffWriter(file) as writer:
        for values, options in pages:
            writer.write(values, metadata=None, **options)
    return file.getvalue()


def decode_bytes(tmp_path, content, **options):
    """Return the whole picture that a file of these bytes shows."""
    path = tmp_path / "a.tif"
    path.write_bytes(content)
    return decode_full(path, **options).astype(int)
