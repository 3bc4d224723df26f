"""Masks: the images that show where on a part the defects are, as people have drawn them."""

from __future__ import annotations

import io
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from anomaly_gui.detection.arrays.kinds import BoolArray
from anomaly_gui.detection.images.decoding.kinds import ENDINGS
from anomaly_gui.detection.images.decoding.pillow_files import FORMATS
from anomaly_gui.detection.images.folder_names import MASK_SUFFIXES
from anomaly_gui.detection.images.loading import ReadingOptions, decode_full, read_file
from anomaly_gui.errors import ImageRefusedError, UserError
from anomaly_gui.language import translate
from anomaly_gui.wording import explain_os_error, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.images.loading import ImageFile

_EXACT_FORMATS = ("PNG", "BMP", "DIB", "TIFF")
_EXACT_ENDINGS = (".png", ".bmp", ".tif", ".tiff")
_ENDINGS = (*_EXACT_ENDINGS, *sorted(ENDINGS.difference(_EXACT_ENDINGS)))  # those that can be read first
_WIDE_MODES = ("I", "F")  # Pillow's names of kinds with more than 8 bits begin so
_MOST_MARKED, _MUCH = 0.9, 0.5  # shares of a mask


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
            raise UserError(
                translate(
                    "{folder} is not a folder; give the folder of masks, such as ground_truth.", folder=folder
                )
            )
        self.folder = folder
        self._listed = {folder: _masks_in(folder)}

    def find_masks(self, image: Path) -> tuple[Path, ...]:
        """Return the masks of an image: one, none, or several that are to be laid over each other.

        Those of DEFECT/NAME.png are DEFECT/NAME_mask.png, DEFECT/NAME.png, all images in the folder
        DEFECT/NAME (MVTec LOCO), NAME_mask.png, NAME.png or those in NAME, the first there is. In place of
        _mask there may be _label, _gt and the like, in place of .png another ending of an image, in small or
        capital letters. Ask for images with defects only: a good one's name may be that of another's mask.
        Raises UserError for folders that cannot be read.
        """
        for folder in (self.folder / _defect_of(image), self.folder):
            found = self._find_file(folder, image) or tuple(self._list_masks(folder / image.stem).values())
            if found:
                return found
        return ()

    def _find_file(self, folder: Path, image: Path) -> tuple[Path, ...]:
        stems = (*(image.stem + suffix for suffix in MASK_SUFFIXES), image.stem)
        for stem, ending in product(stems, _ENDINGS):
            mask = self._list_masks(folder).get(stem + ending)
            if mask is not None and not _is_same_file(mask, image):
                return (mask,)
        return ()

    def _list_masks(self, folder: Path) -> dict[str, Path]:
        if folder not in self._listed:
            self._listed[folder] = _masks_in(folder) if folder.is_dir() else {}
        return self._listed[folder]


def read_masks(
    paths: Sequence[Path], width: int, height: int, pixel_limit: int = ReadingOptions.pixel_limit
) -> BoolArray:
    """Read the masks of one image and lay them over each other; see `read_mask`."""
    marked = [read_mask(path, width, height, pixel_limit) for path in paths]
    together: BoolArray = np.any(marked, axis=0)
    return together


def read_mask(
    path: Path, width: int, height: int, pixel_limit: int = ReadingOptions.pixel_limit
) -> BoolArray:
    """Read the mask of an image of `width` x `height` pixels: (height, width), True where it is not black.

    Whole and floating numbers of any width count where they are not 0, a palette's where their colours all
    are the same. Raises ImageRefusedError as `decode_full` does, for another size, and for what would not
    mean what was drawn: lossy formats, transparency, a mask that marks nothing, or its whole frame.
    """
    file = read_file(path, pixel_limit)
    pixels = _read_numbers(file)
    if pixels is None:
        pixels = decode_full(path, pixel_limit)
    _check_size(path, pixels, width, height)
    mask: BoolArray = np.any(pixels, axis=2)
    _check_extent(path, mask)
    return mask


def _check_size(path: Path, pixels: np.ndarray, width: int, height: int) -> None:
    found = pixels.shape[1], pixels.shape[0]
    if found != (width, height):
        raise ImageRefusedError(
            path,
            translate(
                "is a mask of {mask_width} x {mask_height} pixels for an image of {width} x {height}; save "
                "the mask at the size of its image",
                mask_width=found[0],
                mask_height=found[1],
                width=width,
                height=height,
            ),
        )


def _read_numbers(file: ImageFile) -> np.ndarray | None:
    """Return (height, width, 1) numbers of kinds that would lose their meaning as colours, None for others.

    Refuses what does not mean what was drawn, and what is damaged.
    """
    try:
        with Image.open(io.BytesIO(file.data), formats=FORMATS) as image:
            reason = _objection_to(image)
            if reason:
                raise ImageRefusedError(file.path, reason)
            if image.mode[0] in _WIDE_MODES or (image.mode == "P" and _has_one_colour(image)):
                return _check_finite(file.path, np.asarray(image))[:, :, None]
    except (OSError, ValueError, SyntaxError, EOFError, ArithmeticError) as error:
        raise ImageRefusedError(
            file.path, translate("cannot be read as a mask ({error}); save it as PNG", error=error)
        ) from error
    return None


def _objection_to(image: Image.Image) -> str:
    if image.format not in _EXACT_FORMATS:
        return translate(
            "is a {format} file, which blurs the edges of a mask; save the mask as PNG", format=image.format
        )
    if image.has_transparency_data and np.asarray(image.convert("RGBA"))[:, :, 3].min() < 255:
        return translate("is a transparent mask; save it without transparency, its defects white on black")
    return ""


def _has_one_colour(image: Image.Image) -> bool:
    """Tell a palette in which all numbers in use have one colour, so that only the numbers tell defects."""
    colours = np.asarray(image.convert("RGB")).reshape(-1, 3)
    return bool((colours == colours[0]).all())


def _check_finite(path: Path, numbers: np.ndarray) -> np.ndarray:
    if not np.isfinite(numbers).all():
        raise ImageRefusedError(path, translate("is a mask with values that are no numbers; save it as PNG"))
    return numbers


def _check_extent(path: Path, mask: BoolArray) -> None:
    """Refuse what marks nothing, or so much that good and defect seem to be swapped."""
    share = float(mask.mean())
    if not share:
        raise ImageRefusedError(
            path, translate("is a mask that marks nothing; draw the defect white on black")
        )
    frame = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]]).mean()
    if share > _MOST_MARKED or (share > _MUCH and frame > _MOST_MARKED):
        raise ImageRefusedError(
            path,
            translate(
                "is a mask that marks {share} of its image, as if good and defect were swapped; draw the "
                "defect white on black",
                share=percent(share),
            ),
        )


def _masks_in(folder: Path) -> dict[str, Path]:
    """Return the files that may be masks by their names, the ending in small letters."""
    try:
        files = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in _ENDINGS]
        return {path.stem + path.suffix.lower(): path for path in files if path.is_file()}
    except OSError as error:
        raise UserError(
            translate(
                "{folder} cannot be read: {why}; check that you may open it.",
                folder=folder,
                why=explain_os_error(error),
            )
        ) from error


def _defect_of(image: Path) -> str:
    """Return the name of the folder an image is in, also where its path doesn't say it."""
    name = image.parent.name
    return image.parent.resolve().name if name in ("", "..") else name


def _is_same_file(mask: Path, image: Path) -> bool:
    """Tell an image that would be taken for its own mask, as when its own folder is given for the masks'."""
    return mask.resolve() == image.resolve()
