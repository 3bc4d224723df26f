"""Masks: the images that show where on a part the defects are, as people have drawn them."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
from PIL import Image

from anomaly_gui.detection.arrays import BoolArray, ImageArray
from anomaly_gui.detection.images import FORMATS, ReadingOptions, decode_full
from anomaly_gui.errors import ImageRefusedError, UserError

_EXACT_FORMATS = ("PNG", "BMP", "DIB", "TIFF")
_ENDINGS = (".png", ".bmp", ".tif", ".tiff")


class MaskFolder:
    """The masks in a folder, each of its folders listed once: thousands may be asked for.

    Parameters
    ----------
    folder : such as ground_truth of MVTec AD

    Raises
    ------
    UserError : when it is no folder or cannot be read
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise UserError(f"{folder} is not a folder; give the folder of masks, such as ground_truth.")
        self.folder = folder
        self._listed = {folder: _masks_in(folder)}

    def find(self, image: Path) -> Path | None:
        """Return the mask of an image, None where there is none.

        That of DEFECT/NAME.png is DEFECT/NAME_mask.png, DEFECT/NAME.png, NAME_mask.png or NAME.png, the first
        there is, ending in .png, .bmp, .tif or .tiff in small or capital letters. Ask for images with defects
        only: a good one's name may be that of another's mask. Raises UserError for folders that cannot be
        read.
        """
        folders = (self.folder / _defect(image), self.folder)
        stems = (f"{image.stem}_mask", image.stem)
        for folder, stem, ending in product(folders, stems, _ENDINGS):
            mask = self._masks(folder).get(stem + ending)
            if mask is not None and not _same(mask, image):
                return mask
        return None

    def _masks(self, folder: Path) -> dict[str, Path]:
        if folder not in self._listed:
            self._listed[folder] = _masks_in(folder) if folder.is_dir() else {}
        return self._listed[folder]


def read_mask(
    path: Path, width: int, height: int, pixel_limit: int = ReadingOptions.pixel_limit
) -> BoolArray:
    """Read the mask of an image of `width` x `height` pixels: (height, width), True where it is not black.

    Reads PNG, BMP and TIFF files. Raises ImageRefusedError as `decode_full` does, for another size, and for
    what would not mean what was drawn: lossy formats, transparency, numbers in 16 bits that would turn black.
    """
    pixels = decode_full(path, pixel_limit)
    _check_size(path, pixels, width, height)
    mask: BoolArray = np.any(pixels, axis=2)
    _check_kind(path, mask)
    return mask


def _check_size(path: Path, pixels: ImageArray, width: int, height: int) -> None:
    found = pixels.shape[1], pixels.shape[0]
    if found != (width, height):
        raise ImageRefusedError(
            path,
            f"is a mask of {found[0]} x {found[1]} pixels for an image of {width} x {height}; "
            "save the mask at the size of its image",
        )


def _check_kind(path: Path, mask: BoolArray) -> None:
    """Refuse a mask whose pixels `decode_full` had to change: what is black may not be any more."""
    with Image.open(path, formats=FORMATS) as image:  # it has just been decoded, so it can be
        if image.format not in _EXACT_FORMATS:
            reason = f"is a {image.format} file, which blurs the edges of a mask; save the mask as PNG"
            raise ImageRefusedError(path, reason)
        if image.has_transparency_data and np.asarray(image.convert("RGBA"))[:, :, 3].min() < 255:
            reason = "is a transparent mask; save it without transparency, its defects white on black"
            raise ImageRefusedError(path, reason)
        if image.mode.startswith("I;16") and np.count_nonzero(np.asarray(image)) > np.count_nonzero(mask):
            reason = "marks defects by low numbers of 16 bits; save the mask with 8 bits, white on black"
            raise ImageRefusedError(path, reason)


def _masks_in(folder: Path) -> dict[str, Path]:
    """Return the files that may be masks by their names, the ending in small letters."""
    try:
        files = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in _ENDINGS]
        return {path.stem + path.suffix.lower(): path for path in files if path.is_file()}
    except OSError as error:
        raise UserError(f"{folder} cannot be read: {error.strerror}; check that you may open it.") from error


def _defect(image: Path) -> str:
    """Return the name of the folder an image is in, also where its path doesn't say it."""
    name = image.parent.name
    return image.parent.resolve().name if name in ("", "..") else name


def _same(mask: Path, image: Path) -> bool:
    """Tell an image that would be taken for its own mask, as when its own folder is given for the masks'."""
    return mask.resolve() == image.resolve()
