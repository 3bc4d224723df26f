"""A plant as tables for others: CSV, JSON, and what the command line prints."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from anomaly_gui.results import write_csv
from anomaly_gui.station.judging.judged import StationVerdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from anomaly_gui.station.server.plant import Plant, PlantStation, Tally


class PlantBy(str, Enum):
    """What a table has a row for; a day is an hour where the time is short."""

    STATION = "station"
    LOT = "lot"
    DAY = "day"


def tabulate_plant(plant: Plant, by: PlantBy) -> list[dict[str, Any]]:
    """Return the rows of a table, by the names of its columns; shares are from 0 to 1."""
    return list(
        {PlantBy.STATION: _list_stations, PlantBy.LOT: _list_lots, PlantBy.DAY: _list_days}[by](plant)
    )


def list_warnings(plant: Plant) -> list[dict[str, Any]]:
    """Return the warnings of drift of all stations, by the names of columns."""
    return [
        {**station.name._asdict(), "warning": one.name, "at": one.at}
        | {"sentence": one.sentence, "is_standing": one.is_standing}
        for station in plant.stations
        for one in station.warnings
    ]


def export_plant(plant: Plant, by: PlantBy, file: Path) -> int:
    """Write a table for spreadsheets; return how many rows. UserError where the file cannot be written."""
    rows = tabulate_plant(plant, by)
    header = list(rows[0]) if rows else ["site", "line", "name"]
    write_csv(file, header, (list(row.values()) for row in rows))
    return len(rows)


def _list_stations(plant: Plant) -> Iterator[dict[str, Any]]:
    for one in plant.stations:
        yield {**one.name._asdict(), **_write_tally(one.tally), **_write_drift(one)}


def _list_lots(plant: Plant) -> Iterator[dict[str, Any]]:
    for one in plant.lots:
        yield {**one.station._asdict(), "lot": one.lot, **_write_tally(one.tally)}


def _list_days(plant: Plant) -> Iterator[dict[str, Any]]:
    for one in plant.stations:
        for place, tally in one.spans.items():
            yield {**one.name._asdict(), "begins": plant.begins[place].isoformat(), **_write_tally(tally)}


def _write_tally(tally: Tally) -> dict[str, Any]:
    rate = tally.measure_yield()
    is_known = rate.rate is not None
    return {
        "parts": tally.parts,
        **{verdict.value: tally.counts[verdict] for verdict in StationVerdict},
        "yield": rate.rate,
        "yield_low": rate.low if is_known else None,
        "yield_high": rate.high if is_known else None,
        "rejected": tally.rejected,
        "first": tally.first,
        "last": tally.last,
    }


def _write_drift(station: PlantStation) -> dict[str, Any]:
    standing = station.standing
    return {
        "last_seen": station.last_seen,
        "warnings": len(station.warnings),
        "standing": " ".join(one.name for one in standing),
        "sentences": " ".join(one.sentence for one in standing),
    }
