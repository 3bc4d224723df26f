"""A part while it is judged: what was judged of it before, and what is kept of it as more comes."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import TYPE_CHECKING

from anomaly_gui.cluster.scored.part_rows import read_rows, write_rows
from anomaly_gui.cluster.scored.unfinished_place import DamagedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.cluster.manifest import Part
    from anomaly_gui.cluster.scored.unfinished_place import UnfinishedPlace
    from anomaly_gui.detection.model.image_result import ImageResult

_TIMES = 50  # what keeping takes goes so often into the time between
_SHORTEST, _LONGEST = 0.2, 10.0  # seconds between


class Pace:
    """Says when to keep what there is: often, and yet so seldom that it takes a fiftieth of the time."""

    def __init__(self) -> None:
        self._pause, self._since = _SHORTEST, time.monotonic()

    def begin(self) -> None:
        """Wait from now on."""
        self._since = time.monotonic()

    def is_due(self) -> bool:
        """Tell whether it is time."""
        return time.monotonic() - self._since >= self._pause

    def note(self, seconds: float) -> None:
        """Take in how long it took just now."""
        self._pause = min(max(_TIMES * seconds, _SHORTEST), _LONGEST)
        self.begin()


@lru_cache(maxsize=8)
def _find_pace(place: UnfinishedPlace) -> Pace:  # noqa: ARG001 - each place has a pace of its own
    import pyarrow.parquet  # noqa: F401 - half a second that is no part of keeping

    return Pace()


class PartSoFar:
    """The results of a part's first images, of which more come batch by batch.

    Parameters
    ----------
    part, name : the part, and what it is kept under
    place : where

    Attributes
    ----------
    results : in the order of the images; of those that were kept before at first
    was_damaged : whether what was kept before was damaged, so that all begins anew
    """

    def __init__(self, part: Part, name: str, place: UnfinishedPlace) -> None:
        self._part, self._name, self._place = part, name, place
        self.results: list[ImageResult] = []
        self.was_damaged = False
        self._take_up()
        self._is_kept = self.was_damaged or bool(self.results)
        self._pace = _find_pace(place)
        self._pace.begin()

    def _take_up(self) -> None:
        try:
            rows = self._place.read(self._name)
        except DamagedError:
            self.was_damaged = True
            return
        known = None if rows is None else read_rows(self._part, rows, of_all=False)
        self.results, self.was_damaged = known or [], rows is not None and known is None

    def add(self, results: Sequence[ImageResult]) -> None:
        """Take in the results of a batch, and keep all so far where it is time and more are to come.

        A batch is never torn: batches of the rest are cut as if nothing had ended, and scores are the same.
        """
        self.results += results
        if len(self.results) < len(self._part.paths) and self._pace.is_due():
            began = time.monotonic()
            self._place.write(self._name, write_rows(self._part, self.results))
            self._pace.note(time.monotonic() - began)
            self._is_kept = True

    def end(self) -> None:
        """Forget what was kept: the results are written."""
        if self._is_kept:
            self._place.remove(self._name)
