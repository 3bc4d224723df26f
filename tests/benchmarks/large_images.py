"""Make JPEG files of 2 megapixels, or another size, as a camera would, quickly; and very large files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter

if TYPE_CHECKING:
    from pathlib import Path

WIDTH, HEIGHT = 1920, 1080
SPARE = 200  # so much larger is the surface than an image


def _make_texture(width: int, height: int) -> Image.Image:
    """Return a brushed, uneven surface of so many pixels."""
    random = np.random.default_rng(0)
    grain = random.normal(128, 40, (height, width, 3)).clip(0, 255).astype(np.uint8)
    shade = Image.fromarray(random.integers(60, 200, (9, 16, 3), np.uint8)).resize((width, height))
    return Image.blend(Image.fromarray(grain).filter(ImageFilter.GaussianBlur(1.5)), shade, 0.6)


def write_images(folder: Path, count: int, width: int = WIDTH, height: int = HEIGHT) -> list[Path]:
    """Write so many JPEG files, about 0.25 MB a megapixel: cuts of one surface, each with a grain of its own.

    The grain matters: cuts of the bare surface are near-duplicates, which training would take for shots of
    one part.
    """
    folder.mkdir(parents=True, exist_ok=True)
    random, texture = np.random.default_rng(1), _make_texture(width + SPARE, height + SPARE)
    files = [folder / f"part_{index:05}.jpg" for index in range(count)]
    for file in files:
        x, y = random.integers(0, SPARE, 2)
        surface = texture.crop((x, y, x + width, y + height))
        grain = Image.fromarray(random.integers(0, 256, (height // 4, width // 4, 3), np.uint8))
        Image.blend(surface, grain.resize((width, height)), 0.4).save(file, quality=80)
    return files


def write_large_files(folder: Path, megapixels: int) -> list[Path]:
    """Write one smooth square of noise as files of several formats, and return them."""
    side = round((megapixels * 1e6) ** 0.5)
    grain = np.random.default_rng(0).integers(0, 256, (side // 10, side // 10, 3), np.uint8)
    colour = Image.fromarray(grain).resize((side, side), Image.Resampling.BILINEAR)
    written = {
        "colour.png": (colour, {"compress_level": 1}),
        "grey.png": (colour.convert("L"), {"compress_level": 1}),
        "plain.tif": (colour, {}),
        "lzw.tif": (colour, {"compression": "tiff_lzw"}),
        "baseline.jpg": (colour, {"quality": 85}),
        "progressive.jpg": (colour, {"quality": 85, "progressive": True}),
    }
    for name, (image, settings) in written.items():
        image.save(folder / name, **settings)
    return [folder / name for name in written]
