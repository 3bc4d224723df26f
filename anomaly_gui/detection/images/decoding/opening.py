"""Open an image file by what it is: its header is read, its pixels are not."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from PIL import UnidentifiedImageError

from anomaly_gui.detection.images.decoding.jpeg import open_jpeg
from anomaly_gui.detection.images.decoding.kinds import detect_format, refuse_kind
from anomaly_gui.detection.images.decoding.pillow_files import FORMATS, PillowFile
from anomaly_gui.detection.images.decoding.png import PngFile
from anomaly_gui.errors import ImageRefusedError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.images.decoding.raster import Picture

_PILLOW_NAMES = {"JPEG 2000": "JPEG2000", "PNM": "PPM"}
_FIRST = 64  # bytes
_UNKNOWN = (UnidentifiedImageError, struct.error, IndexError, StopIteration)


def open_picture(path: Path, data: bytes) -> Picture:
    """Return the image a file holds; ImageRefusedError for what is none, or of a kind that is not read."""
    name = detect_format(data)
    if name is None:
        raise refuse_kind(path, data)
    if _PILLOW_NAMES.get(name, name) not in FORMATS:
        raise ImageRefusedError(
            path,
            translate("is a {name} image, which cannot be read here; export it as JPEG or PNG", name=name),
        )
    try:
        if name == "JPEG":
            return open_jpeg(path, data)
        if name == "PNG":
            return PngFile(path, data)
        if name == "TIFF":
            from anomaly_gui.detection.images.decoding.tiff import (
                open_tiff,  # late: its decoders take 0.1 s to import
            )

            return open_tiff(path, data)
        return PillowFile(path, data)
    except _UNKNOWN as error:
        reason = translate(
            "starts as an image, but is damaged or of a rare kind; copy it again, or save it as PNG"
        )
        raise ImageRefusedError(path, reason) from error


def is_wide(path: Path) -> bool:
    """Tell from a file's first bytes whether it may have 16 bits that it does not use all."""
    try:
        with path.open("rb") as file:
            start = file.read(_FIRST)
    except OSError:  # whoever reads it says why
        return False
    name = detect_format(start)
    return start[24:25] == b"\x10" if name == "PNG" else name in ("TIFF", "PNM", "JPEG 2000")
