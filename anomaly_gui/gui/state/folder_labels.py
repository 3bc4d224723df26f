"""Labels from the names of folders, as data sets and people name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anomaly_gui.detection.images.folder_names import FolderKind, classify_folder
from anomaly_gui.gui.state.image_table import ImageLabel

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_TEST = "test"  # of MVTec AD and those like it: test/good, and test/NAME_OF_DEFECT
_LABELS = {FolderKind.GOOD: ImageLabel.GOOD, FolderKind.DEFECT: ImageLabel.DEFECT}


def label_by_folder(file: Path, roots: Iterable[Path]) -> ImageLabel:
    """Return the label that the nearest folder with a telling name gives; NONE where none has one.

    Only folders that were given themselves, and those in them, count: a file that was given by itself says
    nothing.

    >>> from pathlib import Path
    >>> label_by_folder(Path("/parts/test/scratch/7.png"), [Path("/parts/test")])
    <ImageLabel.DEFECT: 2>
    >>> label_by_folder(Path("/parts/OK/monday/7.png"), [Path("/parts")])
    <ImageLabel.GOOD: 1>
    >>> label_by_folder(Path("/bad/parts/7.png"), [Path("/bad/parts")])
    <ImageLabel.NONE: 0>
    """
    root = next((root for root in roots if root in file.parents), None)
    if root is None:
        return ImageLabel.NONE
    inside = [folder for folder in file.parents if folder == root or root in folder.parents]
    kinds = [classify_folder(folder.name) for folder in inside]
    if FolderKind.MASKS in kinds:
        return ImageLabel.NONE
    for folder, kind in zip(inside, kinds, strict=True):
        if kind in _LABELS:
            return _LABELS[kind]
        if folder.parent.name.casefold() == _TEST:
            return ImageLabel.DEFECT
    return ImageLabel.NONE
