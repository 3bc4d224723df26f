"""TIFF files, by tifffile and imagecodecs: Pillow tears, inverts or blackens several kinds of them."""

from __future__ import annotations

import io
import logging
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import tifffile
from PIL import Image

from anomaly_gui.detection.images.decoding.kinds import refuse_raw_file
from anomaly_gui.detection.images.decoding.profiles import describe_profile
from anomaly_gui.detection.images.decoding.raster import (
    FIRST_FRAME,
    MOST_FRAMES,
    Raster,
    lay_on_white,
    name_kind,
)
from anomaly_gui.detection.images.decoding.tiff_directories import find_whole_picture, read_directories
from anomaly_gui.detection.images.decoding.tiff_samples import PALETTE, Samples, read_samples, stream_rows
from anomaly_gui.errors import ImageRefusedError
from anomaly_gui.language import keep, translate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Its remarks would go to stderr. Once: handlers are not to be changed in decoding threads.
logging.getLogger("tifffile").addHandler(logging.NullHandler())
logging.getLogger("tifffile").propagate = False

_CANON = b"CR"  # at byte 8 of Canon's raw files
_DNG, _SUB_INK, _BLACK_WHITE = 50706, 332, 532
_MOSAICS = (32803, 34892)  # photometric: what a camera's sensor gave
_GREY, _COLOUR, _INKS, _YCBCR, _LAB, _ICC_LAB = (0, 1, 4), 2, 5, 6, 8, 9
_CHANNELS = {0: 1, 1: 1, 4: 1, PALETTE: 1, _COLOUR: 3, _INKS: 4, _YCBCR: 3, _LAB: 3, _ICC_LAB: 3}
_JPEG = (6, 7)  # ways of packing whose YCbCr is given as RGB
_ASSOCIATED, _UNASSOCIATED = 1, 2
_SIGNED, _FLOAT = 2, 3
_FULL_RANGE = (0, 255, 128, 255, 128, 255)
_IMAGEJ_FRAMES = re.compile(r"^images=(\d+)", re.MULTILINE)
_ROWS = 256  # whose associated transparency is laid on white at once


def open_tiff(path: Path, data: bytes) -> TiffPicture:
    """Return the picture of a TIFF file: the first that is no reduced copy of another."""
    directories = read_directories(data)
    if not directories:
        raise tifffile.TiffFileError("it has no directory that can be read")
    chosen = find_whole_picture(directories)
    file = tifffile.TiffFile(io.BytesIO(data))
    page = file.pages[chosen]
    if not isinstance(page, tifffile.TiffPage):
        raise tifffile.TiffFileError("its directories cannot be told apart")
    within = _list_inner_pages(page)
    has_mosaic = any(one.photometric in _MOSAICS for one in (page, *within))
    if data[8:10] == _CANON or _DNG in page.tags or has_mosaic:
        raise refuse_raw_file(path)
    if directories[chosen].is_reduced and within:
        page = max(within, key=lambda one: one.imagewidth * one.imagelength)
    return TiffPicture(path, data, page, chosen, len(directories))


def _list_inner_pages(page: tifffile.TiffPage) -> list[tifffile.TiffPage]:
    """Return the pictures of a directory's own directories."""
    return [one for one in page.pages or () if isinstance(one, tifffile.TiffPage)]


class TiffPicture:
    """A picture of a TIFF file; see `raster.Picture`."""

    name = "TIFF"

    def __init__(self, path: Path, data: bytes, page: tifffile.TiffPage, index: int, frames: int) -> None:
        self._path, self._data, self._page = path, data, page
        objection = _objection_to_page(page)
        if objection:
            raise ImageRefusedError(path, objection)
        self.width, self.height = page.imagewidth, page.imagelength
        self.orientation = _to_whole_number(page.tags.valueof(274, 1))
        names = (page.tags.valueof(271, ""), page.tags.valueof(272, ""))
        self.camera = " ".join(str(name).strip("\0 ") for name in names if isinstance(name, str) and name)
        self.kind = name_kind("TIFF", page.photometric in _GREY, 16 if page.bitspersample > 8 else None)
        self.frames = min(MOST_FRAMES, max(frames, _imagej_frames(page)))
        self.frame_used = FIRST_FRAME
        if index:
            self.frame_used = keep("frame {number}, the full-size one,", number=index + 1)
        is_lab = page.photometric in (_LAB, _ICC_LAB)  # whose profile says just that
        note = None if is_lab else describe_profile(_read_profile(page))
        self.notes: tuple[str, ...] = (note,) if note else ()

    def decode(self, needed: tuple[int, int] | None, depth: int | None) -> Raster:  # noqa: ARG002 -- of JPEG files only
        """Return the pixels; see `raster.Picture`."""
        photometric, count = self._page.photometric, _CHANNELS[self._page.photometric]
        alpha, is_associated = _find_alpha(self._page, count)
        used = (*range(count), *(() if alpha is None else (alpha,)))
        samples = read_samples(self._path, self._data, self._page, used, count, depth)
        if alpha is None:
            return Raster(_to_image(samples.pixels, self._colour_kind), samples.peak)
        if photometric not in (*_GREY, _COLOUR, PALETTE):
            return Raster(_to_image(samples.pixels[..., :count], self._colour_kind), samples.peak)
        return self._laid_on_white(samples, is_associated)

    def stream(self) -> Iterator[Image.Image] | None:
        """Return strips of grey or colour of 8 bits without transparency; see `raster.Picture`."""
        page = self._page
        if page.photometric not in (1, _COLOUR) or page.samplesperpixel not in (1, 3):
            return None
        blocks = stream_rows(self._data, page)
        return None if blocks is None else (_to_image(one, int(page.photometric)) for one in blocks)

    @property
    def _colour_kind(self) -> int:
        photometric = int(self._page.photometric)
        return _COLOUR if photometric == _YCBCR and self._page.compression in _JPEG else photometric

    def _laid_on_white(self, samples: Samples, is_associated: bool) -> Raster:
        pixels = samples.pixels
        if is_associated and pixels[..., -1].any():
            # colours are stored as they are seen on black
            flat = np.empty((*pixels.shape[:2], pixels.shape[2] - 1), np.uint8)
            for top in range(0, len(pixels), _ROWS):
                strip = pixels[top : top + _ROWS].astype(np.uint16)
                flat[top : top + _ROWS] = np.minimum(strip[..., :-1] + (255 - strip[..., -1:]), 255)
            return Raster(_to_image(flat, _COLOUR if flat.shape[2] == 3 else 1), samples.peak)
        mode = "LA" if pixels.shape[2] == 2 else "RGBA"
        raster = lay_on_white(Image.fromarray(np.ascontiguousarray(pixels), mode))
        return Raster(raster.image, samples.peak, raster.notes)


