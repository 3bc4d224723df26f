"""Pixels as decoders give them, and transparency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PIL import Image

from anomaly_gui.language import keep, translate

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_FRAMES = 1000
"""Of a file, counted."""

FIRST_FRAME = keep("the first")

_ROWS = 256  # laid on white at once
_NO_ALPHA = keep("is transparent throughout, as programs leave it that know no transparency; read as opaque")


@dataclass(frozen=True, eq=False)
class Raster:
    """Decoded pixels.

    Parameters
    ----------
    image : "L" or "RGB", as the file stores them: not turned upright, a JPEG maybe at reduced scale
    peak : highest value of a file of 16 bits that does not say how many it uses; else None
    notes : remarks a user may want to know
    """

    image: Image.Image
    peak: int | None = None
    notes: tuple[str, ...] = ()


def name_kind(name: str, is_grey: bool, bits: int | None = None) -> str:
    """Return what people call a format and a kind of pixels; `bits` where there are not 8.

    >>> name_kind("PNG", True), name_kind("JPEG", False, 12)
    ('grey PNG', '12-bit colour JPEG')
    """
    if bits is None:
        return (
            translate("grey {format}", format=name) if is_grey else translate("colour {format}", format=name)
        )
    if is_grey:
        return translate("{bits}-bit grey {format}", bits=bits, format=name)
    return translate("{bits}-bit colour {format}", bits=bits, format=name)


class Picture(Protocol):
    """An image file whose header was read, and whose pixels were not.

    Attributes
    ----------
    name : of the format: PNG, JPEG...
    width, height : as stored, in pixels
    orientation : EXIF's number
    kind : format and kind of pixels, such as "grey PNG"
    camera : maker and model as the file names them; empty where it does not
    frames : how many pictures the file holds, as far as they are counted
    frame_used : which of them this is, in words
    notes : remarks a user may want to know
    """

    name: str
    width: int
    height: int
    orientation: int
    kind: str
    camera: str
    frames: int
    frame_used: str
    notes: tuple[str, ...]

    def decode(self, needed: tuple[int, int] | None, depth: int | None) -> Raster:
        """Return the pixels.

        Parameters
        ----------
        needed : height and width that may not become smaller than this, where the file has so many, before
            the image is turned upright; None: full resolution
        depth : bits used of 16; see `depth.check_peak`
        """
        ...

    def stream(self) -> Iterator[Image.Image] | None:
        """Return strips of the pixels from the top, "L" or "RGB", the same as decoded; None where it cannot.

        Only a strip is in memory at a time. What is wrong with the file is raised as strips are asked for.
        """
        ...


def lay_on_white(image: Image.Image) -> Raster:
    """Return an image of the mode RGBA or LA without its transparency.

    Where all of it is transparent there would be nothing to see, which no camera means: its alpha channel was
    left at zero by a program that knows none (32-bit BMP, above all).
    """
    low, high = image.getchannel("A").getextrema()
    opaque = "L" if image.mode == "LA" else "RGB"
    if not high:
        return Raster(image.convert(opaque), notes=(_NO_ALPHA,))
    if low == 255:
        return Raster(image.convert(opaque))
    flat = Image.new("RGB", image.size)
    for top in range(0, image.height, _ROWS):
        strip = image.crop((0, top, image.width, min(image.height, top + _ROWS))).convert("RGBA")
        white = Image.new("RGBA", strip.size, "white")
        flat.paste(Image.alpha_composite(white, strip).convert("RGB"), (0, top))
    return Raster(flat)
