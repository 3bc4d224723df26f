"""The tables of a server: those of the records, with the number of a station before each row."""

from sqlalchemy import Column, Identity, Integer, MetaData, Table, Text

from anomaly_gui.station.ledger.tables import AUDIT, RESULT

SCHEMA = "anomaly"
"""The schema they are in, so that they are in nobody's way."""
METADATA = MetaData(schema=SCHEMA)

STATION = Table(
    "station",
    METADATA,
    Column("number", Integer, Identity(), primary_key=True),
    Column("first_hash", Text, nullable=False, unique=True),
    *(Column(name, Text, nullable=False) for name in ("site", "line", "name", "at")),
)
"""The stations. Each is known by the hash of the first row of its records: new ones are another."""


def _share(table: Table) -> Table:
    """Return the table of a server for one of a station's file."""
    keys = ("station_number", "link")
    own = [Column(one.name, one.type, primary_key=one.name in keys, nullable=one.nullable) for one in table.c]
    number = Column("station_number", Integer, primary_key=True, autoincrement=False)
    return Table(table.name, METADATA, number, *own)


SHARED = {"result": _share(RESULT), "audit": _share(AUDIT)}
