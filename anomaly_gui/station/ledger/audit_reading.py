"""Read the audit beside the station that writes it: who did what, alarms that came and went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from anomaly_gui.station.ledger.engine import open_reader
from anomaly_gui.station.ledger.linking import find_end
from anomaly_gui.station.ledger.tables import AUDIT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ALARM = "alarm"
"""What entries of alarms are called."""


@dataclass(frozen=True)
class AuditRow:
    """An entry of the audit: each column of the table."""

    link: int
    at: str
    who: str
    role: str
    what: str
    before: str
    after: str
    why: str
    previous_hash: str
    hash: str


def find_entries(
    ledger_file: Path,
    limit: int,
    after: int | None = None,
    *,
    what: Sequence[str] = (),
    before: Sequence[str] = (),
) -> list[AuditRow]:
    """Return entries, the newest first; LedgerError where they cannot be read.

    Parameters
    ----------
    after : `link` of the last one of the page before; None: begin with the newest
    what, before : only entries that are called so, and were like that before; empty: all. Of alarms,
        `before` is the name
    """
    columns = AUDIT.c
    asked = select(AUDIT).order_by(columns.link.desc()).limit(limit)
    if after is not None:
        asked = asked.where(columns.link < after)
    for column, values in ((columns.what, what), (columns.before, before)):
        if values:
            asked = asked.where(column.in_(values))
    with open_reader(ledger_file) as connection:
        return [AuditRow(**row) for row in connection.execute(asked).mappings()]


def read_end(ledger_file: Path) -> tuple[int, str]:
    """Return the number and the hash of the last row of the chain; LedgerError where it cannot be read."""
    with open_reader(ledger_file) as connection:
        return find_end(connection)
