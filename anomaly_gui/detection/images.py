"""Decode an image file, or say why not. One way for training and scoring: both see the same pixels."""

from __future__ import annotations

import hashlib
import io
import stat
import struct
import warnings
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

from anomaly_gui.errors import ImageRefusedError

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.arrays import ImageArray

FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "WEBP", "DIB")
_ENDINGS = {
    "PNG": (".png",),
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "MPO": (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
    "BMP": (".bmp", ".dib"),
    "DIB": (".bmp", ".dib"),
    "TIFF": (".tif", ".tiff"),
    "WEBP": (".webp",),
}
_READ_AS = {"MPO": "JPEG", "DIB": "BMP"}

# About metadata we do not use. Set once: changing filters in decoding threads is not safe before Python 3.14.
warnings.filterwarnings("ignore", module=r"PIL\.")

# Our own limit, checked before any pixel is decoded, stands in place of Pillow's warning at 89 MP.
Image.MAX_IMAGE_PIXELS = None

# What Pillow's decoders raise on damaged files; OSError holds UnidentifiedImageError, ValueError holds
# UnicodeError. Its plugins parse by hand, so most kinds of failure can come out of them.
_DECODING_ERRORS = (
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    EOFError,
    MemoryError,
    RuntimeError,  # holds NotImplementedError
    AssertionError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)

_MEGA = 1_000_000
_BYTES_A_PIXEL = 8  # of the widest images read: four channels of 16 bits
_SLACK_BYTES = 64 * _MEGA
_UNSHIFTED_MODES = ("I;16", "I;16L", "I;16B", "I;16N")
_SPARE = 2  # a JPEG is decoded no smaller than this many times what is needed
_ORIENTATIONS = {  # EXIF orientation -> what makes the image upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_LYING = (5, 6, 7, 8)  # orientations that swap width and height

DETAIL_SIDE = 192
"""Side of the grey square that near-copies are looked for in, in pixels."""


@dataclass(frozen=True)
class ReadingOptions:
    """How to read images.

    Parameters
    ----------
    size : side of the square the whole image is resized to, in pixels
    pixel_limit : larger images are refused
    detail : whether a grey square of `DETAIL_SIDE` is made beside it; it changes nothing else
    """

    size: int = 224
    pixel_limit: int = 200_000_000
    detail: bool = False


@dataclass(frozen=True, eq=False)
class LoadedImage:
    """A decoded image.

    Parameters
    ----------
    path : the file
    pixels : (size, size, 3) uint8, RGB; the whole image, its aspect not kept
    detail : (DETAIL_SIDE, DETAIL_SIDE) uint8, grey, or None when not asked for
    width, height : of the whole image in pixels, after its EXIF orientation
    sha256 : of the file's bytes
    notes : remarks a user may want to know
    """

    path: Path
    pixels: ImageArray
    detail: ImageArray | None
    width: int
    height: int
    sha256: str
    notes: tuple[str, ...]


def load_image(path: Path, options: ReadingOptions) -> LoadedImage:
    """Read a PNG, JPEG, BMP, TIFF or WebP file.

    EXIF orientation is applied, transparency is laid on white, 16 bits are mapped to 8 by the fixed factor
    257, and colour profiles are ignored. A JPEG much larger than needed is decoded at reduced scale, which
    depends on the file and the size only.

    Raises
    ------
    ImageRefusedError : with the reason, for whatever cannot be read
    """
    data = _bytes_of(path, options.pixel_limit)
    # with or without detail: training asks for it and scoring doesn't, and both have to see the same pixels
    needed = max(options.size, DETAIL_SIDE)
    image, notes = _decoded(path, data, options.pixel_limit, needed)
    square = image.pixels.resize((options.size, options.size), Image.Resampling.BILINEAR)
    detail = None
    if options.detail:
        grey = image.pixels.convert("L").resize((DETAIL_SIDE, DETAIL_SIDE), Image.Resampling.BILINEAR)
        detail = np.asarray(grey)
    digest = hashlib.sha256(data).hexdigest()
    return LoadedImage(path, np.asarray(square), detail, image.width, image.height, digest, notes)


def decode_full(path: Path, pixel_limit: int = ReadingOptions.pixel_limit) -> ImageArray:
    """Return the image at full resolution, (height, width, 3) uint8 RGB; raises as `load_image`."""
    image, _ = _decoded(path, _bytes_of(path, pixel_limit), pixel_limit, None)
    return np.asarray(image.pixels)


def decode_small(path: Path, side: int, pixel_limit: int = ReadingOptions.pixel_limit) -> ImageArray:
    """Return the image, its longer side brought to at most `side` pixels, (height, width, 3) uint8 RGB.

    Raises as `load_image`.
    """
    image, _ = _decoded(path, _bytes_of(path, pixel_limit), pixel_limit, side)
    small = image.pixels.copy()
    small.thumbnail((side, side), Image.Resampling.BILINEAR)
    return np.asarray(small)


def _bytes_of(path: Path, pixel_limit: int) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a pipe would wait for ever
            raise ImageRefusedError(path, "is not a file")
        if status.st_size > pixel_limit * _BYTES_A_PIXEL + _SLACK_BYTES:
            raise ImageRefusedError(path, f"has {status.st_size / _MEGA:,.0f} MB, too many for an image")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ImageRefusedError(path, "is gone; was it moved, or the drive taken away?") from error
    except PermissionError as error:
        raise ImageRefusedError(path, "may not be opened; ask for permission to read it") from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise ImageRefusedError(path, f"cannot be read ({why}); check its drive and its name") from error
    if not data:
        raise ImageRefusedError(path, "is empty; copy it again")
    return data


@dataclass(frozen=True, eq=False)
class _Decoded:
    pixels: Image.Image  # RGB, upright, maybe at reduced scale
    width: int
    height: int


def _decoded(
    path: Path, data: bytes, pixel_limit: int, needed: int | None
) -> tuple[_Decoded, tuple[str, ...]]:
    try:
        return _decode(path, data, pixel_limit, needed)
    except ImageRefusedError:
        raise
    except _DECODING_ERRORS as error:
        raise ImageRefusedError(path, _why(path, error)) from error


def _decode(
    path: Path, data: bytes, pixel_limit: int, needed: int | None
) -> tuple[_Decoded, tuple[str, ...]]:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        width, height = image.size
        if width * height > pixel_limit:
            raise ImageRefusedError(
                path,
                f"has {width * height / _MEGA:.0f} megapixels, more than the limit of "
                f"{pixel_limit / _MEGA:g}; raise the limit (--pixel-limit) if it is meant",
            )
        notes = _notes(path, image)
        if needed is not None and image.format in ("JPEG", "MPO"):
            image.draft(None, (needed * _SPARE, needed * _SPARE))
        image.load()
        orientation = _orientation(image)
        pixels = _as_rgb(path, image)
        if orientation in _ORIENTATIONS:
            pixels = pixels.transpose(_ORIENTATIONS[orientation])
        if orientation in _LYING:
            width, height = height, width
        return _Decoded(pixels, width, height), notes


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except _DECODING_ERRORS:  # a damaged EXIF block says nothing; the pixels are whole
        return 1


def _notes(path: Path, image: Image.Image) -> tuple[str, ...]:
    notes = []
    if path.suffix.lower() not in _ENDINGS[str(image.format)]:
        kind = _READ_AS.get(str(image.format), image.format)
        notes.append(f"is a {kind} file named {path.suffix or 'without an ending'}; read as what it is")
    # a camera's JPEG with a preview inside (MPO) is one picture to its user
    frames = 1 if image.format == "MPO" else getattr(image, "n_frames", 1)
    if frames > 1:
        notes.append(f"has {frames} frames; the first is used")
    return tuple(notes)


def _as_rgb(path: Path, image: Image.Image) -> Image.Image:
    if image.mode in _UNSHIFTED_MODES:
        return Image.fromarray(_eight_bits(np.asarray(image))).convert("RGB")
    if image.mode in ("I", "F"):
        kind = "32-bit" if image.mode == "I" else "floating-point"
        raise ImageRefusedError(path, f"has {kind} pixels, whose range is unknown; save it with 8 or 16 bits")
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        layered = image.convert("RGBA")
        white = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(white, layered).convert("RGB")
    return image.convert("RGB")


def _eight_bits(values: np.ndarray) -> ImageArray:
    """Map 0..65535 to 0..255 by the fixed factor 257, rounded."""
    wide = values.astype(np.uint32)
    eight: ImageArray = ((wide + 128) // 257).astype(np.uint8)
    return eight


def _why(path: Path, error: BaseException) -> str:
    if isinstance(error, UnidentifiedImageError):
        return (
            f"is not a PNG, JPEG, BMP, TIFF or WebP image, though its name ends in {path.suffix or 'nothing'}"
        )
    if isinstance(error, MemoryError):
        return "needs more memory than there is"
    if "truncated" in str(error).lower() or isinstance(error, EOFError):
        return "ends too early; copy it again"
    return f"is damaged ({error or type(error).__name__}); copy it again"
