"""Make JPEG files of 2 megapixels as a camera would, each different, quickly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter

if TYPE_CHECKING:
    from pathlib import Path

WIDTH, HEIGHT = 1920, 1080


def _texture() -> Image.Image:
    """Return a brushed, uneven surface a little larger than an image."""
    random = np.random.default_rng(0)
    grain = random.normal(128, 40, (HEIGHT + 200, WIDTH + 200, 3)).clip(0, 255).astype(np.uint8)
    shade = Image.fromarray(random.integers(60, 200, (9, 16, 3), np.uint8)).resize(
        (WIDTH + 200, HEIGHT + 200)
    )
    return Image.blend(Image.fromarray(grain).filter(ImageFilter.GaussianBlur(1.5)), shade, 0.6)


def write_images(folder: Path, count: int) -> list[Path]:
    """Write so many JPEG files, about 0.5 MB each: cuts of one surface, each with a grain of its own.

    The grain matters: cuts of the bare surface are near-duplicates, which training would take for shots of
    one part.
    """
    folder.mkdir(parents=True, exist_ok=True)
    random, texture = np.random.default_rng(1), _texture()
    files = [folder / f"part_{index:05}.jpg" for index in range(count)]
    for file in files:
        x, y = random.integers(0, 200, 2)
        surface = texture.crop((x, y, x + WIDTH, y + HEIGHT))
        grain = Image.fromarray(random.integers(0, 256, (HEIGHT // 4, WIDTH // 4, 3), np.uint8))
        Image.blend(surface, grain.resize((WIDTH, HEIGHT)), 0.4).save(file, quality=80)
    return files
