"""The command `station plant`: all stations of a server at a glance.

What needs the database is imported where it is used: other commands should not wait for it.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anomaly_gui.cli.commands.station.asking import From, Lot, To, read_time
from anomaly_gui.cli.output.columns import align_columns
from anomaly_gui.cli.output.report import print_line
from anomaly_gui.language import translate
from anomaly_gui.results import write_json
from anomaly_gui.station.judging.judged import StationVerdict
from anomaly_gui.station.server.plant_tables import PlantBy
from anomaly_gui.station.settings.reading import read_server
from anomaly_gui.wording import percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from anomaly_gui.station.server.plant import Plant, StationName, Tally
    from anomaly_gui.station.settings.postgresql_settings import PostgresqlSettings

_DAYS = 7  # with this one
_File = Annotated[
    Path,
    typer.Argument(
        metavar="FILE.toml", help="The settings of a line, or a file with its table postgresql alone."
    ),
]
_By = Annotated[PlantBy, typer.Option("--by", help="A row for each station, lot, or day of a station.")]
_Site = Annotated[str | None, typer.Option("--site", metavar="TEXT", help="Only stations of this site.")]
_Line = Annotated[str | None, typer.Option("--line", metavar="TEXT", help="Only stations of this line.")]
_Csv = Annotated[
    Path | None, typer.Option("--csv", metavar="FILE", help="Write the table, for spreadsheets.")
]
_Json = Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write every number.")]


def plant_command(
    settings: _File,
    by: _By = PlantBy.STATION,
    since: From = None,
    until: To = None,
    site: _Site = None,
    line: _Line = None,
    lot: Lot = None,
    csv: _Csv = None,
    json: _Json = None,
) -> None:
    """Say how all stations of a server do: parts, verdicts, yield, and what changed slowly.

    Without --from the last seven days count. Up to two days are shown by the hour with --by day.
    """
    from anomaly_gui.station.server.plant import PlantFilter, find_midnight
    from anomaly_gui.station.server.plant_reading import read_plant
    from anomaly_gui.station.server.plant_tables import export_plant

    now = datetime.now().astimezone()
    times = (
        read_time("--from", since) or find_midnight(now, 1 - _DAYS),
        read_time("--to", until) or find_midnight(now),
    )
    server = read_server(settings)
    plant = read_plant(server, PlantFilter(*times, site, line, lot))
    for told in _describe_plant(plant, by):
        print_line(told)
    if csv is not None:
        export_plant(plant, by, csv)
    if json is not None:
        write_json(json, _to_json(server, plant, by))


def _to_json(server: PostgresqlSettings, plant: Plant, by: PlantBy) -> dict[str, object]:
    from anomaly_gui.station.server.plant_tables import list_warnings, tabulate_plant

    return {
        "server": server.name,
        "at": plant.at.isoformat(),
        "since": plant.wanted.since.isoformat(),
        "until": plant.wanted.until.isoformat(),
        "by": by.value,
        "rows": tabulate_plant(plant, by),
        "has_more_lots": plant.has_more_lots,
        "warnings": list_warnings(plant),
    }


def _describe_plant(plant: Plant, by: PlantBy) -> Iterator[str]:
    wanted = plant.wanted
    yield translate(
        "{since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M}", since=wanted.since, until=wanted.until
    )
    key, rows = _list_rows(plant, by)
    counts = (*(verdict.told for verdict in StationVerdict), translate("yield"), translate("last"))
    header = (*key, translate("parts"), *counts)
    yield from align_columns([header, *((*names, *_write_tally(tally)) for names, tally in rows)])
    if by is PlantBy.LOT and plant.has_more_lots:
        yield translate("There are older lots, too: ask for a shorter time, or for one lot.")
    for station in plant.stations:
        for warning in station.standing:
            yield f"{_write_name(station.name)}: {warning.sentence}"


def _list_rows(plant: Plant, by: PlantBy) -> tuple[tuple[str, ...], Sequence[tuple[tuple[str, ...], Tally]]]:
    """Return names of the columns before the sums, and the rows."""
    station = translate("station")
    if by is PlantBy.STATION:
        return (station,), [((_write_name(one.name),), one.tally) for one in plant.stations]
    if by is PlantBy.LOT:
        lots = [((one.lot or "-", _write_name(one.station)), one.tally) for one in plant.lots]
        return (translate("lot"), station), lots
    form = "%Y-%m-%d %H:%M" if plant.wanted.is_by_hour else "%Y-%m-%d"
    days = [
        ((f"{plant.begins[place].astimezone():{form}}", _write_name(one.name)), tally)
        for one in plant.stations
        for place, tally in one.spans.items()
    ]
    return (translate("hour") if plant.wanted.is_by_hour else translate("day"), station), days


def _write_name(name: StationName) -> str:
    return translate("{site}, {line}, {station}", site=name.site, line=name.line, station=name.name)


def _write_tally(tally: Tally) -> tuple[str, ...]:
    counts = (f"{tally.counts[verdict]:,}" for verdict in StationVerdict)
    return (f"{tally.parts:,}", *counts, _write_yield(tally), tally.last or "-")


def _write_yield(tally: Tally) -> str:
    """Return the yield with its interval, as reports have it."""
    rate = tally.measure_yield()
    if rate.rate is None:
        return "-"
    return translate(
        "{rate} ({low} to {high})",
        rate=percent(rate.rate, 2),
        low=percent(rate.low, 2),
        high=percent(rate.high, 2),
    )
