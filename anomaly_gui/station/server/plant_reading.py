"""Read from a server what it has of a plant."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.station.judging.judged import StationVerdict
from anomaly_gui.station.ledger.engine import NEWEST
from anomaly_gui.station.server.connecting import (
    ServerError,
    find_version,
    limit_statements,
    open_server,
    refuse_later,
)
from anomaly_gui.station.server.plant import (
    DriftWarning,
    Plant,
    PlantFilter,
    PlantLot,
    PlantStation,
    StationName,
    Tally,
)
from anomaly_gui.station.server.plant_questions import (
    MOST_LOTS,
    Numbers,
    ask_lots,
    ask_spans,
    ask_stations,
    ask_warnings,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from anomaly_gui.station.settings.postgresql_settings import PostgresqlSettings

_LONGEST = timedelta(days=3660)


def read_plant(settings: PostgresqlSettings, wanted: PlantFilter) -> Plant:
    """Return what a server has of its stations, all as of one moment; nothing is changed there.

    Parts of a challenge and of simulated cameras do not count.

    Raises
    ------
    ServerError : it cannot be reached, has no records, or those of another version
    UserError : the time ends before it begins, or is longer than ten years
    """
    _check_time(wanted)
    with open_server(settings) as server:
        reader = server.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with reader.begin():
            reader.execute(limit_statements())
            _refuse_others(reader, settings)
            return _read_plant(reader, wanted)


def _check_time(wanted: PlantFilter) -> None:
    if wanted.since >= wanted.until:
        raise UserError(translate("The time ends before it begins."))
    if wanted.until - wanted.since > _LONGEST:
        raise UserError(translate("The time may be ten years at most."))


def _refuse_others(server: Connection, settings: PostgresqlSettings) -> None:
    version = find_version(server)
    if version is None:
        raise ServerError(translate("{server} has no records of any station.", server=settings.name))
    refuse_later(version)
    if version != NEWEST:
        raise ServerError(
            translate("The records are of an earlier version of Anomaly GUI: start the station once.")
        )


def _read_plant(server: Connection, wanted: PlantFilter) -> Plant:
    rows = server.execute(ask_stations()).all()
    known = {number: StationName(*names) for number, *names, _ in rows}
    newest = {name: number for number, name in known.items()}  # of each the last, as they are in order
    asked = {number: newest[name] for number, name in known.items() if wanted.takes_in(name)}
    begins = wanted.list_begins()
    spans, warnings = _read_spans(server, asked, wanted, begins), _read_warnings(server, asked, wanted)
    seen: defaultdict[StationName, str] = defaultdict(str)
    for number, *_, last in rows:
        seen[known[number]] = max(seen[known[number]], last or "")
    stations = (
        _make_station(name, spans[newest[name]], warnings[newest[name]], seen[name])
        for name in sorted(newest)
        if wanted.takes_in(name)
    )
    lots = server.execute(ask_lots(asked, wanted)).all()
    return Plant(
        wanted=wanted,
        at=datetime.now().astimezone(),
        names=tuple(sorted(newest)),
        begins=tuple(begins),
        stations=tuple(one for one in stations if wanted.lot is None or one.tally.parts),
        lots=tuple(PlantLot(known[row[0]], row[1], _make_tally(row[2:])) for row in lots[:MOST_LOTS]),
        has_more_lots=len(lots) > MOST_LOTS,
    )


def _read_spans(
    server: Connection, asked: Numbers, wanted: PlantFilter, begins: Sequence[datetime]
) -> defaultdict[int, dict[int, Tally]]:
    """Return sums by station and by the place of the hour or day."""
    found: defaultdict[int, dict[int, Tally]] = defaultdict(dict)
    for row in server.execute(ask_spans(asked, wanted, begins)):
        found[row[0]][row[1] - 1] = _make_tally(row[2:])
    return found


def _read_warnings(
    server: Connection, asked: Numbers, wanted: PlantFilter
) -> defaultdict[int, list[DriftWarning]]:
    found: defaultdict[int, list[DriftWarning]] = defaultdict(list)
    for number, *values in server.execute(ask_warnings(asked, wanted)):
        found[asked[number]].append(DriftWarning(*values))
    return found


def _make_tally(sums: Sequence[Any]) -> Tally:
    *counts, first, last = sums
    return Tally(+Counter(dict(zip(StationVerdict, counts, strict=True))), first, last)


def _make_station(
    name: StationName, spans: Mapping[int, Tally], warnings: Sequence[DriftWarning], last_seen: str
) -> PlantStation:
    by_time = dict(sorted(spans.items()))
    return PlantStation(name, sum(by_time.values(), Tally()), by_time, tuple(warnings), last_seen)
