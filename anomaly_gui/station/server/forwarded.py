"""What a station's own file says of how much a server has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from anomaly_gui.station.ledger.engine import writing
from anomaly_gui.station.ledger.tables import FORWARDED
from anomaly_gui.station.times import now_utc

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine


def note_forwarded(engine: Engine, server: str, link: int) -> None:
    """Note the last link of the chain that a server is known to have."""
    values = {"link": link, "at": now_utc()}
    noted = insert(FORWARDED).values(server=server, **values)
    with writing(engine) as connection:
        connection.execute(noted.on_conflict_do_update(index_elements=["server"], set_=values))


def read_forwarded(connection: Connection, server: str) -> int:
    """Return that link, 0 where nothing was noted of a server."""
    return connection.scalar(select(FORWARDED.c.link).where(FORWARDED.c.server == server)) or 0
