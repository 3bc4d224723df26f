"""Load images: from a file to the pixels that training and scoring see, and to pictures people look at."""

from __future__ import annotations

import hashlib
import stat
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from anomaly_gui.detection.images.decoding.kinds import ENDINGS_OF
from anomaly_gui.detection.images.decoding.opening import open_picture
from anomaly_gui.detection.images.decoding.raster import MOST_FRAMES
from anomaly_gui.detection.images.decoding.refusals import (
    FileUnreachableError,
    ImageUnlikeError,
    refuse_errors,
)
from anomaly_gui.detection.images.decoding.strips import LARGE, resize_strips
from anomaly_gui.detection.images.records import ImageRecord
from anomaly_gui.errors import ImageRefusedError
from anomaly_gui.language import keep, translate
from anomaly_gui.wording import explain_os_error, name_setting

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import BoolArray, ImageArray
    from anomaly_gui.detection.images.alignment import Pose
    from anomaly_gui.detection.images.decoding.raster import Picture, Raster
    from anomaly_gui.detection.images.locating.locator import Sighting
    from anomaly_gui.detection.images.region_of_interest import RegionOfInterest

_MEGA = 1_000_000
_BYTES_A_PIXEL = 8  # of the widest images read: four channels of 16 bits
_SLACK_BYTES = 64 * _MEGA
_ORIENTATIONS = {  # EXIF orientation -> what makes the image upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ANY_DEPTH = 16  # holds every value
_ON_ITS_SIDE = (5, 6, 7, 8)  # orientations that swap width and height

PAINT = (124, 117, 104)
"""ImageNet's mean colour: what the network takes for nothing."""

USUAL_SPARE = 2
"""An image is decoded no smaller than this many times what is needed, unless said otherwise."""

DETAIL_SIDE = 192
"""Side of the grey square that fingerprints are computed from, in pixels."""

_SQUARE = DETAIL_SIDE, DETAIL_SIDE


@dataclass(frozen=True)
class ReadingOptions:
    """How to read images.

    Parameters
    ----------
    shape : height and width the whole image is resized to, in pixels
    pixel_limit : larger images are refused
    detail : whether a grey square of `DETAIL_SIDE` is made beside it; it changes nothing else
    interest : the pixels that count; the others are painted over before anything is resized, or None
    depth : bits used of files of 16 bits that do not say so themselves; None: of a set without such files
    spare : how many times larger than needed an image has to be decoded; what is much larger can be reduced
        while it is decoded, which is faster, and less exact where there is nothing to spare
    objection : returns why an image of a width and height cannot be judged, or None: asked before decoding
    """

    shape: tuple[int, int] = (224, 224)
    pixel_limit: int = 200_000_000
    detail: bool = False
    interest: RegionOfInterest | None = None
    depth: int | None = 16
    spare: int = USUAL_SPARE
    objection: Callable[[int, int], str | None] | None = None

    @property
    def needed(self) -> tuple[int, int]:
        """Height and width to decode at least, of the upright image.

        With or without detail: training asks for it, scoring doesn't, and both have to see the same pixels.
        """
        height, width = (max(side, DETAIL_SIDE) * self.spare for side in self.shape)
        return height, width


@dataclass(frozen=True, eq=False)
class LoadedImage:
    """A decoded image.

    Parameters
    ----------
    record : its file; width and height are those of the whole image, after its EXIF orientation
    pixels : (height, width, 3) uint8, RGB; the whole image, resized to that
    detail : (DETAIL_SIDE, DETAIL_SIDE) uint8, grey, or None when not asked for
    pose : how the part was found to lie, where it was aligned or located
    """

    record: ImageRecord
    pixels: ImageArray
    detail: ImageArray | None
    pose: Pose | Sighting | None = None


def load_image(path: Path, options: ReadingOptions) -> LoadedImage:
    """Read an image file; `kinds` names the formats.

    EXIF orientation is applied, transparency is laid on white, 16 bits are mapped to 8 by one factor for all
    files of a set, PNG's gAMA is applied, and colour profiles are ignored and said. A JPEG much larger than
    needed is decoded at reduced scale, which depends on the file and the shape only.

    Raises
    ------
    ImageRefusedError : with the reason, for whatever cannot be read rightly
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
    with refuse_errors(path):
        data = _bytes_of(path, pixel_limit)
        return ImageFile(path, data, hashlib.sha256(data).hexdigest())


def decode_image(file: ImageFile, options: ReadingOptions) -> LoadedImage:
    """Decode the bytes of a file; see `load_image`."""
    with refuse_errors(file.path):
        picture = _open_within_limit(file.path, file.data, options.pixel_limit)
        width, height = _upright_size(picture)
        objection = options.objection(width, height) if options.objection else None
        if objection:
            raise ImageUnlikeError(file.path, objection, file.sha256)
        resized, detail, notes = _stream(file.path, picture, options) or _decode(file.path, picture, options)
        return LoadedImage(ImageRecord(file.path, file.sha256, width, height, notes), resized, detail)


def _decode(
    path: Path, picture: Picture, options: ReadingOptions
) -> tuple[ImageArray, ImageArray | None, tuple[str, ...]]:
    """Return the resized pixels, the detail if it is wanted, and remarks."""
    raster = picture.decode(_lay_as_stored(options.needed, picture), options.depth)
    whole = _turn_upright(raster.image, picture.orientation)
    pixels = _paint_ignored(whole, options.interest) if options.interest else whole
    detail = _resize_pixels(pixels.convert("L"), _SQUARE, "L") if options.detail else None
    return _resize_pixels(pixels, options.shape), detail, _collect_notes(path, picture, raster)


def _stream(
    path: Path, picture: Picture, options: ReadingOptions
) -> tuple[ImageArray, ImageArray | None, tuple[str, ...]] | None:
    """Return the same of a large image, of which only strips are in memory; None of others."""
    is_plain = picture.orientation not in _ORIENTATIONS and picture.frames == 1 and not options.interest
    if picture.width * picture.height < LARGE or not is_plain:
        return None
    strips = picture.stream()
    if strips is None:
        return None
    sizes = [("RGB", options.shape), *([("L", _SQUARE)] if options.detail else [])]
    resized, *detail = resize_strips(strips, picture.height, sizes)
    return resized, detail[0] if detail else None, _collect_notes(path, picture)


def read_size(path: Path, pixel_limit: int) -> tuple[int, int]:
    """Return width and height of an upright image, without decoding it; raises as `load_image`."""
    with refuse_errors(path):
        return _upright_size(_open_within_limit(path, _bytes_of(path, pixel_limit), pixel_limit))


@dataclass(frozen=True)
class ImageFacts:
    """What can be said of an image file without judging it.

    Parameters
    ----------
    record : its file, without remarks
    kind : format and kind of pixels, such as "grey PNG" or "colour JPEG"
    camera : maker and model as the file names them; empty where it does not
    peak : highest value of a file of 16 bits that does not say how many it uses; else None
    """

    record: ImageRecord
    kind: str
    camera: str
    peak: int | None = None


def read_facts(path: Path, pixel_limit: int = ReadingOptions.pixel_limit) -> ImageFacts:
    """Decode an image as small as its format allows, to see that it is whole; raises as `load_image`."""
    with refuse_errors(path):
        data = _bytes_of(path, pixel_limit)
        picture = _open_within_limit(path, data, pixel_limit)
        width, height = _upright_size(picture)
        peak = picture.decode((1, 1), _ANY_DEPTH).peak
        record = ImageRecord(path, hashlib.sha256(data).hexdigest(), width, height)
        return ImageFacts(record, picture.kind, picture.camera, peak)


def decode_full(
    path: Path, pixel_limit: int = ReadingOptions.pixel_limit, depth: int | None = 16
) -> ImageArray:
    """Return the image at full resolution, (height, width, 3) uint8 RGB; raises as `load_image`."""
    with refuse_errors(path):
        picture = _open_within_limit(path, _bytes_of(path, pixel_limit), pixel_limit)
        whole = _turn_upright(picture.decode(None, depth).image, picture.orientation)
        return np.asarray(whole.convert("RGB"))


def decode_small(
    path: Path, side: int, pixel_limit: int = ReadingOptions.pixel_limit, depth: int | None = 16
) -> ImageArray:
    """Return the image, its longer side brought to at most `side` pixels, (height, width, 3) uint8 RGB.

    Raises as `load_image`.
    """
    with refuse_errors(path):
        picture = _open_within_limit(path, _bytes_of(path, pixel_limit), pixel_limit)
        needed = side * USUAL_SPARE, side * USUAL_SPARE
        small = _turn_upright(picture.decode(needed, depth).image, picture.orientation).copy()
        small.thumbnail((side, side), Image.Resampling.BILINEAR)
        return np.asarray(small.convert("RGB"))


def _open_within_limit(path: Path, data: bytes, pixel_limit: int) -> Picture:
    picture = open_picture(path, data)
    if picture.width * picture.height > pixel_limit:
        raise ImageRefusedError(
            path,
            translate(
                "has {megapixels:.0f} megapixels, more than the limit of {limit:g}; raise {setting} if it is "
                "meant",
                megapixels=picture.width * picture.height / _MEGA,
                limit=pixel_limit / _MEGA,
                setting=name_setting("pixel_limit"),
            ),
        )
    return picture


def _upright_size(picture: Picture) -> tuple[int, int]:
    if picture.orientation in _ON_ITS_SIDE:
        return picture.height, picture.width
    return picture.width, picture.height


def _lay_as_stored(needed: tuple[int, int], picture: Picture) -> tuple[int, int]:
    """Return height and width of the upright image as those of the file's pixels."""
    return needed[::-1] if picture.orientation in _ON_ITS_SIDE else needed


def _turn_upright(pixels: Image.Image, orientation: int) -> Image.Image:
    return pixels.transpose(_ORIENTATIONS[orientation]) if orientation in _ORIENTATIONS else pixels


def _collect_notes(path: Path, picture: Picture, raster: Raster | None = None) -> tuple[str, ...]:
    notes = []
    if path.suffix.lower() not in ENDINGS_OF[picture.name]:
        notes.append(_note_name(path, picture.name))
    if raster and picture.frames > 1:
        notes.append(_note_frames(picture, raster))
    return (*notes, *picture.notes, *(raster.notes if raster else ()))


def _note_name(path: Path, name: str) -> str:
    named = path.suffix or keep("without an ending")
    if name == "AVIF":
        return keep("is an {name} file named {named}; read as what it is", name=name, named=named)
    return keep("is a {name} file named {named}; read as what it is", name=name, named=named)


def _note_frames(picture: Picture, raster: Raster) -> str:
    frames = str(picture.frames)
    if picture.frames >= MOST_FRAMES:
        frames = keep("{frames} frames or more", frames=frames)
    else:
        frames = keep("{frames} frames", frames=frames)
    if _is_blank(raster.image):
        return keep("has {frames}; {frame} is used and is blank", frames=frames, frame=picture.frame_used)
    return keep("has {frames}; {frame} is used", frames=frames, frame=picture.frame_used)


def _is_blank(pixels: Image.Image) -> bool:
    ranges = pixels.getextrema()
    return all(low == high for low, high in (ranges if isinstance(ranges[0], tuple) else (ranges,)))


def _paint_ignored(pixels: Image.Image, interest: RegionOfInterest) -> Image.Image:
    """Paint over what does not count: resizing would mix its pixels into those beside it."""
    paint = Image.new("RGB", pixels.size, PAINT)
    mask = Image.fromarray(draw_mask(interest, *pixels.size))
    return Image.composite(pixels.convert("RGB"), paint, mask)


@lru_cache(maxsize=4)
def draw_mask(interest: RegionOfInterest, width: int, height: int) -> BoolArray:
    """Return which pixels of an image count, (height, width): drawn once for images of one size."""
    return interest.draw_mask(width, height)


def _resize_pixels(pixels: Image.Image, shape: tuple[int, int], mode: str = "RGB") -> ImageArray:
    return np.asarray(pixels.resize(shape[::-1], Image.Resampling.BILINEAR).convert(mode))


def _bytes_of(path: Path, pixel_limit: int) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a pipe would wait for ever
            raise ImageRefusedError(
                path, translate("is not a file, but a folder, pipe or device; name a file")
            )
        if status.st_size > pixel_limit * _BYTES_A_PIXEL + _SLACK_BYTES:
            size = f"{status.st_size / _MEGA:,.0f} MB"
            raise ImageRefusedError(
                path, translate("has {size}, too many for an image; take it out of the folder", size=size)
            )
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise FileUnreachableError(
            path, translate("is gone; was it moved, or the drive taken away?")
        ) from error
    except PermissionError as error:
        raise FileUnreachableError(
            path, translate("may not be opened; ask for permission to read it")
        ) from error
    except (OSError, ValueError) as error:
        why = explain_os_error(error) if isinstance(error, OSError) else error
        raise FileUnreachableError(
            path, translate("cannot be read ({why}); check its drive and its name", why=why)
        ) from error
    if not data:
        raise ImageRefusedError(path, translate("is empty; copy it again"))
    return data
