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
    """Write so many JPEG files: cuts of one surface, with a mark of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    random, texture = np.random.default_rng(1), _texture()
    files = [folder / f"part_{index:05}.jpg" for index in range(count)]
    for file in files:
        x, y = random.integers(0, 200, 2)
        image = texture.crop((x, y, x + WIDTH, y + HEIGHT))
        noise = Image.fromarray(random.integers(0, 256, (270, 480, 3), np.uint8))
        image.paste(noise, tuple(random.integers(0, 800, 2)))
        image.save(file, quality=88)
    return files
