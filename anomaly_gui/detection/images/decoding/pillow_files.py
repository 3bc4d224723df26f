"""Image files through Pillow: headers of all it knows, pixels of most."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

import numpy as np
from PIL import ExifTags, Image, features

from anomaly_gui.detection.images.decoding.depth import (
    check_peak,
    find_white_level,
    make_eight_bit_table,
    to_eight_bits,
)
from anomaly_gui.detection.images.decoding.profiles import describe_profile
from anomaly_gui.detection.images.decoding.raster import (
    FIRST_FRAME,
    MOST_FRAMES,
    Raster,
    lay_on_white,
    name_kind,
)
from anomaly_gui.detection.images.decoding.refusals import DECODING_ERRORS
from anomaly_gui.errors import ImageRefusedError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# About metadata we do not use. Set once: changing filters in decoding threads is not safe before Python 3.14.
warnings.filterwarnings("ignore", module=r"PIL\.")

# Our own limit, checked before any pixel is decoded, stands in place of Pillow's warning at 89 MP.
Image.MAX_IMAGE_PIXELS = None

_BUILT_IN = {"JPEG2000": "jpg_2000", "AVIF": "avif"}
"""Formats that not every build of Pillow reads, by the name it asks for them."""

FORMATS = (
    *("PNG", "JPEG", "BMP", "TIFF", "WEBP", "DIB", "PPM", "GIF"),
    *(name for name, feature in _BUILT_IN.items() if features.check(feature)),
)
_READ_AS = {"MPO": "JPEG", "DIB": "BMP", "PPM": "PNM", "JPEG2000": "JPEG 2000"}
_WIDE_MODES = ("I;16", "I;16L", "I;16B", "I;16N")
_TRANSPARENT_MODES = ("RGBA", "LA", "PA", "RGBa", "La")


class PillowFile:
    """A file that Pillow has opened; see `raster.Picture`."""

    frame_used = FIRST_FRAME

    def __init__(self, path: Path, data: bytes, image: Image.Image | None = None) -> None:
        self._path, self._data = path, data
        self._image = image or Image.open(io.BytesIO(data), formats=FORMATS)
        self.name = _READ_AS.get(str(self._image.format), str(self._image.format))
        self.width, self.height = self._image.size
        self.orientation, self.camera = _read_exif_facts(self._read_exif)
        self.kind = self._name_kind()
        self.frames = min(_count_frames(self._image, data), MOST_FRAMES)
        note = describe_profile(self._image.info.get("icc_profile"))
        self.notes: tuple[str, ...] = (note,) if note else ()

    def decode(self, needed: tuple[int, int] | None, depth: int | None) -> Raster:  # noqa: ARG002 -- of JPEG files only
        """Return the pixels; see `raster.Picture`."""
        self._image.load()
        if self._is_wide:
            return self._decode_to_8_bits(depth)
        return make_opaque(self._path, self._image)

    def stream(self) -> Iterator[Image.Image] | None:
        """Return None: Pillow decodes the whole; see `raster.Picture`."""
        return None

    def _read_exif(self) -> Image.Exif:
        return self._image.getexif()

    def _name_kind(self) -> str:
        is_grey = self._is_wide or self._image.mode in ("1", "L", "LA")
        return name_kind(self.name, is_grey, 16 if self._is_wide else None)

    @property
    def _is_wide(self) -> bool:
        return self._image.mode in _WIDE_MODES or (self.name == "PNM" and self._image.mode == "I")

    def _named_white(self) -> int | None:
        """Return the white level of the values that Pillow gives, if the file names one."""
        # Pillow brings both to 16 bits by the highest value in the header
        if self.name == "PNM":
            return None if read_pnm_white(self._data) == 0xFFFF else 0xFFFF
        if self.name == "JPEG 2000":
            return None if _jpeg_2000_bits(self._data) == 16 else 0xFFFF
        return None

    def _decode_to_8_bits(self, depth: int | None) -> Raster:
        image, named_white = self._image, self._named_white()
        peak = find_peak(ImageRows(image), image.height)
        check_peak(self._path, peak, depth, named_white)
        table = make_eight_bit_table(named_white or find_white_level(depth, peak))
        eight = to_eight_bits(ImageRows(image), image.height, table)
        return Raster(Image.fromarray(eight), None if named_white else peak)


def make_opaque(path: Path, image: Image.Image) -> Raster:
    """Return a loaded image of 8 bits as grey or RGB, transparency laid on white."""
    if image.mode in ("I", "F"):
        kind = "32-bit" if image.mode == "I" else translate("floating-point")
        raise ImageRefusedError(
            path, translate("has {kind} pixels, whose range is unknown; save it with 8 or 16 bits", kind=kind)
        )
    if image.mode in _TRANSPARENT_MODES or "transparency" in image.info:
        return lay_on_white(image if image.mode == "LA" else image.convert("RGBA"))
    if image.mode in ("L", "RGB"):
        return Raster(image)
    return Raster(image.convert("L" if image.mode == "1" else "RGB"))


class ImageRows:
    """Returns rows of an image of more than 8 bits, (rows, width) uint16: see `depth.to_eight_bits`."""

    def __init__(self, image: Image.Image) -> None:
        self._image = image

    def __call__(self, top: int, end: int) -> np.ndarray:
        """Return rows from one to before another."""
        return np.asarray(self._image.crop((0, top, self._image.width, end))).astype(np.uint16, copy=False)


def find_peak(rows: ImageRows, height: int, some: int = 512) -> int:
    """Return the highest value, looked for in strips."""
    return max(int(rows(top, min(height, top + some)).max()) for top in range(0, height, some))


def read_pnm_white(data: bytes) -> int:
    """Return the highest value that a PGM or PPM file names in its header."""
    words: list[bytes] = []
    for line in data[:4096].splitlines():
        words += line.split(b"#")[0].split()
        if len(words) >= 4:
            return int(words[3])
    raise ValueError("its header is cut")


def _jpeg_2000_bits(data: bytes) -> int:
    """Return the bits of the first channel, from the codestream's marker SIZ (ISO 15444-1, A.5.1)."""
    start = data.index(b"\xff\x4f\xff\x51")
    return (data[start + 42] & 0x7F) + 1


def _count_frames(image: Image.Image, data: bytes) -> int:
    """Return how many frames there are; a damaged later one costs no image."""
    if image.format in ("JPEG", "MPO"):  # a camera's JPEG with a preview inside is one picture to its user
        return 1
    if image.format != "GIF":  # others say it in their header
        return int(getattr(image, "n_frames", 1))
    try:  # a second look at the file: counting moves on in it
        with Image.open(io.BytesIO(data), formats=["GIF"]) as frames:
            return int(frames.n_frames)
    except DECODING_ERRORS:
        return 1


def _read_exif_facts(exif: Callable[[], Image.Exif]) -> tuple[int, str]:
    """Return the orientation by EXIF, else by XMP, and the camera's name; a damaged block says nothing."""
    try:
        found = exif()
        names = (found.get(ExifTags.Base.Make, ""), found.get(ExifTags.Base.Model, ""))
        camera = " ".join(str(name).strip("\0 ") for name in names if name)
        return int(found.get(ExifTags.Base.Orientation, 1)), camera
    except DECODING_ERRORS:  # the pixels are whole
        return 1, ""
