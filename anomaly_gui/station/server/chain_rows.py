"""Rows of results and audit in the order of the chain, for who copies or checks them."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from anomaly_gui.station.ledger.tables import AUDIT, RESULT

if TYPE_CHECKING:
    from sqlalchemy import Connection

KINDS = {"result": RESULT, "audit": AUDIT}
ChainRow = tuple[str, dict[str, Any]]
"""`result` or `audit`, and the columns."""


def read_chain(connection: Connection, after: int, most: int) -> list[ChainRow]:
    """Return the first rows behind a link, in order."""
    found: list[ChainRow] = []
    for kind, table in KINDS.items():
        asked = select(table).where(table.c.link > after).order_by(table.c.link).limit(most)
        found += ((kind, dict(row)) for row in connection.execute(asked).mappings())
    return heapq.nsmallest(most, found, key=lambda row: row[1]["link"])


def read_hash(connection: Connection, link: int) -> str | None:
    """Return the hash of one row; None where there is none."""
    for table in KINDS.values():
        found: str | None = connection.scalar(select(table.c.hash).where(table.c.link == link))
        if found is not None:
            return found
    return None


def measure_waiting(connection: Connection, after: int) -> tuple[int, str | None]:
    """Return how many rows are behind a link, and when the first of them was written; None for none."""
    first = read_chain(connection, after, 1)
    ends = (connection.scalar(select(func.max(table.c.link))) or 0 for table in KINDS.values())
    return max(0, max(ends) - after), first[0][1]["at"] if first else None
