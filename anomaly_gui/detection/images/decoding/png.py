"""PNG files: 16 bits in colour, which Pillow halves; bits in use (sBIT); light stored otherwise (gAMA)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from anomaly_gui.detection.images.decoding.depth import (
    OWN_DEPTH,
    check_peak,
    encode_for_screens,
    find_white_level,
    make_eight_bit_table,
)
from anomaly_gui.detection.images.decoding.pillow_files import ImageRows, PillowFile
from anomaly_gui.detection.images.decoding.png_rows import list_chunks, read_wide_rows, stream_plain_rows
from anomaly_gui.detection.images.decoding.raster import Raster, lay_on_white, name_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_DEPTH, _COLOUR, _INTERLACED = 24, 25, 28  # offsets in the file
_CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}  # of each type of colour
_MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
_STRIP = 256  # rows
_WIDEST = 1_000_000  # pixels: libpng takes no wider ones
_NEAR = 0.05  # gAMA: screens differ by more
_GAMMAS = (0.1, 10.0)  # beyond, it is a mistake


class PngFile(PillowFile):
    """A PNG file; see `raster.Picture`."""

    def __init__(self, path: Path, data: bytes) -> None:
        self._wide = data[_DEPTH] == 16
        super().__init__(path, data)
        self._gamma = self._odd_gamma()

    @property
    def _is_wide(self) -> bool:
        return self._wide

    def _read_exif(self) -> Image.Exif:
        """Return what stands in the chunk eXIf: Pillow would decode the image first, to look behind it."""
        for kind, start, end in list_chunks(self._data):
            if kind == b"eXIf":
                self._image.info["exif"] = b"Exif\0\0" + self._data[start:end]
        return Image.Image.getexif(self._image)

    def _name_kind(self) -> str:
        return name_kind("PNG", not self._data[_COLOUR] & 2, 16 if self._wide else None)

    def decode(self, needed: tuple[int, int] | None, depth: int | None) -> Raster:
        """Return the pixels; see `raster.Picture`."""
        if self._wide:
            return self._decode_wide(depth)
        raster = super().decode(needed, depth)
        if not self._gamma:
            return raster
        curve = (encode_for_screens(np.arange(256) / 255, self._gamma) * 255 + 0.5).astype(np.uint8).tolist()
        image = raster.image
        return Raster(image.point(curve * len(image.getbands())), notes=raster.notes)

    def stream(self) -> Iterator[Image.Image] | None:
        """Return strips of grey or colour of 8 bits, stored row by row; see `raster.Picture`."""
        is_plain = self._data[_DEPTH] == 8 and self._data[_COLOUR] in (0, 2) and not self._data[_INTERLACED]
        is_odd = self._gamma or "transparency" in self._image.info or self.frames > 1
        if not is_plain or is_odd or self.width > _WIDEST:
            return None
        rows = stream_plain_rows(self._data)
        return (Image.fromarray(one[..., 0] if one.shape[2] == 1 else one) for one in rows)

    def _odd_gamma(self) -> float:
        """Return the exponent of the file's light where it is not a screen's; else 0."""
        info = self._image.info
        gamma = float(info.get("gamma", 0))
        if "srgb" in info or "icc_profile" in info or not _GAMMAS[0] < gamma < _GAMMAS[1]:
            return 0.0
        return gamma if abs(2.2 * gamma - 1) > _NEAR else 0.0

    def _decode_wide(self, depth: int | None) -> Raster:
        key = self._image.info.get("transparency") if self._data[_COLOUR] in (0, 2) else None
        if self._data[_COLOUR] == 0 and key is None:
            self._image.load()
            strips = self._strips_of_image
        else:
            strips = self._strips_of_rows
        named_white = self._white_in_use(strips)
        peak = self._find_peak(strips) if named_white is None and depth == OWN_DEPTH else 0
        table = make_eight_bit_table(named_white or find_white_level(depth, peak), self._gamma)
        channels = _CHANNELS[self._data[_COLOUR]]
        eight = np.empty((self.height, self.width, channels + (key is not None)), np.uint8)
        top = 0
        for strip in strips():
            peak = max(peak, int(strip[..., : channels - (channels % 2 == 0)].max()))
            part = eight[top : top + len(strip)]
            if key is None:
                np.take(table, strip, out=part, mode="clip")  # in the other mode numpy copies
            else:
                part[..., :channels] = table[strip]
                part[..., -1] = np.where((strip == np.array(key)).all(axis=-1), 0, 255)
            top += len(strip)
        check_peak(self._path, peak, depth, named_white)
        image = Image.fromarray(eight[..., 0] if eight.shape[2] == 1 else eight, _MODES[eight.shape[2]])
        raster = lay_on_white(image) if image.mode in ("LA", "RGBA") else Raster(image)
        return Raster(raster.image, None if named_white else peak, raster.notes)

    def _strips_of_image(self) -> Iterator[np.ndarray]:
        rows = ImageRows(self._image)
        for top in range(0, self.height, _STRIP):
            yield rows(top, min(self.height, top + _STRIP))[..., None]

    def _strips_of_rows(self) -> Iterator[np.ndarray]:
        return read_wide_rows(self._data)

    def _find_peak(self, strips: Callable[[], Iterator[np.ndarray]]) -> int:
        channels = _CHANNELS[self._data[_COLOUR]]
        return max(int(strip[..., : channels - (channels % 2 == 0)].max()) for strip in strips())

    def _white_in_use(self, strips: Callable[[], Iterator[np.ndarray]]) -> int | None:
        """Return the white level by the chunk sBIT, or None.

        The standard has values of 12 bits spread over all 16 (PNG 3rd edition, 13.12); cameras' programs
        leave them at the low end and say 12 all the same. Spread values are multiples of 16, or exceed 4095.
        """
        bits = _significant_bits(self._data)
        if not 1 <= bits < 16:
            return None
        low_end, step = (1 << bits) - 1, 1 << (16 - bits)
        colours = 3 if self._data[_COLOUR] & 2 else 1
        if self._find_peak(strips) > low_end:
            return 0xFFFF
        is_spread = not any((strip[..., :colours] % step).any() for strip in strips())
        return 0xFFFF if is_spread else low_end


def _significant_bits(data: bytes) -> int:
    """Return the most bits that sBIT says any colour uses; 0 where there is none."""
    colours = 3 if data[_COLOUR] & 2 else 1
    for kind, start, end in list_chunks(data):
        if kind == b"sBIT":
            return max(data[start : min(end, start + colours)], default=0)
        if kind in (b"IDAT", b"PLTE"):  # sBIT comes before
            return 0
    return 0
