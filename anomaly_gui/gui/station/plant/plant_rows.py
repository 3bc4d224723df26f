"""What stands in the tables of a plant: a row for each station, and for each lot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from anomaly_gui.gui.station.feed.health import Level
from anomaly_gui.gui.station.feed.moments import to_local, write_time
from anomaly_gui.station.judging.judged import StationVerdict
from anomaly_gui.station.times import read_moment
from anomaly_gui.wording import percent

if TYPE_CHECKING:
    from anomaly_gui.station.server.plant import PlantFilter, PlantLot, PlantStation, StationName, Tally

QUIET = 3600
"""Seconds without a part after which a station is taken for one that stands still."""
translate = QCoreApplication.translate
_COUNTED = (
    StationVerdict.DEFECT,
    StationVerdict.UNSURE,
    StationVerdict.CANNOT_JUDGE,
    StationVerdict.ERROR,
)
_NONE = "–"


@dataclass(frozen=True)
class ShownRow:
    """A row of a table.

    Parameters
    ----------
    cells : texts, by column
    tip : what is said of it when it is pointed at
    lot : None in the table of stations, and for parts without a lot
    level : of its lamp; None for none
    """

    station: StationName
    cells: tuple[str, ...]
    tip: str
    lot: str | None = None
    level: Level | None = None

    @property
    def key(self) -> tuple[StationName, str | None]:
        """What tells it from other rows of its table."""
        return self.station, self.lot


def show_station(station: PlantStation, now: float) -> ShownRow:
    """Return the row of a station; `now` is in seconds since 1970."""
    sentences = [warning.sentence for warning in station.standing]
    cells = (
        write_station(station.name),
        *_write_counts(station.tally),
        _write_short(station.last_seen),
        " ".join(sentences) or _describe_past(station),
    )
    level = find_level(station, now)
    return ShownRow(station.name, cells, _describe_station(station, level), level=level)


def show_lot(lot: PlantLot) -> ShownRow:
    """Return the row of a lot."""
    name, tally = lot.lot or translate("Plant", "(no lot)"), lot.tally
    counts = _write_counts(tally, has_interval=False)
    cells = (name, write_station(lot.station), *counts, _write_short(tally.last))
    tip = translate("Plant", "%1: %2. The first part came at %3.").replace("%1", name)
    tip = tip.replace("%2", _write_yield(tally)).replace("%3", _write_short(tally.first))
    return ShownRow(lot.station, cells, tip, lot.lot)


def find_level(station: PlantStation, now: float) -> Level:
    """Return how a station does, as far as its records tell: what drifts is to be looked at."""
    if station.standing:
        return Level.WARNING
    is_quiet = not station.last_seen or now - read_moment(station.last_seen) > QUIET
    return Level.OFF if is_quiet else Level.WELL


def write_station(name: StationName) -> str:
    """Return the names of a station's place, from the larger to the smaller."""
    return ", ".join(name)


def describe_filter(wanted: PlantFilter) -> str:
    """Return what is asked for: time, line and lot."""
    time = f"{wanted.since:%Y-%m-%d %H:%M} – {wanted.until:%Y-%m-%d %H:%M}"
    return ", ".join(filter(None, (time, wanted.site, wanted.line, wanted.lot)))


def name_station_columns() -> tuple[str, ...]:
    """Return the names of the columns of `show_station`."""
    ends = (translate("Plant", "Last part"), translate("Plant", "What changed"))
    return (translate("Plant", "Station"), *_name_counts(), *ends)


def name_lot_columns() -> tuple[str, ...]:
    """Return the names of the columns of `show_lot`."""
    names = (translate("Plant", "Lot"), translate("Plant", "Station"))
    return (*names, *_name_counts(), translate("Plant", "Last part"))


def _name_counts() -> tuple[str, ...]:
    return (
        translate("Plant", "Parts"),
        translate("Plant", "Yield"),
        translate("Plant", "Defects"),
        translate("Plant", "Not sure"),
        translate("Plant", "Cannot judge"),
        translate("Plant", "Errors"),
    )


def _write_counts(tally: Tally, *, has_interval: bool = True) -> tuple[str, ...]:
    share = _write_yield(tally) if has_interval else _write_share(tally)
    return (f"{tally.parts:,}", share, *(f"{tally.counts[verdict]:,}" for verdict in _COUNTED))


def _write_share(tally: Tally) -> str:
    share = tally.measure_yield().rate
    return _NONE if share is None else percent(share, 2)


def _write_yield(tally: Tally) -> str:
    """Return the yield with its interval of 95 %."""
    rate = tally.measure_yield()
    if rate.rate is None:
        return _NONE
    text = translate("Plant", "%1 (%2 to %3)").replace("%1", percent(rate.rate, 2))
    return text.replace("%2", percent(rate.low, 2)).replace("%3", percent(rate.high, 2))


def _write_short(at: str) -> str:
    """Return a moment in few letters."""
    return f"{to_local(at):%m-%d %H:%M}" if at else _NONE


def _describe_past(station: PlantStation) -> str:
    """Return how many warnings came in the time and went again; nothing for none."""
    count = len(station.warnings)
    text = translate("Plant", "Warnings that came and went: %1")
    return text.replace("%1", str(count)) if count else ""


def _describe_station(station: PlantStation, level: Level) -> str:
    """Return what the lamp means, and every warning with its time."""
    lines = [write_station(station.name)]
    if level is Level.OFF:
        lines.append(translate("Plant", "No part came within the last hour."))
    went = translate("Plant", "It went again.")
    lines += [
        f"{write_time(one.at)}: {one.sentence}" + ("" if one.is_standing else f" {went}")
        for one in station.warnings
    ]
    return "\n".join(lines)