def _objection_to_page(page: tifffile.TiffPage) -> str | None:
    """Return why the picture of a page cannot be read rightly, or None."""
    bits, kind = page.bitspersample, page.sampleformat
    if len(set(np.atleast_1d(page.tags.valueof(258, bits)).tolist())) > 1:
        return translate("has channels of different depths; save it with 8 or 16 bits")
    if kind == _FLOAT:
        return translate("has floating-point pixels, whose range is unknown; save it with 8 or 16 bits")
    if kind == _SIGNED:
        return translate(
            "has signed {bits}-bit pixels, whose range is unknown; save it with 8 or 16 bits, unsigned",
            bits=bits,
        )
    if kind not in (1, 4):
        return translate("has complex numbers as pixels; save it with 8 or 16 bits")
    if bits > 16:
        return translate(
            "has {bits}-bit pixels, whose range is unknown; save it with 8 or 16 bits", bits=bits
        )
    if page.imagedepth != 1:
        return translate("is a stack of pictures in one; save them as single images")
    return _objection_to_colours(page)


def _objection_to_colours(page: tifffile.TiffPage) -> str | None:
    colours, count = page.photometric, page.samplesperpixel
    if colours not in _CHANNELS:
        return translate("stores its colours in a rare way; save it as grey or RGB")
    if colours == _INKS and page.tags.valueof(_SUB_INK, 1) != 1:
        return translate("stores other inks than cyan, magenta, yellow and black; save it as RGB")
    if colours in (_LAB, _ICC_LAB) and page.bitspersample != 8:
        return translate("stores Lab colours with more than 8 bits; save it as RGB")
    if colours == _YCBCR and page.compression not in _JPEG and not _is_plain_ycbcr(page):
        return translate("stores its colours as video does; save it as RGB")
    extra = count - _CHANNELS[colours]
    if extra < 0 or extra > (1 if _CHANNELS[colours] == 1 else 2):
        return translate(
            "has {count:,} channels, which is no grey or colour picture; save it as grey or RGB", count=count
        )
    return None


def _is_plain_ycbcr(page: tifffile.TiffPage) -> bool:
    levels = page.tags.valueof(_BLACK_WHITE, None) or [part for each in _FULL_RANGE for part in (each, 1)]
    numbers = tuple(top / max(1, bottom) for top, bottom in zip(levels[::2], levels[1::2], strict=True))
    return numbers == _FULL_RANGE and page.bitspersample == 8 and not page.is_subsampled


def _find_alpha(page: tifffile.TiffPage, count: int) -> tuple[int | None, bool]:
    """Return which channel is transparency, or None, and whether colours are multiplied by it."""
    if page.samplesperpixel == count or page.photometric == PALETTE:
        return None, False
    # many programs write RGBA without a word on the fourth channel
    kinds = [int(kind) for kind in page.extrasamples] or [_UNASSOCIATED]
    for index, kind in enumerate(kinds):
        if kind in (_ASSOCIATED, _UNASSOCIATED) and count + index < page.samplesperpixel:
            return count + index, kind == _ASSOCIATED
    return None, False


def _to_image(pixels: np.ndarray, photometric: int) -> Image.Image:
    """Return (height, width, channels) uint8 as an image of the mode L or RGB."""
    if pixels.shape[2] == 1:
        return Image.fromarray(pixels[..., 0])
    whole, size = np.ascontiguousarray(pixels), (pixels.shape[1], pixels.shape[0])
    if photometric == _INKS:
        return Image.fromarray(whole, "CMYK").convert("RGB")
    if photometric == _YCBCR:
        return Image.fromarray(whole, "YCbCr").convert("RGB")
    if photometric in (_LAB, _ICC_LAB):
        if photometric == _ICC_LAB:  # a and b from 0; else around 0
            whole = whole ^ np.array([0, 128, 128], np.uint8)
        return Image.frombytes("LAB", size, whole.tobytes(), "raw", "LAB").convert("RGB")
    return Image.fromarray(whole)


def _imagej_frames(page: tifffile.TiffPage) -> int:
    """Return how many frames ImageJ wrote behind its one directory."""
    found = _IMAGEJ_FRAMES.search(page.description) if page.description.startswith("ImageJ=") else None
    return int(found[1][:9]) if found else 1


def _read_profile(page: tifffile.TiffPage) -> bytes | None:
    profile = page.tags.valueof(34675, None)
    return profile if isinstance(profile, bytes) else None


def _to_whole_number(value: Any) -> int:
    return value if isinstance(value, int) else 1
