"""Copy rows of a station to a server: in order, and each once, however often it is tried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from anomaly_gui.language import translate
from anomaly_gui.station.ledger.chain import BEGINNING
from anomaly_gui.station.server.connecting import ServerError, limit_statements
from anomaly_gui.station.server.tables import SHARED, STATION
from anomaly_gui.station.times import now_utc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from anomaly_gui.station.ledger.ledger import Place
    from anomaly_gui.station.server.chain_rows import ChainRow


@dataclass(frozen=True)
class ChainEnd:
    """The last row of a chain; link 0 where there is none."""

    link: int = 0
    hash: str = BEGINNING


def name_station(connection: Connection, first_hash: str, place: Place) -> int:
    """Return the number a station has on a server, which is a new one for records that begin anew.

    Parameters
    ----------
    first_hash : of the first row of its records
    """
    names = {"site": place.site, "line": place.line, "name": place.station}
    known = STATION.c.first_hash == first_hash
    new = insert(STATION).values(first_hash=first_hash, at=now_utc(), **names).on_conflict_do_nothing()
    with connection.begin():
        if find_station(connection, first_hash) is None:
            connection.execute(new)
        differs = func.row(STATION.c.site, STATION.c.line, STATION.c.name) != func.row(*names.values())
        connection.execute(update(STATION).where(known, differs).values(names))
        number = find_station(connection, first_hash)
    if number is None:
        raise ServerError(translate("The server does not keep what it is given."))
    return number


def find_station(connection: Connection, first_hash: str) -> int | None:
    """Return the number a station has on a server; None where it has none yet."""
    found: int | None = connection.scalar(select(STATION.c.number).where(STATION.c.first_hash == first_hash))
    return found


def find_server_end(connection: Connection, number: int) -> ChainEnd:
    """Return the last row that a server has of a station."""
    ends = [ChainEnd()]
    for table in SHARED.values():
        asked = select(table.c.link, table.c.hash).where(table.c.station_number == number)
        row = connection.execute(asked.order_by(table.c.link.desc()).limit(1)).first()
        ends += [] if row is None else [ChainEnd(row[0], row[1])]
    return max(ends, key=lambda end: end.link)


def copy_rows(connection: Connection, number: int, rows: Sequence[ChainRow]) -> ChainEnd:
    """Copy rows in one transaction, but for those that are there; return the last.

    Raises
    ------
    ServerError : there is another row in the place of the last: nothing is copied
    """
    end = ChainEnd(rows[-1][1]["link"], rows[-1][1]["hash"])
    with connection.begin():
        connection.execute(limit_statements())
        for kind, table in SHARED.items():
            values = [{**row, "station_number": number} for one, row in rows if one == kind]
            if values:
                connection.execute(insert(table).on_conflict_do_nothing(), values)
        refuse_other_rows(find_server_end(connection, number), end)
    return end


def refuse_other_rows(server: ChainEnd, own: ChainEnd) -> None:
    """Raise where the last row of a server is not that of the station."""
    if server != own:
        raise ServerError(
            translate(
                "The server's row {link} of this station is not in the station's records: they were "
                "restored from a copy, or changed. Nothing is copied.",
                link=server.link,
            )
        )
