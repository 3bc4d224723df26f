"""Find the images in folders: every name of them once, in an order people expect."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from anomaly_gui.detection.images.decoding.kinds import OTHER_ENDINGS
from anomaly_gui.detection.images.folder_entries import (
    explain_error,
    is_folder,
    is_hidden,
    is_hidden_name,
    is_image,
    is_link,
    sort_naturally,
)
from anomaly_gui.detection.images.folder_names import (
    FolderKind,
    classify_folder,
    is_mask_of,
    is_to_learn_from,
)
from anomaly_gui.detection.images.path_list import PathList
from anomaly_gui.errors import ImageRefusedError
from anomaly_gui.language import translate


class Purpose(Enum):
    """What images are wanted for: it decides which folders inside those given are not looked into."""

    ANY = "any"
    GOOD = "good parts"
    DEFECT = "known defects"


@dataclass(frozen=True)
class LeftOut:
    """A folder whose images are not used for what was asked for, by its name or by that of its files.

    Parameters
    ----------
    path : the folder
    name : the same, from the folder it was found in
    images : how many there are
    kind : what it holds; of a recycle bin the images are not counted
    beside : whether it is only left out because a folder of good parts lies beside it
    """

    path: Path
    name: str
    images: int
    kind: FolderKind
    beside: bool = False


@dataclass(frozen=True)
class ImageListing:
    """The images found.

    Parameters
    ----------
    files : image files, each name once; folders in natural order, a folder's files before its subfolders
    passed_over : number of files of other kinds
    hidden : number of hidden files and folders, not looked into
    refused : what was named but does not exist or cannot be opened
    left_out : folders whose names say that they are of no use here, and recycle bins
    seen_before : number of names given again, and of links to folders that were looked at already
    others : how many of the files passed over may be pictures, by their endings; see `describe_passed_over`
    """

    files: Sequence[Path]
    passed_over: int
    hidden: int
    refused: tuple[ImageRefusedError, ...]
    left_out: tuple[LeftOut, ...] = ()
    seen_before: int = 0
    others: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Folder:
    """A folder to look into; `real` is its path without links, `root` the one given that it lies in."""

    path: Path
    real: str
    root: Path


class _Search:
    """One search. Nothing is recognised by inode numbers: those of network drives are no identity."""

    def __init__(self, paths: Sequence[Path], purpose: Purpose) -> None:
        self._purpose = purpose
        self._named = {os.path.normcase(path) for path in paths}
        self._looked_at: set[str] = set()  # folders and named files, as they were named
        self._real: set[str] = set()  # folders, without links
        self.files = PathList()
        self.passed_over = self.hidden = self.seen_before = 0
        self.refused: list[ImageRefusedError] = []
        self.left_out: list[LeftOut] = []
        self.others: Counter[str] = Counter()

    def look_at(self, named: Path) -> None:
        """Take in a file or folder that was given, and all that is in it."""
        status = self._status_of(named)
        if status is None:
            return
        if not stat.S_ISDIR(status.st_mode):
            self._add_named(named)
            return
        # not by recursion: folders may be nested deeper than Python's calls
        waiting = [_Folder(named, os.path.realpath(named), named)]
        while waiting:
            folder = waiting.pop()
            if self._is_new(folder.path):
                self._real.add(folder.real)
                waiting.extend(reversed(self._look_into(folder)))

    def _add_named(self, file: Path) -> None:
        was_listed = os.path.normcase(file.parent) in self._looked_at and not is_hidden_name(file.name)
        if was_listed and is_image(file.name):
            self.seen_before += 1
        elif self._is_new(file):
            if was_listed:
                self.passed_over -= 1
                self.others -= Counter([file.suffix.lower()])
            self.files.append(file)

    def _is_new(self, path: Path) -> bool:
        key = os.path.normcase(path)
        if key in self._looked_at:
            self.seen_before += 1
            return False
        self._looked_at.add(key)
        return True

    def _status_of(self, path: Path) -> os.stat_result | None:
        try:
            return path.stat()
        except (OSError, ValueError) as error:
            self.refused.append(ImageRefusedError(path, explain_error(error)))
            return None

    def _look_into(self, folder: _Folder) -> list[_Folder]:
        """Take in the files of a folder; return the folders in it."""
        try:
            entries = list(sort_naturally(os.scandir(folder.path)))
        except OSError as error:
            self.refused.append(ImageRefusedError(folder.path, explain_error(error)))
            return []
        folders = [entry for entry in entries if is_folder(entry)]
        self._add_files(folder, [entry for entry in entries if not is_folder(entry)])
        has_good = any(classify_folder(entry.name) == FolderKind.GOOD for entry in folders)
        found = (self._consider_folder(folder, entry, has_good=has_good) for entry in folders)
        return [inside for inside in found if inside is not None]

    def _add_files(self, folder: _Folder, entries: Sequence[os.DirEntry[str]]) -> None:
        shown = [entry for entry in entries if not is_hidden(entry)]
        self.hidden += len(entries) - len(shown)
        masks = find_masks([entry.name for entry in shown], self._purpose)
        if masks:
            example = _name_in(folder.path / min(masks), folder.root)
            name = translate("{name} and the like", name=example)
            kind = FolderKind.MASKS
            self.left_out.append(LeftOut(folder.path, name, len(masks), kind))
        for entry in shown:
            path = folder.path / entry.name
            if os.path.normcase(path) in self._looked_at:  # it was named itself
                self.seen_before += is_image(entry.name)
            elif is_link(entry) and self._status_of(path) is None:
                continue  # it leads nowhere, and is refused by its own name
            elif not is_image(entry.name):
                self._pass_over(path)
            elif entry.name not in masks:
                self.files.append(path)

    def _pass_over(self, file: Path) -> None:
        self.passed_over += 1
        ending = file.suffix.lower()
        if ending in OTHER_ENDINGS:
            self.others[ending] += 1

    def _consider_folder(self, folder: _Folder, entry: os.DirEntry[str], *, has_good: bool) -> _Folder | None:
        """Return a folder to look into, or None where it is none to be looked into."""
        path = folder.path / entry.name
        real = os.path.realpath(path) if is_link(entry) else os.path.join(folder.real, entry.name)  # noqa: PTH118
        if os.path.normcase(path) in self._named:  # its own turn comes, or has come
            return None
        kind, beside = classify_folder(entry.name), False
        if kind != FolderKind.BIN:
            if is_hidden(entry):
                self.hidden += 1
                return None
            kind, beside = find_objection(entry.name, self._purpose, has_good=has_good)
        if kind != FolderKind.OTHER:
            images = 0 if kind == FolderKind.BIN else _count_images(path)
            self.left_out.append(LeftOut(path, _name_in(path, folder.root), images, kind, beside))
            return None
        if is_link(entry) and real in self._real:  # loops of links end here
            self.seen_before += 1
            return None
        return _Folder(path, real, folder.root)


def find_objection(name: str, purpose: Purpose, *, has_good: bool) -> tuple[FolderKind, bool]:
    """Return what speaks against a folder, by its name, and whether only a folder beside it does.

    Parameters
    ----------
    has_good : whether a folder of good parts lies beside it

    >>> find_objection("NG", Purpose.GOOD, has_good=False)
    (<FolderKind.DEFECT: 'defects'>, False)
    """
    kind = classify_folder(name)
    if kind == FolderKind.BIN:
        return kind, False
    if purpose == Purpose.GOOD:
        if kind in (FolderKind.DEFECT, FolderKind.TEST, FolderKind.MASKS):
            return kind, False
        if has_good and not is_to_learn_from(name):
            return FolderKind.DEFECT, True
    if purpose == Purpose.DEFECT and kind in (FolderKind.GOOD, FolderKind.MASKS):
        return kind, False
    return FolderKind.OTHER, False


def find_masks(files: Iterable[str], purpose: Purpose) -> frozenset[str]:
    """Return the names of files that are masks of images beside them, where these are not wanted."""
    if purpose == Purpose.ANY:
        return frozenset()
    names = [name for name in files if is_image(name)]
    stems = frozenset(os.path.splitext(name)[0].casefold() for name in names)  # noqa: PTH122 - a million names
    return frozenset(name for name in names if is_mask_of(Path(name).stem, stems))


def list_images(paths: Iterable[Path], purpose: Purpose = Purpose.ANY) -> ImageListing:
    """Return the images in folders, recursively, and the files named themselves.

    A file named itself is taken whatever its ending; in folders the ending decides. Every name counts, also
    where two are links to one file; a folder that links lead to is looked into once. Recycle bins and
    thumbnails of network drives are not looked into unless they are named themselves. Of what is given as
    good, folders that by their names are not, are left out, and masks; of defects, those of good ones.
    Nothing is opened but folders.
    """
    given = tuple(paths)
    search = _Search(given, purpose)
    for path in given:
        search.look_at(path)
    return ImageListing(
        search.files,
        search.passed_over,
        search.hidden,
        tuple(search.refused),
        tuple(search.left_out),
        search.seen_before,
        search.others,
    )


def _count_images(folder: Path) -> int:
    """Return how many images are in a folder that is left out, links to other folders not followed."""
    names = (name for _, _, files in os.walk(folder) for name in files)
    return sum(is_image(name) and not is_hidden_name(name) for name in names)


def _name_in(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
