"""Add rows to the chain of results and audit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from anomaly_gui.station.ledger.chain import BEGINNING, hash_row
from anomaly_gui.station.ledger.tables import AUDIT, RESULT
from anomaly_gui.station.times import now_utc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

CUT = "cut"
"""Of an entry on rows missing at the end: `before` is the last that there was, `after` the last there is."""


@dataclass(frozen=True)
class AuditEntry:
    """Something that is no verdict: who did what, from what to what, and why."""

    what: str
    before: str = ""
    after: str = ""
    why: str = ""
    who: str = ""
    role: str = ""


def add_link(connection: Connection, kind: str, values: dict[str, Any]) -> int:
    """Add a row to the chain; return its number."""
    number, before = find_end(connection)
    texts = {name: clean_text(value) for name, value in values.items() if isinstance(value, str)}
    row = {**values, **texts, "link": number + 1, "previous_hash": before}
    table = {"result": RESULT, "audit": AUDIT}[kind]
    connection.execute(insert(table).values({**row, "hash": hash_row(kind, row)}))
    return number + 1


def clean_text(text: str) -> str:
    """Return a text that every database can hold: UTF-8, whatever bytes a name in it had, and no zero byte.

    >>> clean_text("a\\0b\\udce9")
    'a\\\\x00b\\\\udce9'
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\x00")


def add_entry(connection: Connection, entry: AuditEntry) -> int:
    """Add an entry to the audit, as of now; return its number in the chain."""
    return add_link(connection, "audit", {**vars(entry), "at": now_utc()})


def has_link(connection: Connection, number: int, its_hash: str) -> bool:
    """Tell whether the chain has a row with this number and hash."""
    for table in (RESULT, AUDIT):
        asked = select(table.c.link).where(table.c.link == number, table.c.hash == its_hash)
        if connection.execute(asked).first() is not None:
            return True
    return False


def find_end(connection: Connection) -> tuple[int, str]:
    """Return the number and the hash of the last row of the chain."""
    ends = [
        connection.execute(select(table.c.link, table.c.hash).order_by(table.c.link.desc()).limit(1)).first()
        for table in (RESULT, AUDIT)
    ]
    found: Iterator[tuple[int, str]] = ((end[0], end[1]) for end in ends if end is not None)
    return max(found, default=(0, BEGINNING))
