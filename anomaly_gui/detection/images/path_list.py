"""Paths of very many files in little memory."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import overload


class PathList(Sequence[Path]):
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

    @overload
    def __getitem__(self, index: int) -> Path: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Path, ...]: ...

    def __getitem__(self, index: int | slice) -> Path | tuple[Path, ...]:
        """Return a path, or some of them."""
        if isinstance(index, slice):
            return tuple(self[number] for number in range(*index.indices(len(self))))
        index = range(len(self))[index]
        name = self._names[self._ends[index - 1] if index else 0 : self._ends[index]]
        return self._folders[self._folder_indices[index]] / name.decode("utf-8", "surrogatepass")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)
