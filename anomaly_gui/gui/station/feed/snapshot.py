"""What a station's window shows, read at one moment: a frozen value that a thread makes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.gui.station.feed.health import LOCKED
from anomaly_gui.station.judging.judged import YIELDING, StationVerdict

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray
    from anomaly_gui.gui.station.feed.health import Health
    from anomaly_gui.gui.station.feed.people import People
    from anomaly_gui.station.ledger.reading import ResultRow

LAST = 20


class Remedy(Enum):
    """What somebody signs so that a station goes on."""

    UNLOCK = "unlock"
    APPROVE = "approve"


@dataclass(frozen=True)
class ShownPart:
    """A part that was judged, and where its picture is now; None where it is nowhere."""

    row: ResultRow
    picture: Path | None


@dataclass(frozen=True, eq=False)
class Trend:
    """The last parts, the oldest first: arrays of one length.

    Parameters
    ----------
    numbers : of the results
    verdicts : their places in `StationVerdict`
    distances : score minus threshold, NaN where there is no score
    unit : how far the middle of the good ones among them lies above the threshold
    """

    numbers: IntArray = field(default_factory=lambda: np.empty(0, np.int64))
    verdicts: IntArray = field(default_factory=lambda: np.empty(0, np.int64))
    distances: FloatArray = field(default_factory=lambda: np.empty(0))
    unit: float = 1.0


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A station at one moment.

    Parameters
    ----------
    since : when counting began
    counts : results since then, by verdict
    last : parts, the newest first, at most `LAST`
    trouble : why the records cannot be read; "" where they can
    people : None where the file of the line, or the records, are not known
    scanned : the code that goes with the camera's next picture; "" for none
    """

    health: Health
    since: datetime
    counts: Counter[StationVerdict] = field(default_factory=Counter)
    last: tuple[ShownPart, ...] = ()
    trend: Trend = field(default_factory=Trend)
    trouble: str = ""
    people: People | None = None
    scanned: str = ""

    @property
    def remedy(self) -> Remedy | None:
        """What an engineer has to sign before the station goes on."""
        people = self.people
        if people is None or people.is_changed:
            return None
        if people.lock:
            return Remedy.UNLOCK
        is_locked = self.health.is_alive and self.health.state == LOCKED
        return Remedy.APPROVE if is_locked and people.is_kept else None

    @property
    def yield_share(self) -> float | None:
        """The share of good parts among those that could be judged; None where there is none."""
        judged = sum(self.counts[one] for one in YIELDING)
        return self.counts[StationVerdict.GOOD] / judged if judged else None
