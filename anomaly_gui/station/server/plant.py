"""What a server has of all its stations: parts and verdicts, yield and drift, by station, lot and time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from anomaly_gui.detection.judging.metrics import Rate
from anomaly_gui.station.judging.judged import YIELDING, StationVerdict

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

Counts = Counter[StationVerdict]
_BY_HOUR = timedelta(days=2)  # longer spans are told by day
_HOUR = timedelta(hours=1)


class StationName(NamedTuple):
    """What a station is called; records that begin anew under the same name are of the same station."""

    site: str
    line: str
    name: str


@dataclass(frozen=True)
class PlantFilter:
    """Which results are asked for: all of what is named has to be so.

    Parameters
    ----------
    since, until : judged at or after, and before; moments that know their time zone
    site, line, lot : exactly these; None: any
    """

    since: datetime
    until: datetime
    site: str | None = None
    line: str | None = None
    lot: str | None = None

    @property
    def is_by_hour(self) -> bool:
        """Whether the time is told in hours, and not in days."""
        return self.until - self.since <= _BY_HOUR

    def list_begins(self) -> list[datetime]:
        """Return when each hour or day begins: the first with the time, others by the clock here."""
        find_next = _find_next_hour if self.is_by_hour else find_midnight
        begins, moment = [self.since], find_next(self.since)
        while moment < self.until:
            begins.append(moment)
            moment = find_next(moment)
        return begins

    def takes_in(self, station: StationName) -> bool:
        """Tell whether a station is asked for."""
        return self.site in (None, station.site) and self.line in (None, station.line)


def find_midnight(moment: datetime, days: int = 1) -> datetime:
    """Return the midnight here, so many after the one that the day of a moment began with."""
    day = moment.astimezone().date() + timedelta(days=days)
    return datetime.combine(day, time()).astimezone()


def _find_next_hour(moment: datetime) -> datetime:
    begun = moment.astimezone().replace(minute=0, second=0, microsecond=0)
    return (begun + _HOUR).astimezone()


@dataclass(frozen=True)
class Tally:
    """Results that were counted.

    Parameters
    ----------
    counts : by verdict
    first, last : when the first and the last were recorded; "" where there is none
    """

    counts: Counts = field(default_factory=Counter)
    first: str = ""
    last: str = ""

    def __add__(self, other: Tally) -> Tally:
        """Return both together."""
        firsts, lasts = filter(None, (self.first, other.first)), (self.last, other.last)
        return Tally(self.counts + other.counts, min(firsts, default=""), max(lasts))

    @property
    def parts(self) -> int:
        """How many there are."""
        return self.counts.total()

    @property
    def rejected(self) -> float | None:
        """The share of defects, as the trend of a station has it; None without parts."""
        return self.counts[StationVerdict.DEFECT] / self.parts if self.parts else None

    def measure_yield(self) -> Rate:
        """Return the share of good parts among those that could be judged, with its interval of 95 %."""
        return Rate.of(self.counts[StationVerdict.GOOD], sum(self.counts[one] for one in YIELDING))


@dataclass(frozen=True)
class DriftWarning:
    """A warning that something changed slowly.

    Parameters
    ----------
    name : of the alarm, such as "light"
    at : when it came
    sentence : what was recorded of it
    is_standing : whether it has not gone since
    """

    name: str
    at: str
    sentence: str
    is_standing: bool


@dataclass(frozen=True)
class PlantStation:
    """A station in the time that was asked for.

    Parameters
    ----------
    spans : the same by the place of the hour or day in the plant's; those without parts are not there
    warnings : of drift: those that came in the time, and those that stand now, which are first
    last_seen : when its newest result of all was recorded; "" where there is none
    """

    name: StationName
    tally: Tally
    spans: Mapping[int, Tally]
    warnings: tuple[DriftWarning, ...]
    last_seen: str

    @property
    def standing(self) -> tuple[DriftWarning, ...]:
        """The warnings that stand now."""
        return tuple(warning for warning in self.warnings if warning.is_standing)


@dataclass(frozen=True)
class PlantLot:
    """A lot at a station; `lot` is None for parts without one."""

    station: StationName
    lot: str | None
    tally: Tally


@dataclass(frozen=True)
class Plant:
    """All stations of a server, as they were at one moment.

    Parameters
    ----------
    at : that moment
    names : of all stations that the server knows, asked for or not
    begins : of each hour or day
    lots : the one with the newest part first
    has_more_lots : whether there are older ones, too
    """

    wanted: PlantFilter
    at: datetime
    names: tuple[StationName, ...]
    begins: tuple[datetime, ...]
    stations: tuple[PlantStation, ...]
    lots: tuple[PlantLot, ...]
    has_more_lots: bool

    def narrow(self, names: Collection[StationName]) -> Plant:
        """Return what is of some stations; of all where none is named."""
        if not names:
            return self
        stations = tuple(one for one in self.stations if one.name in names)
        return replace(self, stations=stations, lots=tuple(one for one in self.lots if one.station in names))
