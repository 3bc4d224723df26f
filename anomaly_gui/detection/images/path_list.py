"""Paths of very many files in little memory."""

from __future__ import annotations

from abc import abstractmethod
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import IntArray


class _MadePaths(Sequence[Path]):
    """Paths that are each made when they are asked for."""

    @abstractmethod
    def make_path(self, index: int) -> Path:
        """Return the path of an index from 0 on."""

    @overload
    def __getitem__(self, index: int) -> Path: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Path, ...]: ...

    def __getitem__(self, index: int | slice) -> Path | tuple[Path, ...]:
        """Return a path, or some of them."""
        if isinstance(index, slice):
            return tuple(self[number] for number in range(*index.indices(len(self))))
        return self.make_path(range(len(self))[index])


class PathList(_MadePaths):
    """Paths of files in the memory that their names take: of a million, a tenth of what a tuple needs."""

    def __init__(self) -> None:
        self._folders: list[Path] = []
        self._folder_indices = array("I")  # of each file's folder
        self._names = bytearray()  # one after the other
        self._ends = array("Q")  # of each in these

    def append(self, path: Path) -> None:
        """Add the path of a file."""
        folder = path.parent
        if not self._folders or self._folders[-1] != folder:
            self._folders.append(folder)
        self._folder_indices.append(len(self._folders) - 1)
        self._names += path.name.encode("utf-8", "surrogatepass")  # names that are no text, too
        self._ends.append(len(self._names))

    def __len__(self) -> int:
        return len(self._ends)

    def make_path(self, index: int) -> Path:
        """Return the path of a file."""
        name = self._names[self._ends[index - 1] if index else 0 : self._ends[index]]
        return self._folders[self._folder_indices[index]] / name.decode("utf-8", "surrogatepass")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)


@dataclass(frozen=True, eq=False)
class ChosenPaths(Sequence[Path]):
    """Some of the paths of others, each made when it is asked for.

    Parameters
    ----------
    files : all of them
    which : (paths,) the index of each
    """

    files: Sequence[Path]
    which: IntArray

    def __len__(self) -> int:
        return len(self.which)

    @overload
    def __getitem__(self, index: int) -> Path: ...

    @overload
    def __getitem__(self, index: slice) -> ChosenPaths: ...

    def __getitem__(self, index: int | slice) -> Path | ChosenPaths:
        """Return a path, or some of them."""
        if isinstance(index, slice):
            return ChosenPaths(self.files, self.which[index])
        return self.files[int(self.which[index])]


@dataclass(frozen=True, eq=False)
class JoinedPaths(_MadePaths):
    """The paths of one listing after those of another."""

    first: Sequence[Path]
    second: Sequence[Path]

    def __len__(self) -> int:
        return len(self.first) + len(self.second)

    def make_path(self, index: int) -> Path:
        """Return a path of the first or of the second."""
        border = len(self.first)
        return self.first[index] if index < border else self.second[index - border]


def find_common(first: Sequence[Path], second: Sequence[Path]) -> set[Path]:
    """Return the files, without links, that are in both.

    Resolved paths of a million take gigabytes: only those are made of which the hashes are in both.
    """
    import numpy as np  # late: paths are listed without it

    both = first, second
    one, other = (
        np.fromiter((hash(file.resolve()) for file in files), np.int64, len(files)) for files in both
    )
    chosen = np.flatnonzero(np.isin(one, other)), np.flatnonzero(np.isin(other, one))
    found = [{file.resolve() for file in ChosenPaths(*some)} for some in zip(both, chosen, strict=True)]
    return found[0] & found[1]
