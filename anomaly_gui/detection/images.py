"""Decode an image file, or say why not. One way for training and scoring: both see the same pixels."""

from __future__ import annotations

import hashlib
import io
import stat
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

from anomaly_gui.errors import ImageRefusedError

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.alignment import Pose
    from anomaly_gui.detection.arrays import BoolArray, ImageArray
    from anomaly_gui.detection.interest import RegionOfInterest

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
_MOST_FRAMES = 1000  # counted; Pillow's time for counting a TIFF's grows with their square
_MOST_SCANS = 200  # of a JPEG: usual ones have ten, and each more takes a whole decoding
_START_OF_SCAN = b"\xff\xda"
_SIGNATURES = (b"\x89PNG", b"\xff\xd8\xff", b"BM", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_LONGEST_DETAIL = 120  # characters of a decoder's own words
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

_PAINT = (124, 117, 104)  # ImageNet's mean colour: what the network takes for nothing

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
    interest : the places that count; the others are painted over before anything is resized, or None
    """

    size: int = 224
    pixel_limit: int = 200_000_000
    detail: bool = False
    interest: RegionOfInterest | None = None


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
    pose : how the part was found to lie, where it was turned into one pose
    """

    path: Path
    pixels: ImageArray
    detail: ImageArray | None
    width: int
    height: int
    sha256: str
    notes: tuple[str, ...]
    pose: Pose | None = None


def load_image(path: Path, options: ReadingOptions) -> LoadedImage:
    """Read a PNG, JPEG, BMP, TIFF or WebP file.

    EXIF orientation is applied, transparency is laid on white, 16 bits are mapped to 8 by the fixed factor
    257, and colour profiles are ignored. A JPEG much larger than needed is decoded at reduced scale, which
    depends on the file and the size only.

    Raises
    ------
    ImageRefusedError : with the reason, for whatever cannot be read
    """
    return decode_image(read_file(path, options.pixel_limit), options)


@dataclass(frozen=True, eq=False)
class ImageFile:
    """The bytes of a file, and their SHA-256."""

    path: Path
    data: bytes
    sha256: str


def read_file(path: Path, pixel_limit: int) -> ImageFile:
    """Return the bytes of a file that may be an image; raises as `load_image`."""
    with _refusing(path):
        data = _bytes_of(path, pixel_limit)
        return ImageFile(path, data, hashlib.sha256(data).hexdigest())


def decode_image(file: ImageFile, options: ReadingOptions) -> LoadedImage:
    """Decode the bytes of a file; see `load_image`."""
    # with or without detail: training asks for it and scoring doesn't, and both have to see the same pixels
    needed = max(options.size, DETAIL_SIDE)
    with _refusing(file.path):
        image, notes = _decode(file.path, file.data, options.pixel_limit, needed)
        pixels = _painted(image.pixels, options.interest) if options.interest else image.pixels
        square = _square(pixels, options.size)
        detail = _square(pixels.convert("L"), DETAIL_SIDE) if options.detail else None
        return LoadedImage(file.path, square, detail, image.width, image.height, file.sha256, notes)


@dataclass(frozen=True)
class ImageFacts:
    """What can be said of an image file without judging it.

    Parameters
    ----------
    path, width, height, sha256 : as of `LoadedImage`
    kind : format and kind of pixels, such as "grey PNG" or "colour JPEG"
    camera : maker and model as the file names them; empty where it does not
    """

    path: Path
    width: int
    height: int
    sha256: str
    kind: str
    camera: str


def image_facts(path: Path, pixel_limit: int = ReadingOptions.pixel_limit) -> ImageFacts:
    """Decode an image as small as its format allows, to see that it is whole; raises as `load_image`."""
    with _refusing(path):
        data = _bytes_of(path, pixel_limit)
        image, _ = _decode(path, data, pixel_limit, 1)
        digest = hashlib.sha256(data).hexdigest()
        return ImageFacts(path, image.width, image.height, digest, image.kind, image.camera)


def decode_full(path: Path, pixel_limit: int = ReadingOptions.pixel_limit) -> ImageArray:
    """Return the image at full resolution, (height, width, 3) uint8 RGB; raises as `load_image`."""
    with _refusing(path):
        image, _ = _decode(path, _bytes_of(path, pixel_limit), pixel_limit, None)
        return np.asarray(image.pixels)


def decode_small(path: Path, side: int, pixel_limit: int = ReadingOptions.pixel_limit) -> ImageArray:
    """Return the image, its longer side brought to at most `side` pixels, (height, width, 3) uint8 RGB.

    Raises as `load_image`.
    """
    with _refusing(path):
        image, _ = _decode(path, _bytes_of(path, pixel_limit), pixel_limit, side)
        small = image.pixels.copy()
        small.thumbnail((side, side), Image.Resampling.BILINEAR)
        return np.asarray(small)


def _painted(pixels: Image.Image, interest: RegionOfInterest) -> Image.Image:
    """Paint over what does not count: resizing would mix its pixels into those beside it."""
    paint = Image.new("RGB", pixels.size, _PAINT)
    return Image.composite(pixels, paint, Image.fromarray(_counting(interest, *pixels.size)))


@lru_cache(maxsize=4)
def _counting(interest: RegionOfInterest, width: int, height: int) -> BoolArray:
    return interest.mask(width, height)


def _square(pixels: Image.Image, side: int) -> ImageArray:
    return np.asarray(pixels.resize((side, side), Image.Resampling.BILINEAR))


def _bytes_of(path: Path, pixel_limit: int) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a pipe would wait for ever
            raise ImageRefusedError(path, "is not a file, but a folder, pipe or device; name a file")
        if status.st_size > pixel_limit * _BYTES_A_PIXEL + _SLACK_BYTES:
            size = f"{status.st_size / _MEGA:,.0f} MB"
            raise ImageRefusedError(path, f"has {size}, too many for an image; take it out of the folder")
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
    kind: str
    camera: str


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """Turn what goes wrong while an image is decoded or resized into a refusal."""
    try:
        yield
    except _DECODING_ERRORS as error:
        raise ImageRefusedError(path, _why(error)) from error


def _decode(
    path: Path, data: bytes, pixel_limit: int, needed: int | None
) -> tuple[_Decoded, tuple[str, ...]]:
    with _opened(path, data) as image:
        width, height = image.size
        if width * height > pixel_limit:
            raise ImageRefusedError(
                path,
                f"has {width * height / _MEGA:.0f} megapixels, more than the limit of "
                f"{pixel_limit / _MEGA:g}; raise the limit (--pixel-limit) if it is meant",
            )
        _check_scans(path, image, data)
        notes = _notes(path, image, data)
        kind, camera = _kind(image), _camera(image)
        if needed is not None and image.format in ("JPEG", "MPO"):
            image.draft(None, (needed * _SPARE, needed * _SPARE))
        image.load()
        orientation = _orientation(image)
        pixels = _as_rgb(path, image)
        if orientation in _ORIENTATIONS:
            pixels = pixels.transpose(_ORIENTATIONS[orientation])
        if orientation in _LYING:
            width, height = height, width
        return _Decoded(pixels, width, height, kind, camera), notes


def _opened(path: Path, data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError as error:
        if data.startswith(_SIGNATURES) or data[8:12] == b"WEBP":
            reason = "starts as an image, but is damaged or of a rare kind; copy it again, or save it as PNG"
        else:
            name = f"its name ends in {path.suffix}" if path.suffix else "it is named as one"
            reason = f"is not a PNG, JPEG, BMP, TIFF or WebP image, though {name}; take it out of the folder"
        raise ImageRefusedError(path, reason) from error


def _check_scans(path: Path, image: Image.Image, data: bytes) -> None:
    """Refuse a JPEG of few bytes that would take hours."""
    scans = data.count(_START_OF_SCAN) if image.format in ("JPEG", "MPO") else 0
    if scans > _MOST_SCANS:
        raise ImageRefusedError(path, f"stores its pixels in {scans} scans; save it again as plain JPEG")


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except _DECODING_ERRORS:  # a damaged EXIF block says nothing; the pixels are whole
        return 1


def _kind(image: Image.Image) -> str:
    depth = "16-bit " if image.mode in _UNSHIFTED_MODES else ""
    colour = "grey" if image.mode in (*_UNSHIFTED_MODES, "1", "L", "LA") else "colour"
    return f"{depth}{colour} {_READ_AS.get(str(image.format), image.format)}"


def _camera(image: Image.Image) -> str:
    try:
        exif = image.getexif()
        names = (exif.get(ExifTags.Base.Make, ""), exif.get(ExifTags.Base.Model, ""))
    except _DECODING_ERRORS:  # as for the orientation
        return ""
    return " ".join(str(name).strip("\0 ") for name in names if name)


def _notes(path: Path, image: Image.Image, data: bytes) -> tuple[str, ...]:
    notes = []
    if path.suffix.lower() not in _ENDINGS[str(image.format)]:
        kind = _READ_AS.get(str(image.format), image.format)
        notes.append(f"is a {kind} file named {path.suffix or 'without an ending'}; read as what it is")
    frames = _frames(image, data)
    if frames > 1:
        more = " or more" if frames == _MOST_FRAMES else ""
        notes.append(f"has {frames} frames{more}; the first is used")
    return tuple(notes)


def _frames(image: Image.Image, data: bytes) -> int:
    if image.format == "MPO":  # a camera's JPEG with a preview inside is one picture to its user
        return 1
    if image.format != "TIFF":
        return int(getattr(image, "n_frames", 1))
    # a second look at the file: a damaged later frame would leave `image` in no state to be decoded
    count = 1
    with Image.open(io.BytesIO(data), formats=["TIFF"]) as pages, suppress(*_DECODING_ERRORS):
        while count < _MOST_FRAMES:
            pages.seek(count)  # raises past the last, or past the last that can be read
            count += 1
    return count


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


def _why(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "needs more memory than there is; close other programs, or make the image smaller"
    said = " ".join(str(error).split())
    if "truncated" in said.lower() or isinstance(error, EOFError):
        return "ends too early; copy it again"
    if "MAX_TEXT" in said:  # Pillow's guard against metadata that unpacks to gigabytes
        return "holds overlong metadata; save it again without any"
    return f"is damaged ({said[:_LONGEST_DETAIL]}); copy it again" if said else "is damaged; copy it again"
