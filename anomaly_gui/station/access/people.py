"""People as the ledger has them: a row each, and an entry of the audit for every change of it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from anomaly_gui.station.access.roles import Role
from anomaly_gui.station.ledger.linking import AuditEntry, add_entry
from anomaly_gui.station.ledger.tables import PERSON

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

PERSON_CHANGED = "person"
"""What the audit calls a change of a person."""


@dataclass(frozen=True)
class Person:
    """Somebody who can sign.

    Parameters
    ----------
    password : its hash by argon2
    failed : how many wrong passwords there were since the last right one
    locked_until : moment until which no password is taken; None where any is
    is_active : False for one who was removed
    """

    name: str
    role: Role
    password: str
    failed: int = 0
    locked_until: str | None = None
    is_active: bool = True

    def describe(self) -> dict[str, Any]:
        """Return the person for the audit, with the digest of the password's hash in place of it."""
        digest = hashlib.sha256(self.password.encode("utf-8", "surrogatepass")).hexdigest()
        return {**vars(self), "role": self.role.value, "password": digest}


def read_people(connection: Connection) -> list[Person]:
    """Return everybody, by name, those who were removed as well.

    Raises
    ------
    ValueError : a row has a role that is none: it was changed
    """
    rows = connection.execute(select(PERSON).order_by(PERSON.c.name)).mappings()
    return [_make_person(dict(row)) for row in rows]


def find_person(connection: Connection, name: str) -> Person | None:
    """Return somebody; None where there is nobody of that name; ValueError as `read_people`."""
    row = connection.execute(select(PERSON).where(PERSON.c.name == name)).mappings().first()
    return None if row is None else _make_person(dict(row))


def write_person(
    connection: Connection, person: Person, before: Mapping[str, Any] | None, by: Person, why: str
) -> None:
    """Write a person's row, and into the audit what it was before, is now, by whom and why."""
    was, now = (json.dumps(one, sort_keys=True) if one else "" for one in (before, person.describe()))
    connection.execute(delete(PERSON).where(PERSON.c.name == person.name))
    connection.execute(
        insert(PERSON).values({**vars(person), "role": person.role.value, "is_active": int(person.is_active)})
    )
    add_entry(connection, AuditEntry(PERSON_CHANGED, was, now, why, by.name, by.role.value))


def _make_person(row: Mapping[str, Any]) -> Person:
    if not all(isinstance(row[name], str) for name in ("name", "role", "password")):
        raise ValueError(row["name"])
    return Person(
        name=row["name"],
        role=Role(row["role"]),
        password=row["password"],
        failed=row["failed"],
        locked_until=row["locked_until"],
        is_active=bool(row["is_active"]),
    )
