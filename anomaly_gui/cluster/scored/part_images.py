"""The results of a run as a sequence that is read from their parts: of very many images few numbers stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

import numpy as np

from anomaly_gui.cluster.training.gathering import SeenImages
from anomaly_gui.detection.model.image_result import ImageResult, refuse_image
from anomaly_gui.detection.scoring import remark_same_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from anomaly_gui.cluster.scored.part_run import PartRun


class PartImages(Sequence[ImageResult]):
    """The results of all images of a run, then what could not even be listed.

    What is asked for one after the other is read part by part.

    Parameters
    ----------
    run : of which all parts are finished
    """

    def __init__(self, run: PartRun) -> None:
        self._run, self._listed = run, len(run.manifest.listing.files)
        self._refused = [refuse_image(error) for error in run.manifest.listing.refused]
        self._first_ones = self._find_first_ones()
        self._number, self._part = -1, list[ImageResult]()

    def _find_first_ones(self) -> dict[int, Path]:
        """Return the first file that has the bytes of an image, for all others that have them."""
        digests = bytearray()
        for number in range(len(self._run.manifest)):
            for sha256 in self._run.read_digests(number):
                digests += bytes.fromhex(sha256) or bytes(32)
        rows = np.frombuffer(digests, np.uint8).reshape(-1, 32)
        which = np.flatnonzero(rows.any(axis=1))
        known = rows if len(which) == len(rows) else rows[which]
        found = SeenImages().add(known, self._run.manifest.listing.files, which)
        return {int(which[index]): first for index, first in found.items()}

    def __len__(self) -> int:
        return self._listed + len(self._refused)

    @overload
    def __getitem__(self, index: int) -> ImageResult: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[ImageResult, ...]: ...

    def __getitem__(self, index: int | slice) -> ImageResult | tuple[ImageResult, ...]:
        """Return the result of an image, or of some of them."""
        if isinstance(index, slice):
            return tuple(self[place] for place in range(*index.indices(len(self))))
        place = range(len(self))[index]
        if place >= self._listed:
            return self._refused[place - self._listed]
        number, inside = self._run.manifest.locate(place)
        if number != self._number:
            self._part, self._number = self._run.read_part(number), number
        return self._remark(place, self._part[inside])

    def __iter__(self) -> Iterator[ImageResult]:
        """Yield them in order; a part at a time is in memory, of each loop its own."""
        for place, image in enumerate(self._run.read_results()):
            yield self._remark(place, image)
        yield from self._refused

    def _remark(self, place: int, image: ImageResult) -> ImageResult:
        first = self._first_ones.get(place)
        return image if first is None or first == image.path else remark_same_file(image, first)
