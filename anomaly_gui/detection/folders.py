"""Find the images in folders: every one of them, once, in an order people expect."""

from __future__ import annotations

import os
import stat
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import overload

from anomaly_gui.detection.images import ENDINGS as ENDINGS
from anomaly_gui.detection.images import OTHER_ENDINGS
from anomaly_gui.errors import ImageRefusedError

_HIDDEN_NAMES = frozenset({"thumbs.db", "desktop.ini", "__macosx"})


class PathList(Sequence[Path]):
    """Paths of files in the memory that their names take: of a million, a tenth of what a tuple needs."""

    def __init__(self) -> None:
        self._folders: list[Path] = []
        self._places = array("L")  # of each file's folder
        self._names: list[str] = []

    def append(self, path: Path) -> None:
        """Add the path of a file."""
        folder = path.parent
        if not self._folders or self._folders[-1] != folder:
            self._folders.append(folder)
        self._places.append(len(self._folders) - 1)
        self._names.append(path.name)

    def __len__(self) -> int:
        return len(self._names)

    @overload
    def __getitem__(self, place: int) -> Path: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Path, ...]: ...

    def __getitem__(self, place: int | slice) -> Path | tuple[Path, ...]:
        """Return a path, or some of them."""
        if isinstance(place, slice):
            return tuple(self[number] for number in range(*place.indices(len(self))))
        return self._folders[self._places[place]] / self._names[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)


@dataclass(frozen=True)
class ImageListing:
    """The images found.

    Parameters
    ----------
    files : image files, each once; folders in natural order, the files of a folder before its subfolders
    passed_over : number of files of other kinds
    hidden : number of hidden files and folders, not looked into
    refused : what was named but does not exist or cannot be opened
    others : how many of the files passed over may be pictures, by their endings; see `name_passed_over`
    """

    files: Sequence[Path]
    passed_over: int
    hidden: int
    refused: tuple[ImageRefusedError, ...]
    others: Mapping[str, int] = field(default_factory=dict)


@dataclass
class _Search:
    files: PathList = field(default_factory=PathList)
    seen: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    passed_over: int = 0
    hidden: int = 0
    refused: list[ImageRefusedError] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)

    def look_at(self, paths: Iterable[Path]) -> None:
        # not by recursion: folders may be nested deeper than Python's calls
        waiting = [(path, True) for path in paths][::-1]
        while waiting:
            path, named = waiting.pop()
            inside = self._add(path, named=named)
            waiting.extend((found, False) for found in reversed(inside))

    def _add(self, path: Path, *, named: bool) -> list[Path]:
        """Take a file in; return what is in a folder."""
        try:
            status = path.stat()
        except (OSError, ValueError) as error:
            self.refused.append(ImageRefusedError(path, _reason(error)))
            return []
        # the same file or folder by another way (a link, an overlap of folders) is not looked at again
        seen = self.seen[status.st_dev]
        if status.st_ino in seen and status.st_ino:
            return []
        seen.add(status.st_ino)
        if stat.S_ISDIR(status.st_mode):
            return self._inside(path)
        if named or path.suffix.lower() in ENDINGS:
            self.files.append(path)
        else:
            self.passed_over += 1
            if path.suffix.lower() in OTHER_ENDINGS:
                self.others[path.suffix.lower()] += 1
        return []

    def _inside(self, folder: Path) -> list[Path]:
        try:
            entries = list(_in_natural_order(os.scandir(folder)))
        except OSError as error:
            self.refused.append(ImageRefusedError(folder, _reason(error)))
            return []
        shown = [folder / entry.name for entry in entries if not _is_hidden(entry)]
        self.hidden += len(entries) - len(shown)
        return shown


def list_images(paths: Iterable[Path]) -> ImageListing:
    """Return the images in folders, recursively, and the files named themselves.

    A file named itself is taken whatever its ending; in folders the ending decides. Links are followed, and
    loops of them end. Nothing is opened but folders.
    """
    search = _Search()
    search.look_at(paths)
    return ImageListing(search.files, search.passed_over, search.hidden, tuple(search.refused), search.others)


def _in_natural_order(entries: Iterable[os.DirEntry[str]]) -> Iterator[os.DirEntry[str]]:
    from natsort import natsort_keygen

    by_name = natsort_keygen()
    yield from sorted(
        entries, key=lambda entry: (_is_folder(entry), by_name(entry.name.casefold()), entry.name)
    )


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself: it is refused by its own name when its turn comes
        return False


def _is_hidden(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith(".") or entry.name.lower() in _HIDDEN_NAMES:
        return True
    if os.name != "nt":
        return False
    attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    return bool(attributes & getattr(stat, "FILE_ATTRIBUTE_HIDDEN", 0))


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "does not exist; check the name, or whether the drive is connected"
    if isinstance(error, PermissionError):
        return "may not be opened; ask for permission to read it"
    why = getattr(error, "strerror", None) or error
    return f"cannot be opened ({why}); check its name and its drive"
