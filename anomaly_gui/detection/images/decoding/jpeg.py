"""JPEG files: damage is noticed, which Pillow passes over; CMYK by the standard; rare kinds, too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import ExifTags, Image

from anomaly_gui.detection.images.decoding.depth import make_eight_bit_table, to_eight_bits
from anomaly_gui.detection.images.decoding.pillow_files import PillowFile, make_opaque
from anomaly_gui.detection.images.decoding.raster import FIRST_FRAME, Raster, name_kind
from anomaly_gui.detection.images.decoding.refusals import DECODING_ERRORS
from anomaly_gui.errors import ImageRefusedError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from pathlib import Path

SIGNATURE = b"\xff\xd8\xff"
_END = b"\xff\xd9"
_START_OF_SCAN = b"\xff\xda"
_MOST_SCANS = 200  # usual files have ten, and each more takes a whole decoding
_LOSSLESS = (0xC3, 0xCB)  # frames that cannot be decoded at reduced scale
_JPEG_LS = 0xF7
_FRAMES = frozenset({*range(0xC0, 0xD0), _JPEG_LS} - {0xC4, 0xC8, 0xCC})
_PADDING = 16  # bytes of zeros that some cameras' programs put before the end
_LEFT_OVER = re.compile(r"(\d+) extraneous bytes before marker 0xd9")


class Frame(NamedTuple):
    """What a JPEG's frame header says (ISO 10918-1, B.2.2); `marker` is its second byte."""

    marker: int
    bits: int
    height: int
    width: int
    channels: int


def find_frame(data: bytes) -> Frame | None:
    """Return the first frame header, or None where there is none."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF:  # padding
            at += 1
        elif marker in _FRAMES and at + 10 <= len(data):
            big = int.from_bytes
            return Frame(
                marker,
                data[at + 4],
                big(data[at + 5 : at + 7], "big"),
                big(data[at + 7 : at + 9], "big"),
                data[at + 9],
            )
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None


def open_jpeg(path: Path, data: bytes) -> JpegFile | RareJpeg:
    """Return the file, after a look at its header."""
    frame = find_frame(data)
    if frame is not None and (frame.bits != 8 or frame.marker == _JPEG_LS):
        return RareJpeg(path, data, frame)
    scans = data.count(_START_OF_SCAN)
    if scans > _MOST_SCANS:
        raise ImageRefusedError(
            path, translate("stores its pixels in {scans} scans; save it again as plain JPEG", scans=scans)
        )
    return JpegFile(path, data, frame)


class JpegFile(PillowFile):
    """A JPEG file of 8 bits; see `raster.Picture`."""

    def __init__(self, path: Path, data: bytes, frame: Frame | None) -> None:
        super().__init__(path, data)
        self._scalable = frame is None or frame.marker not in _LOSSLESS

    def decode(self, needed: tuple[int, int] | None, depth: int | None) -> Raster:
        """Return the pixels; see `raster.Picture`."""
        scale = self._choose_scale(needed)
        whole = self._data if self._data.endswith(_END) else self._data + _END
        pixels = self._strictly_decoded(whole, scale)
        if pixels is not None:
            return Raster(self._to_image(pixels))
        if scale > 1 and needed is not None:
            self._image.draft(None, needed[::-1])
        return super().decode(needed, depth)

    def _choose_scale(self, needed: tuple[int, int] | None) -> int:
        """Return by how much the image is reduced while it is decoded: as Pillow's `draft` does."""
        if needed is None or not self._scalable:
            return 1
        smallest = min(self.height // needed[0], self.width // needed[1])
        return next(scale for scale in (8, 4, 2, 1) if smallest >= scale or scale == 1)

    def _strictly_decoded(self, data: bytes, scale: int) -> np.ndarray | None:
        """Return (height, width, channels) uint8, or None for kinds that only Pillow reads."""
        import simplejpeg  # only when there is a JPEG

        wanted = {
            "colorspace": {"L": "GRAY", "RGB": "RGB"}.get(self._image.mode, "CMYK"),
            "min_height": -(-self.height // scale),
            "min_width": -(-self.width // scale),
        }
        try:
            pixels: np.ndarray = simplejpeg.decode_jpeg(data, **wanted)
        except ValueError as error:
            said = str(error)
            if _is_padding(said, data):
                padded: np.ndarray = simplejpeg.decode_jpeg(data, strict=False, **wanted)
                return padded
            if said.startswith(("Corrupt JPEG data", "Premature end")):
                raise
            return None
        return pixels

    def _to_image(self, pixels: np.ndarray) -> Image.Image:
        if self._image.mode in ("L", "RGB"):
            return Image.fromarray(pixels[..., 0] if self._image.mode == "L" else pixels)
        if "adobe" in self._image.info:  # Adobe's programs store inks inverted
            pixels = 255 - pixels
        return Image.fromarray(pixels, "CMYK").convert("RGB")


def _is_padding(said: str, data: bytes) -> bool:
    """Tell zeros that fill up a whole image from what is left over of a damaged one."""
    found = _LEFT_OVER.search(said)
    if not found or int(found[1]) > _PADDING:
        return False
    end = data.rindex(_END)
    return not any(data[end - int(found[1]) : end])


class RareJpeg:
    """A JPEG of 2 to 7 or 9 to 16 bits, or JPEG-LS; see `raster.Picture`."""

    name = "JPEG"
    frames = 1
    frame_used = FIRST_FRAME
    notes: tuple[str, ...] = ()

    def __init__(self, path: Path, data: bytes, frame: Frame) -> None:
        self._path, self._data, self._frame = path, data, frame
        self.width, self.height = frame.width, frame.height
        exif = _read_exif(data)
        self.orientation = int(exif.get(ExifTags.Base.Orientation, 1))
        self.camera = ""
        self.kind = name_kind("JPEG", frame.channels == 1, frame.bits)

    def decode(self, needed: tuple[int, int] | None, depth: int | None) -> Raster:  # noqa: ARG002 -- it says its depth
        """Return the pixels; see `raster.Picture`."""
        import imagecodecs

        if _END not in self._data[-64:].rstrip(b"\0\xff") + self._data[-2:]:
            raise EOFError  # the decoder would fill up what is missing
        is_ls = self._frame.marker == _JPEG_LS
        values = (imagecodecs.jpegls_decode if is_ls else imagecodecs.jpeg_decode)(self._data)
        if values.shape[:2] != (self.height, self.width) or (values.ndim == 3 and values.shape[2] != 3):
            raise ValueError("its size or channels are not as its header says")
        wide = values.astype(np.uint16, copy=False)
        table = make_eight_bit_table((1 << self._frame.bits) - 1)
        eight = to_eight_bits(lambda top, end: wide[top:end], self.height, table)
        return make_opaque(self._path, Image.fromarray(eight))

    def stream(self) -> None:
        """Return None: it is decoded at once; see `raster.Picture`."""
        return


def _read_exif(data: bytes) -> Image.Exif:
    exif = Image.Exif()
    start = data.find(b"Exif\0\0", 0, 1 << 16)
    try:
        exif.load(data[start : start + (1 << 16)] if start > 0 else b"")
        exif.get(ExifTags.Base.Orientation)
    except DECODING_ERRORS:  # a damaged EXIF block says nothing; the pixels are whole
        return Image.Exif()
    return exif
