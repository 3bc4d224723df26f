"""Files that are no good images, or odd ones: every kind we could name, each with the reason to expect."""

import io
import re
import struct
import wave
import zipfile
import zlib

import numpy as np
from PIL import Image


def noise(height=120, width=160):
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8))


def bytes_of(kind, image=None, **options):
    file = io.BytesIO()
    (image or noise()).save(file, kind, **options)
    return file.getvalue()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, *chunks, data=b"", depth=8, colour=2):
    header = chunk(b"IHDR", struct.pack(">2I5B", width, height, depth, colour, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(data))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + pixels + chunk(b"IEND", b"")


def tiff(*entries, tail=b""):
    """Return a little-endian TIFF of one directory with (tag, type, count, value) entries."""
    ifd = struct.pack("<H", len(entries)) + b"".join(struct.pack("<2H2L", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<L", 8) + ifd + struct.pack("<L", 0) + tail


def grey_tiff(width=8, height=8, data=bytes(64), **changed):
    """Return a grey TIFF of one strip, `data`, some of its tags changed."""
    tags = {"bits": 8, "compression": 1, "rows": height, "samples": 1, "strip": 122, "tile": 0} | changed
    return tiff(
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, tags["bits"]),
        (259, 3, 1, tags["compression"]),
        (262, 3, 1, 1),
        (273, 4, 1, tags["strip"]),
        (277, 3, 1, tags["samples"]),
        (278, 4, 1, tags["rows"]),
        (279, 4, 1, len(data)),
        *([(322, 4, 1, tags["tile"]), (323, 4, 1, tags["tile"]), (324, 4, 1, 170)] if tags["tile"] else []),
        tail=data,
    )


def bmp(width, height, *, depth=24, compression=0, colours=0, data=b""):
    info = struct.pack("<L2l2H6L", 40, width, height, 1, depth, compression, len(data), 0, 0, colours, 0)
    return b"BM" + struct.pack("<L4xL", 54 + len(data), 54) + info + data


def jpeg(width, height):
    whole = bytearray(bytes_of("JPEG"))
    struct.pack_into(">2H", whole, whole.index(b"\xff\xc0") + 5, height, width)
    return bytes(whole)


def webp_on_canvas(width, height):
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<2L", 10, 0) + sides + bytes_of("WEBP")[12:]
    return b"RIFF" + struct.pack("<L", len(body)) + body


def many_scans(count):
    whole = bytes_of("JPEG", Image.new("L", (64, 64)), progressive=True)
    return whole[:-2] + whole[whole.rindex(b"\xff\xda") : -2] * count + whole[-2:]


def zip_file():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.png", b"x")
    return file.getvalue()


def wave_file():
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 1, 8000, 0, "NONE", None))
        sound.writeframes(bytes(100))
    return file.getvalue()


def next_directory(offset=None):
    """Return a TIFF whose directory names another, or itself, as the next one."""
    whole = bytearray(bytes_of("TIFF"))
    start = struct.unpack_from("<L", whole, 4)[0]
    count = struct.unpack_from("<H", whole, start)[0]
    struct.pack_into("<L", whole, start + 2 + 12 * count, start if offset is None else offset)
    return bytes(whole)


def many_pages(count):
    """Return a TIFF of so many directories of the same 16 pixels."""
    entries = [(256, 4), (257, 4), (258, 8), (262, 1), (273, 8), (279, 16)]
    page = struct.pack("<H", 6) + b"".join(struct.pack("<2H2L", tag, 4, 1, value) for tag, value in entries)
    starts = range(24, 24 + count * (len(page) + 4), len(page) + 4)
    following = [*starts[1:], 0]
    return (
        b"II*\0"
        + struct.pack("<L", 24)
        + bytes(16)
        + b"".join(page + struct.pack("<L", n) for n in following)
    )


