"""PNG files: 16 bits in colour, which Pillow halves; bits in use (sBIT); light stored otherwise (gAMA)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from anomaly_gui.detection.images.depth import (
    check_peak,
    eight_bit_table,
    for_screens,
    to_eight_bits,
    white_level,
)
from anomaly_gui.detection.images.pillow_files import PillowFile, opaque, peak_of, rows_of
from anomaly_gui.detection.images.raster import Raster, lay_on_white

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_DEPTH, _COLOUR = 24, 25  # places in the file
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

    def _kind(self) -> str:
        return f"{'16-bit ' if self._wide else ''}{'colour' if self._data[_COLOUR] & 2 else 'grey'} PNG"

    def decode(self, needed: int | None, depth: int | None) -> Raster:
        """Return the pixels; see `raster.Picture`."""
        if self._wide:
            return self._decode_wide(depth)
        raster = super().decode(needed, depth)
        if not self._gamma:
            return raster
        curve = (for_screens(np.arange(256) / 255, self._gamma) * 255 + 0.5).astype(np.uint8).tolist()
        image = raster.image
        return Raster(image.point(curve * len(image.getbands())), notes=raster.notes)

    def _odd_gamma(self) -> float:
        """Return the exponent of the file's light where it is not a screen's; else 0."""
        info = self._image.info
        gamma = float(info.get("gamma", 0))
        if "srgb" in info or "icc_profile" in info or not _GAMMAS[0] < gamma < _GAMMAS[1]:
            return 0.0
        return gamma if abs(2.2 * gamma - 1) > _NEAR else 0.0

    def _decode_wide(self, depth: int | None) -> Raster:
        if self._data[_COLOUR] == 0 and "transparency" not in self._image.info:
            self._image.load()
            return self._narrow(rows_of(self._image), peak_of(rows_of(self._image), self.height), depth)
        from imagecodecs import png_decode  # Pillow gives 8 bits only

        values = png_decode(self._data)
        colours = values[..., : 3 if self._data[_COLOUR] & 2 else 1]
        return self._narrow(lambda top, end: values[top:end], int(colours.max()), depth)

    def _narrow(self, rows: Callable[[int, int], np.ndarray], peak: int, depth: int | None) -> Raster:
        told = _white_in_use(self._data, peak, rows, self.height)
        check_peak(self._path, peak, depth, told)
        white = told or white_level(depth, peak)
        eight = to_eight_bits(rows, self.height, eight_bit_table(white, self._gamma))
        image = Image.fromarray(eight, _mode(eight))
        raster = lay_on_white(image) if image.mode in ("LA", "RGBA") else opaque(self._path, image)
        return Raster(raster.image, None if told else peak, raster.notes)


def _mode(pixels: np.ndarray) -> str:
    return "L" if pixels.ndim == 2 else {2: "LA", 3: "RGB", 4: "RGBA"}[pixels.shape[2]]


def _white_in_use(data: bytes, peak: int, rows: Callable[[int, int], np.ndarray], height: int) -> int | None:
    """Return the white level by the chunk sBIT, or None.

    The standard has values of 12 bits spread over all 16 (PNG 3rd edition, 13.12); cameras' programs leave
    them at the low end and say 12 all the same. Spread values are multiples of 16, or reach beyond 4095.
    """
    bits = _significant_bits(data)
    if not 1 <= bits < 16:
        return None
    low_end = (1 << bits) - 1
    if peak > low_end:
        return 0xFFFF
    step = 1 << (16 - bits)
    spread = all(not (rows(top, min(height, top + 256)) % step).any() for top in range(0, height, 256))
    return 0xFFFF if spread else low_end


def _significant_bits(data: bytes) -> int:
    """Return the most bits that sBIT says any channel uses; 0 where there is none."""
    at = len(SIGNATURE)
    while at + 12 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if kind == b"sBIT":
            colours = 3 if data[_COLOUR] & 2 else 1
            return max(data[at + 8 : at + 8 + min(length, colours)], default=0)
        if kind in (b"IDAT", b"PLTE"):  # sBIT comes before
            return 0
        at += 12 + length
    return 0
