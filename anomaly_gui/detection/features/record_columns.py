"""Records of very many images in little memory: as columns, from which each is made when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import numpy as np

from anomaly_gui.detection.images.path_list import ChosenPaths
from anomaly_gui.detection.images.records import ImageRecord

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import ImageArray, IntArray


@dataclass(frozen=True, eq=False)
class RecordColumns(Sequence[ImageRecord]):
    """Records of images.

    Parameters
    ----------
    files : of these and of other images
    which : (images,) the index of each one's file
    digests : (images, 32) uint8, SHA-256 of each file's bytes
    sizes : (images, 2) width and height in pixels
    notes : remarks on some of them, by the index of the file
    """

    files: Sequence[Path]
    which: IntArray
    digests: ImageArray
    sizes: IntArray
    notes: Mapping[int, tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.which)

    @overload
    def __getitem__(self, index: int) -> ImageRecord: ...

    @overload
    def __getitem__(self, index: slice) -> RecordColumns: ...

    def __getitem__(self, index: int | slice) -> ImageRecord | RecordColumns:
        """Return a record, or some of them."""
        if isinstance(index, slice):
            return self._choose(index)
        file, (width, height) = int(self.which[index]), map(int, self.sizes[index])
        sha256 = self.digests[index].tobytes().hex()
        return ImageRecord(self.files[file], sha256, width, height, self.notes.get(file, ()))

    def choose(self, indices: IntArray) -> RecordColumns:
        """Return some of the records, by their indices."""
        return self._choose(indices)

    def _choose(self, those: IntArray | slice) -> RecordColumns:
        which, digests, sizes = self.which[those], self.digests[those], self.sizes[those]
        return RecordColumns(self.files, which, digests, sizes, self.notes)


def paths_of(records: Sequence[ImageRecord]) -> Sequence[Path]:
    """Return the paths of records; of columns each is made when it is asked for."""
    if isinstance(records, RecordColumns):
        return ChosenPaths(records.files, records.which)
    return [record.path for record in records]


def list_sizes(records: Sequence[ImageRecord]) -> set[tuple[int, int]]:
    """Return the sizes of images, width and height in pixels, each once."""
    if isinstance(records, RecordColumns):
        return {(int(width), int(height)) for width, height in np.unique(records.sizes, axis=0)}
    return {(record.width, record.height) for record in records}


def choose_records(records: Sequence[ImageRecord], indices: IntArray) -> Sequence[ImageRecord]:
    """Return some records, by their indices; of columns they are columns too."""
    if isinstance(records, RecordColumns):
        return records.choose(indices)
    return tuple(records[index] for index in indices)
