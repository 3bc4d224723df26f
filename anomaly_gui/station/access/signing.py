"""Who somebody is, by the password; and changes that somebody with the right to signs for, with a reason."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from anomaly_gui.language import keep, translate
from anomaly_gui.station.access import clock
from anomaly_gui.station.access.audit_check import find_changed_entry
from anomaly_gui.station.access.history import read_history
from anomaly_gui.station.access.passwords import check_password
from anomaly_gui.station.access.people import find_person, write_person
from anomaly_gui.station.access.roles import AccessError, require_right
from anomaly_gui.station.ledger.engine import explaining, writing
from anomaly_gui.station.ledger.linking import AuditEntry, add_entry
from anomaly_gui.station.times import read_moment, write_moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

    from anomaly_gui.station.access.history import History
    from anomaly_gui.station.access.people import Person
    from anomaly_gui.station.access.roles import Action
    from anomaly_gui.station.settings.access_settings import AccessSettings

REFUSED = "sign-in refused"
"""What the audit calls a password of nobody, or of somebody who was removed or is locked."""
MOST_FAILED = 5
"""So many wrong passwords lock a person."""


@dataclass(frozen=True)
class Signed:
    """A change on its way into the ledger: its transaction, who signs for it, why, and what was before."""

    connection: Connection
    signer: Person
    why: str
    history: History

    def add(self, what: str, before: str, after: str) -> None:
        """Add the entry of what was done."""
        entry = AuditEntry(what, before, after, self.why, self.signer.name, self.signer.role.value)
        add_entry(self.connection, entry)


@contextmanager
def signing(engine: Engine, name: str, action: Action, why: str) -> Iterator[Signed]:
    """Open the transaction of a change that somebody, who gave the password, signs for.

    Raises
    ------
    AccessError : that role may not, there is no reason, or the records of people were changed by hand
    """
    reason = why.strip()
    if not reason:
        raise AccessError(translate("A change needs a reason: say why."))
    with explaining(engine), writing(engine) as connection:
        history = read_history(connection)
        signer = require_person(connection, history, name)
        require_right(signer.name, signer.role, action)
        yield Signed(connection, signer, reason, history)


def authenticate(engine: Engine, name: str, password: str, settings: AccessSettings) -> Person:
    """Return somebody whose password this is; each wrong one counts, and the fifth locks for a time.

    Raises
    ------
    AccessError : the name, or the password, is not right; or the person is locked
    """
    with explaining(engine):
        with engine.connect() as connection:
            if changed := find_changed_entry(connection):
                raise _say_changed(changed)
            known = find_intact(connection, name)
        is_right = check_password(known.password if known else None, password)
        with writing(engine) as connection:
            person = _settle_attempt(connection, name, known if is_right else None, settings)
    if isinstance(person, AccessError):  # raised here only, so that what was counted is kept
        raise person
    return person


def require_person(connection: Connection, history: History, name: str) -> Person:
    """Return somebody who is active, and whose row is as the audit says; AccessError otherwise."""
    require_intact(history)
    said = history.people.get(name)
    if said is None or not said["is_active"]:
        raise AccessError(translate("There is nobody of the name {name} at this station.", name=name))
    person = find_intact(connection, name)
    if person is None or person.describe() != said:
        raise AccessError(
            translate(
                "The row of {name} is not as it was written: an admin has to set a new password.", name=name
            )
        )
    return person


def require_intact(history: History) -> None:
    """Raise AccessError where the audit of people was changed."""
    if history.faults:
        raise _say_changed(history.faults[0])


def find_intact(connection: Connection, name: str) -> Person | None:
    """Return somebody; None where there is nobody of that name, or the row has a role that is none."""
    try:
        return find_person(connection, name)
    except ValueError:
        return None


def _settle_attempt(
    connection: Connection, name: str, proven: Person | None, settings: AccessSettings
) -> Person | AccessError:
    """Count a password that was given: in one transaction, however many are given at once.

    Parameters
    ----------
    proven : whose password it was; None where it was wrong
    """
    history = read_history(connection)
    try:
        person = require_person(connection, history, name)
    except AccessError as error:
        add_entry(connection, AuditEntry(REFUSED, why=keep("nobody who can sign")))
        return error if name in history.people or history.faults else _say_wrong()
    now, before = clock.read_clock(), person.describe()
    if person.locked_until is not None:
        if now < read_moment(person.locked_until):
            add_entry(connection, AuditEntry(REFUSED, why=keep("locked"), who=name, role=person.role.value))
            return _say_locked(person)
        person = replace(person, failed=0, locked_until=None)
    if proven is None or proven.password != person.password:
        failed = _count_wrong(person, now, history.settle_access(settings))
        write_person(connection, failed, before, person, keep("wrong password"))
        return _say_locked(failed) if failed.locked_until else _say_wrong()
    person = replace(person, failed=0)
    if person.describe() != before:
        write_person(connection, person, before, person, keep("right password"))
    return person


def _count_wrong(person: Person, now: float, settings: AccessSettings) -> Person:
    failed = person.failed + 1
    until = write_moment(int((now + settings.lock_for) * 1e9)) if failed >= MOST_FAILED else None
    return replace(person, failed=failed, locked_until=until)


def _say_changed(fault: str) -> AccessError:
    return AccessError(
        translate("The records were changed by hand, and nobody can sign: {fault}", fault=fault)
    )


def _say_wrong() -> AccessError:
    return AccessError(translate("The name or the password is wrong."))


def _say_locked(person: Person) -> AccessError:
    return AccessError(
        translate(
            "{name} is locked until {moment}, after {count} wrong passwords: wait, or ask an admin.",
            name=person.name,
            moment=person.locked_until,
            count=MOST_FAILED,
        )
    )
