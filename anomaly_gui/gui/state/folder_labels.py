"""Labels from the names of folders, as data sets and people name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anomaly_gui.detection.images.folder_names import FolderKind, kind_of_folder
from anomaly_gui.gui.state.image_table import Marked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_TEST = "test"  # of MVTec AD and those like it: test/good, and test/NAME_OF_DEFECT
_MARKS = {FolderKind.GOOD: Marked.GOOD, FolderKind.DEFECT: Marked.DEFECT}


def mark_by_folder(file: Path, roots: Iterable[Path]) -> Marked:
    """Return the label that the nearest folder with a telling name gives; NONE where none has one.

    Only folders that were given themselves, and those in them, count: a file that was given by itself says
    nothing.

    >>> from pathlib import Path
    >>> mark_by_folder(Path("/parts/test/scratch/7.png"), [Path("/parts/test")])
    <Marked.DEFECT: 2>
    >>> mark_by_folder(Path("/parts/OK/monday/7.png"), [Path("/parts")])
    <Marked.GOOD: 1>
    >>> mark_by_folder(Path("/bad/parts/7.png"), [Path("/bad/parts")])
    <Marked.NONE: 0>
    """
    root = next((root for root in roots if root in file.parents), None)
    if root is None:
        return Marked.NONE
    inside = [folder for folder in file.parents if folder == root or root in folder.parents]
    kinds = [kind_of_folder(folder.name) for folder in inside]
    if FolderKind.MASKS in kinds:
        return Marked.NONE
    for folder, kind in zip(inside, kinds, strict=True):
        if kind in _MARKS:
            return _MARKS[kind]
        if folder.parent.name.casefold() == _TEST:
            return Marked.DEFECT
    return Marked.NONE
