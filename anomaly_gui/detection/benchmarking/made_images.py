"""Images as a camera would make them, for want of the user's own."""

from __future__ import annotations

import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import ImageArray

KINDS = ("JPEG", "PNG")

_ASPECT = 16 / 9
_DIFFERENT = 12  # images; the others are the same ones, since saving PNG files takes its time


def write_images(folder: Path, kind: str, count: int, megapixels: float) -> list[Path]:
    """Write files of a kind from `KINDS`: a camera's grain on an uneven surface."""
    random, height = np.random.default_rng(0), round((megapixels * 1e6 / _ASPECT) ** 0.5)
    shape = (round(height * _ASPECT), height)
    surface = Image.fromarray(_make_noise(random, 16, 9)).resize(shape)
    files = [folder / f"{number:03}.{kind.lower()}" for number in range(count)]
    folder.mkdir()
    for file in files[:_DIFFERENT]:
        grain = Image.fromarray(_make_noise(random, shape[0] // 2, shape[1] // 2)).resize(shape)
        picture = Image.blend(surface, grain.filter(ImageFilter.GaussianBlur(1)), 0.3)
        picture.save(file, kind, quality=85)
    for number in range(_DIFFERENT, count):
        _write_again(files[number % _DIFFERENT], files[number])
    return files


def _write_again(file: Path, name: Path) -> None:
    """Give a file one name more; a copy of it where the drive knows no such names."""
    with suppress(OSError):
        name.hardlink_to(file)
        return
    shutil.copyfile(file, name)


def _make_noise(random: np.random.Generator, width: int, height: int) -> ImageArray:
    return random.integers(0, 256, (height, width, 3), np.uint8)
