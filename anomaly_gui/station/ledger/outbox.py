"""What outputs read and mark: each in its own process, by its own connection."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, literal, select, update

from anomaly_gui.station.ledger.engine import open_engine, writing
from anomaly_gui.station.ledger.messages import make_message
from anomaly_gui.station.ledger.tables import ACKED, OUTBOX, PENDING, RESULT
from anomaly_gui.station.times import now_utc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Waiting:
    """A message to be sent: a result or an alarm. `number` is its place in the order, from 1."""

    number: int
    message: Mapping[str, Any]


@dataclass(frozen=True)
class OutputBacklog:
    """How many messages have not arrived, and when (UTC) the oldest was put there."""

    count: int
    oldest: datetime | None


class LedgerOutbox:
    """The messages of the outputs, as the ledger has them.

    Raises
    ------
    LedgerError : the ledger cannot be opened
    """

    def __init__(self, file: Path) -> None:
        self._engine = open_engine(file)

    def read_pending(self, output: str, after: int, limit: int) -> list[Waiting]:
        """Return the first messages above a number that have not arrived, in order."""
        asked = (
            select(OUTBOX.c.number, OUTBOX.c.alarm, RESULT)
            .join_from(OUTBOX, RESULT, OUTBOX.c.seq == RESULT.c.seq, isouter=True)
            .where(OUTBOX.c.output == output, OUTBOX.c.state == PENDING, OUTBOX.c.number > after)
            .order_by(OUTBOX.c.number)
            .limit(limit)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(asked).mappings().all()
        return [Waiting(row["number"], _read_message(dict(row))) for row in rows]

    def acknowledge(self, output: str, numbers: Sequence[int]) -> None:
        """Note that messages have arrived; those that had before stay so."""
        which = (OUTBOX.c.output == output) & OUTBOX.c.number.in_(numbers) & (OUTBOX.c.state == PENDING)
        with writing(self._engine) as connection:
            connection.execute(update(OUTBOX).where(which).values(state=ACKED, acked_at=now_utc()))

    def measure_backlog(self, output: str) -> OutputBacklog:
        """Return what has not arrived."""
        pending = literal(
            PENDING, literal_execute=True
        )  # in the statement, for SQLite to read the index only
        waits = (OUTBOX.c.output == output) & (OUTBOX.c.state == pending)
        first = select(OUTBOX.c.at).where(waits).order_by(OUTBOX.c.number).limit(1)
        with self._engine.connect() as connection:
            count = connection.scalar(select(func.count()).select_from(OUTBOX).where(waits)) or 0
            oldest = connection.scalar(first)
        at = None if oldest is None else datetime.fromisoformat(oldest.replace("Z", "+00:00"))
        return OutputBacklog(count, at)

    def read_acknowledged(self, output: str, limit: int) -> list[dict[str, Any]]:
        """Return the last results that have arrived, the oldest first."""
        asked = (
            select(RESULT)
            .join(OUTBOX, OUTBOX.c.seq == RESULT.c.seq)
            .where(OUTBOX.c.output == output, OUTBOX.c.state == ACKED)
            .order_by(OUTBOX.c.number.desc())
            .limit(limit)
        )
        with self._engine.connect() as connection:
            return [make_message(dict(row)) for row in reversed(connection.execute(asked).mappings().all())]

    def close(self) -> None:
        """Close the ledger."""
        self._engine.dispose()


def _read_message(row: Mapping[str, Any]) -> dict[str, Any]:
    if row["alarm"] is not None:
        alarm: dict[str, Any] = json.loads(row["alarm"])
        return alarm
    return make_message(row)