_BOMB = zlib.compress(bytes(10**8))
NO_IMAGE = "is not a PNG, JPEG, TIFF or other image that is read"
STARTS = "starts as an image, but is damaged or of a rare kind"
EARLY = "ends too early"
DAMAGED = "is damaged"
REFUSED = {
    "zero bytes": (b"", "is empty"),
    "one byte": (b"\x89", NO_IMAGE),
    "zeros": (bytes(5000), NO_IMAGE),
    "text": (b"Teil 7 ist gut\n", NO_IMAGE),
    "html": (b"<!doctype html><title>Login</title>", NO_IMAGE),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "is a PDF document"),
    "zip": (zip_file(), "is an archive"),
    "sound": (wave_file(), NO_IMAGE),
    "icon": (bytes_of("ICO", Image.new("RGB", (16, 16))), "is an icon"),
    "photoshop": (b"8BPS" + struct.pack(">H6xHLLHH", 1, 3, 4, 4, 8, 3) + bytes(100), "is a Photoshop file"),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "is a drawing"),
    "only a png signature": (b"\x89PNG\r\n\x1a\n", STARTS),
    "only a jpeg start": (b"\xff\xd8\xff\xe0", STARTS),
    "webp of no frame": (b"RIFF" + struct.pack("<L", 4) + b"WEBP", STARTS),
    "png without pixels": (png(100, 100), EARLY),
    "png of no width": (png(0, 100), STARTS),
    "png of impossible colours": (png(4, 4, colour=5, data=bytes(80)), STARTS),
    "png with a wrong checksum": (png(4, 4)[:29] + bytes(4) + png(4, 4)[33:], STARTS),
    "png of 3,600 megapixels": (png(60_000, 60_000, data=bytes(10)), "has 3600 megapixels"),
    "png of the largest size": (png(2**31 - 1, 2**31 - 1), "megapixels"),
    "png at the limit without pixels": (png(14_000, 14_000, data=bytes(10)), EARLY),
    "png too thin to be resized": (png(150_000_000, 1, colour=0, data=bytes(150_000_001)), "more memory"),
    "jpeg of 4,295 megapixels": (jpeg(65_535, 65_535), "has 4295 megapixels"),
    "jpeg of many scans": (many_scans(1000), "in 1006 scans"),
    "bmp of 3,600 megapixels": (bmp(60_000, 60_000), "has 3600 megapixels"),
    "bmp of negative width": (bmp(-4, 4), "megapixels"),
    "bmp of too many colours": (bmp(4, 4, depth=8, colours=2**31 - 1, data=bytes(1040)), DAMAGED),
    "bmp at the limit without pixels": (bmp(14_000, 14_000, data=bytes(10)), EARLY),
    "tiff without tags": (tiff(), DAMAGED),
    "tiff of 3,600 megapixels": (grey_tiff(60_000, 60_000), "has 3600 megapixels"),
    "tiff at the limit without pixels": (grey_tiff(14_000, 14_000), EARLY),
    "tiff whose strips lie beyond its end": (grey_tiff(strip=10**9), EARLY),
    "tiff of strips without rows": (grey_tiff(rows=0), DAMAGED),
    "tiff of 64-bit pixels": (grey_tiff(bits=64), "has 64-bit pixels"),
    "tiff of 65,535 channels": (grey_tiff(samples=65_535), "has 65,535 channels"),
    "tiff of tiles larger than itself": (grey_tiff(compression=8, tile=60_000), DAMAGED),
    "tiff with a directory beyond its end": (b"II*\0" + struct.pack("<L", 2**31), DAMAGED),
    "floating-point tiff": (
        bytes_of("TIFF", Image.fromarray(np.array([[np.nan, np.inf]], np.float32))),
        "has floating-point pixels",
    ),
    "32-bit tiff": (
        bytes_of("TIFF", Image.fromarray(np.array([[0, 2**30]], np.int32))),
        "has signed 32-bit pixels",
    ),
    "tiff whose strip unpacks to 100 MB": (grey_tiff(compression=8, data=_BOMB), DAMAGED),
    "webp on a canvas of 4,295 megapixels": (webp_on_canvas(65_535, 65_535), DAMAGED),
    "png with 100 MB of packed text": (
        png(4, 4, chunk(b"zTXt", b"key\0\0" + _BOMB), data=bytes(52)),
        "holds overlong metadata",
    ),
    "png with 100 MB of packed colour profile": (
        png(4, 4, chunk(b"iCCP", b"key\0\0" + _BOMB), data=bytes(52)),
        "holds overlong metadata",
    ),
}

GOOD = {
    "one pixel": bytes_of("PNG", Image.new("RGB", (1, 1))),
    "very thin": bytes_of("PNG", Image.new("RGB", (20_000, 1))),
    "very tall": bytes_of("TIFF", Image.new("RGB", (1, 20_000))),
    "looping directories": next_directory(),
    "next directory beyond its end": next_directory(10**9),
    "next directory amid the pixels": next_directory(9),
    "gif": bytes_of("GIF"),
    "strips of endless rows": grey_tiff(rows=2**32 - 1),
    "ten scans": many_scans(4),
    "bytes after its end": bytes_of("PNG") + b"more",
    "progressive": bytes_of("JPEG", progressive=True),
    "lossless": bytes_of("WEBP", lossless=True),
    "packed": bytes_of("TIFF", compression="tiff_lzw"),
    "top down": bytes_of("BMP", noise().transpose(Image.Transpose.FLIP_TOP_BOTTOM)),
    "animated": bytes_of("WEBP", save_all=True, append_images=[Image.new("RGB", (160, 120))]),
}


def check_reason(refused, path):
    """One sentence: what is wrong, then what to do."""
    assert refused.path == path
    what, advice = refused.reason.rsplit("; ", 1)
    assert len(what) > 5
    assert len(advice) > 5
    assert "\n" not in refused.reason
    assert not re.search(r"Error|Exception|Traceback|<class", refused.reason)
    assert len(refused.reason) < 250
