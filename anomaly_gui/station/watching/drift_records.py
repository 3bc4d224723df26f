"""Drift as the records tell it: what a restart, and who only asks, begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, func, select
from sqlalchemy.exc import SQLAlchemyError

from anomaly_gui.language import translate
from anomaly_gui.station.ledger.engine import LedgerError, explain_database
from anomaly_gui.station.ledger.tables import AUDIT, RESULT
from anomaly_gui.station.watching.drift import EPOCH, Drift, SeenPart

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from sqlalchemy import Connection, Engine

ANEW = "watched anew"
"""What the audit says where present parts are taken for usual from then on."""
_MODEL = "model"
_MOST_FIRST = 20_000  # parts among which those that tell what is usual are searched


def read_drift(engine: Engine) -> Drift:
    """Return how the station's parts compare with the first ones since the model was last changed.

    Reads the first parts and those of the last two epochs, however many there are.

    Raises
    ------
    LedgerError : the records cannot be read
    """
    drift = Drift()
    try:
        with engine.connect() as connection:
            _replay(connection, drift)
    except SQLAlchemyError as error:
        why = explain_database(error)
        raise LedgerError(translate("The records cannot be read ({why}).", why=why)) from error
    return drift


def _replay(connection: Connection, drift: Drift) -> None:
    begun = connection.scalar(select(func.max(AUDIT.c.link)).where(AUDIT.c.what.in_((_MODEL, ANEW)))) or 0
    asked = select(func.min(RESULT.c.seq)).where(RESULT.c.link > begun)
    first, last = connection.scalar(asked), connection.scalar(select(func.max(RESULT.c.seq)))
    if first is None or last is None:
        return
    head = _ask_parts().where(RESULT.c.seq >= first).limit(_MOST_FIRST)
    for part in _read_parts(connection, head):
        drift.note(part)
        first = part.seq + 1
        if drift.is_settled:
            break
    tail = max(first, (last // EPOCH - 1) * EPOCH)
    for part in _read_parts(connection, _ask_parts().where(RESULT.c.seq >= tail)):
        drift.note(part)


def _ask_parts() -> Select[Any]:
    names = ("seq", "at", "verdict", "score", "brightness", "contrast", "sharpness", "highlights")
    return (
        select(*(RESULT.c[name] for name in names)).where(RESULT.c.is_challenge == 0).order_by(RESULT.c.seq)
    )


def _read_parts(connection: Connection, asked: Select[Any]) -> Iterator[SeenPart]:
    rows = connection.execution_options(yield_per=1000).execute(asked)
    for seq, at, verdict, score, *look in rows:
        has_look = None not in look[:3]
        yield SeenPart(seq, at, verdict, score, (look[0], look[1], look[2], look[3]) if has_look else None)
