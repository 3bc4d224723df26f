"""The challenge as the records hold it: entries of the audit, and results marked as challenge."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from anomaly_gui.language import translate
from anomaly_gui.station.ledger.engine import LedgerError, explain_database
from anomaly_gui.station.ledger.tables import AUDIT, RESULT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

ASKED, BEGUN, PASSED, FAILED = (
    *("challenge asked", "challenge begun", "challenge passed", "challenge failed"),
)
"""What the audit says.

ASKED: by a person, `after` is PICTURES or PARTS. BEGUN: `before` is the digest of the model, `after` the list
of what comes. FAILED: `after` is the list of what was judged wrongly; the lock comes with it.
"""
PICTURES, PARTS = "pictures", "parts"


@dataclass(frozen=True)
class Entry:
    """An entry of the audit."""

    link: int
    at: str
    before: str
    after: str
    why: str
    who: str


@dataclass(frozen=True)
class KnownPart:
    """A part that comes in a challenge: what it is, and its picture; "" for one before the camera."""

    known: str
    path: str = ""


@dataclass(frozen=True)
class Wrong:
    """A known part that was judged wrongly."""

    known: str
    verdict: str
    path: str


def find_entry(engine: Engine, *whats: str) -> Entry | None:
    """Return the last entry of one of some kinds; raises LedgerError."""
    names = ("link", "at", "before", "after", "why", "who")
    asked = select(*(AUDIT.c[name] for name in names)).where(AUDIT.c.what.in_(whats))
    try:
        with engine.connect() as connection:
            found = connection.execute(asked.order_by(AUDIT.c.link.desc()).limit(1)).first()
    except SQLAlchemyError as error:
        raise _explain(error) from error
    return None if found is None else Entry(*found)


def is_after(entry: Entry | None, other: Entry | None) -> bool:
    """Tell whether there is an entry, and none of the other kind since."""
    return entry is not None and (other is None or entry.link > other.link)


def write_parts(parts: Sequence[KnownPart]) -> str:
    """Return what an entry BEGUN says of what comes."""
    return json.dumps([vars(part) for part in parts])


def read_parts(entry: Entry) -> list[KnownPart]:
    """Return what comes in a challenge that was begun."""
    return [KnownPart(**values) for values in json.loads(entry.after)]


def list_verdicts(engine: Engine, begun: Entry) -> list[tuple[str, str]]:
    """Return verdict and path of each part of a challenge, in order; raises LedgerError."""
    asked = select(RESULT.c.verdict, RESULT.c.image_path).where(
        RESULT.c.link > begun.link, RESULT.c.is_challenge == 1
    )
    try:
        with engine.connect() as connection:
            return [(row[0], row[1]) for row in connection.execute(asked.order_by(RESULT.c.seq))]
    except SQLAlchemyError as error:
        raise _explain(error) from error


def write_wrong(wrong: Sequence[Wrong]) -> str:
    """Return what an entry FAILED says of parts that were judged wrongly."""
    return json.dumps([vars(one) for one in wrong])


def read_wrong(entry: Entry) -> list[Wrong]:
    """Return the parts that were judged wrongly, as an entry FAILED or PASSED says."""
    return [Wrong(**values) for values in json.loads(entry.after or "[]")]


def list_active_alarms(engine: Engine) -> dict[str, str]:
    """Return the texts of alarms that came and did not go, by name; raises LedgerError."""
    asked = select(AUDIT.c.before, AUDIT.c.after, AUDIT.c.why).where(AUDIT.c.what == "alarm")
    active: dict[str, str] = {}
    try:
        with engine.connect() as connection:
            for name, after, text in connection.execute(asked.order_by(AUDIT.c.link)):
                active.pop(name, None)
                active |= {name: text} if after == "came" else {}
    except SQLAlchemyError as error:
        raise _explain(error) from error
    return active


def _explain(error: SQLAlchemyError) -> LedgerError:
    return LedgerError(translate("The records cannot be read ({why}).", why=explain_database(error)))
