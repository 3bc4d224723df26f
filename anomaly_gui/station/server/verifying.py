"""Check that a server's copy of a station's records is what the station wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from anomaly_gui.language import translate
from anomaly_gui.station.ledger.engine import open_reader
from anomaly_gui.station.ledger.verifying import MOST_FAULTS, Verified, check_rows
from anomaly_gui.station.server.chain_rows import measure_waiting, read_hash
from anomaly_gui.station.server.connecting import ServerError, find_version, open_server
from anomaly_gui.station.server.copying import find_station
from anomaly_gui.station.server.tables import SHARED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import Connection

    from anomaly_gui.station.settings.postgresql_settings import PostgresqlSettings

_AT_ONCE = 1000  # rows that are in memory


@dataclass(frozen=True)
class ServerVerified:
    """What a check of a server's copy found; `waiting` rows of the station are not there yet."""

    found: Verified
    waiting: int


def verify_server(
    settings: PostgresqlSettings, ledger_file: Path, known: Mapping[str, str] | None = None
) -> ServerVerified:
    """Check a server's rows of one station: their chain, and that its end is in the station's own.

    Parameters
    ----------
    known : hashes of rows that there were, and the sentence to say where there is no such row

    Raises
    ------
    ServerError : the server cannot be reached, or has nothing of this station
    LedgerError : the station's own records cannot be read
    """
    found = Verified(missing=dict(known or {}))
    with open_reader(ledger_file) as own:
        first = read_hash(own, 1)
    with open_server(settings) as server:
        reader = server.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with reader.begin():
            number = None if first is None or find_version(reader) is None else find_station(reader, first)
            if number is None:
                raise ServerError(translate("{server} has no records of this station.", server=settings.name))
            check_rows(_read_tables(reader, number), found)
    count = found.results + found.entries
    with open_reader(ledger_file) as own:  # anew: what was copied meanwhile is there, too
        if not found.faults and read_hash(own, count) != found.head:
            found.faults.append(translate("The server's last row is not in the station's own records."))
        del found.faults[MOST_FAULTS:]
        return ServerVerified(found, measure_waiting(own, count)[0])


def _read_tables(connection: Connection, number: int) -> list[Iterator[tuple[str, Mapping[str, Any]]]]:
    """Return the rows of both tables, some at a time."""

    def read_table(kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        table = SHARED[kind]
        columns = [column for column in table.c if column.name != "station_number"]
        asked = select(*columns).where(table.c.station_number == number).order_by(table.c.link)
        rows = connection.execution_options(yield_per=_AT_ONCE).execute(asked)
        for row in rows.mappings():
            yield kind, dict(row)

    return [read_table(kind) for kind in SHARED]
