"""Who is signed in at the station: one person at a time, locked when idle, and for no longer than a shift."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from anomaly_gui.language import keep
from anomaly_gui.station.access import clock
from anomaly_gui.station.access.history import read_history
from anomaly_gui.station.access.roles import AccessError, Role
from anomaly_gui.station.access.signing import authenticate, require_person
from anomaly_gui.station.ledger.engine import explaining, writing
from anomaly_gui.station.ledger.linking import AuditEntry, add_entry
from anomaly_gui.station.ledger.tables import AUDIT, SIGNED_IN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Engine

    from anomaly_gui.station.access.history import History
    from anomaly_gui.station.access.people import Person
    from anomaly_gui.station.settings.access_settings import AccessSettings

SIGN_IN, SIGN_OUT = "sign-in", "sign-out"
"""What the audit calls them."""


@dataclass(frozen=True)
class Session:
    """Who is signed in.

    Parameters
    ----------
    since : seconds since 1970
    is_locked : whether the password has to be given again before anything is signed
    """

    name: str
    role: Role
    since: float
    is_locked: bool


def sign_in(engine: Engine, name: str, password: str, settings: AccessSettings) -> Person:
    """Let somebody be signed in, and whoever was before be so no longer; AccessError as `authenticate`."""
    person = authenticate(engine, name, password, settings)
    now = clock.read_clock()
    with explaining(engine), writing(engine) as connection:
        _end_session(connection, keep("another signed in"))
        link = add_entry(connection, AuditEntry(SIGN_IN, who=name, role=person.role.value))
        connection.execute(insert(SIGNED_IN).values(link=link, name=name, since=now, active=now))
    return person


def sign_out(engine: Engine) -> str | None:
    """Let nobody be signed in; return who was, if anybody."""
    with explaining(engine), writing(engine) as connection:
        return _end_session(connection, "")


def end_session_of(connection: Connection, name: str, why: str) -> None:
    """Sign somebody out who may not go on, such as one who is removed."""
    row = connection.execute(select(SIGNED_IN)).mappings().first()
    if row is not None and row["name"] == name:
        _end_session(connection, why)


def read_session(engine: Engine, settings: AccessSettings) -> Session | None:
    """Return who is signed in; None where nobody is, or the records of that were changed."""
    with explaining(engine), engine.connect() as connection:
        return find_session(connection, settings, read_history(connection))


def find_session(connection: Connection, settings: AccessSettings, history: History) -> Session | None:
    """Return who is signed in, as `read_session`, by what was read of the audit already."""
    access = history.settle_access(settings)
    row = _read_row(connection, access)
    if row is None:
        return None
    try:
        person = require_person(connection, history, row["name"])
    except AccessError:
        return None
    idle = clock.read_clock() - row["active"]
    return Session(person.name, person.role, row["since"], not 0 <= idle <= access.idle_after)


def note_activity(engine: Engine, settings: AccessSettings) -> None:
    """Note that who is signed in does something; whoever was idle for too long stays locked."""
    with explaining(engine), writing(engine) as connection:
        access = read_history(connection).settle_access(settings)
        now = clock.read_clock()
        is_awake = SIGNED_IN.c.active.between(now - access.idle_after, now)
        connection.execute(update(SIGNED_IN).where(is_awake).values(active=now))


def read_operator(settings: AccessSettings, connection: Connection) -> str | None:
    """Return the name for the column `operator` of a result: who is signed in, idle or not."""
    row = _read_row(connection, settings)
    return None if row is None else row["name"]


def find_session_fault(connection: Connection) -> bool:
    """Tell whether the row of who is signed in is not as the audit says."""
    rows = connection.execute(select(SIGNED_IN)).mappings().all()
    asked = select(AUDIT).where(AUDIT.c.what.in_((SIGN_IN, SIGN_OUT))).order_by(AUDIT.c.link.desc()).limit(1)
    last = connection.execute(asked).mappings().first()
    if last is None or last["what"] == SIGN_OUT:
        return bool(rows)
    return [(row["link"], row["name"]) for row in rows] != [(last["link"], last["who"])]


def _read_row(connection: Connection, settings: AccessSettings) -> Mapping[str, Any] | None:
    """Return the row of who is signed in, where the audit says so too and it is not too long ago."""
    says_so = (
        (AUDIT.c.link == SIGNED_IN.c.link) & (AUDIT.c.what == SIGN_IN) & (AUDIT.c.who == SIGNED_IN.c.name)
    )
    asked = select(SIGNED_IN).join(AUDIT, says_so)
    row = connection.execute(asked).mappings().first()
    if row is None or not 0 <= clock.read_clock() - row["since"] <= settings.sign_out_after:
        return None
    return dict(row)


def _end_session(connection: Connection, why: str) -> str | None:
    row = connection.execute(select(SIGNED_IN)).mappings().first()
    if row is None:
        return None
    asked = select(AUDIT.c.role).where(AUDIT.c.link == row["link"])
    role = connection.scalar(asked) or ""
    add_entry(connection, AuditEntry(SIGN_OUT, why=why, who=row["name"], role=role))
    connection.execute(delete(SIGNED_IN))
    name: str = row["name"]
    return name
