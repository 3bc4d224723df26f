"""People who come, go, and change: by an admin; the first admin by whoever starts the station first."""

from __future__ import annotations

import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from anomaly_gui.language import keep, translate
from anomaly_gui.station.access.history import read_history
from anomaly_gui.station.access.passwords import hash_password
from anomaly_gui.station.access.people import Person, write_person
from anomaly_gui.station.access.roles import AccessError, Action, Role
from anomaly_gui.station.access.sessions import end_session_of
from anomaly_gui.station.access.signing import require_intact, require_person, signing
from anomaly_gui.station.ledger.engine import explaining, writing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from anomaly_gui.station.access.history import History
    from anomaly_gui.station.access.signing import Signed

_LONGEST_NAME = 64  # characters


@dataclass(frozen=True)
class Newcomer:
    """Somebody who is to be added; AccessError for a name that cannot be one."""

    name: str
    role: Role
    password: str

    def __post_init__(self) -> None:
        name = unicodedata.normalize("NFC", self.name)
        if not name.isprintable() or name != name.strip() or not 0 < len(name) <= _LONGEST_NAME:
            raise AccessError(
                translate("A name has 1 to {most} letters, and no space around it.", most=_LONGEST_NAME)
            )

    def make_person(self) -> Person:
        """Return the person; AccessError for a password that cannot be used."""
        return Person(self.name, self.role, hash_password(self.name, self.password))


def is_first_start(engine: Engine) -> bool:
    """Tell whether nobody was ever added: then anybody may change everything, and may add the admin."""
    with explaining(engine), engine.connect() as connection:
        return not read_history(connection).people


def add_first_admin(engine: Engine, newcomer: Newcomer) -> None:
    """Add the first of all, an admin, who signs for it; AccessError where there is somebody already."""
    if newcomer.role is not Role.ADMIN:
        raise AccessError(translate("The first person of a station is an admin."))
    person = newcomer.make_person()
    with explaining(engine), writing(engine) as connection:
        history = read_history(connection)
        require_intact(history)
        if history.people:
            raise AccessError(translate("This station has people already: an admin adds others."))
        write_person(connection, person, None, person, keep("first start"))


def add_person(engine: Engine, newcomer: Newcomer, signer: str, why: str) -> None:
    """Add somebody, or somebody again who was removed."""
    person = newcomer.make_person()
    with signing(engine, signer, Action.CHANGE_PEOPLE, why) as signed:
        people = signed.history.people
        for known in people.values():
            is_same = known["name"].casefold() == person.name.casefold()
            if is_same and (known["is_active"] or known["name"] != person.name):
                raise AccessError(translate("There is somebody of the name {name}.", name=known["name"]))
        write_person(signed.connection, person, people.get(person.name), signed.signer, signed.why)


def remove_person(engine: Engine, name: str, signer: str, why: str) -> None:
    """Let somebody sign no more; what was signed stays."""
    with _changing(engine, name, signer, why) as (signed, person):
        _write_change(signed, person, replace(person, is_active=False))


def set_role(engine: Engine, name: str, role: Role, signer: str, why: str) -> None:
    """Give somebody another role."""
    with _changing(engine, name, signer, why) as (signed, person):
        _write_change(signed, person, replace(person, role=role))


def unlock_person(engine: Engine, name: str, signer: str, why: str) -> None:
    """Let somebody who gave wrong passwords try again."""
    with _changing(engine, name, signer, why) as (signed, person):
        _write_change(signed, person, replace(person, failed=0, locked_until=None))


def set_password(engine: Engine, name: str, password: str, signer: str, why: str) -> None:
    """Give somebody else a new password; that mends a row that was changed by hand, too."""
    hashed = hash_password(name, password)
    with signing(engine, signer, Action.CHANGE_PEOPLE, why) as signed:
        said = signed.history.people.get(name)
        if said is None or not said["is_active"]:
            raise AccessError(translate("There is nobody of the name {name} at this station.", name=name))
        person = Person(name, Role(said["role"]), hashed)
        write_person(signed.connection, person, said, signed.signer, signed.why)
        end_session_of(signed.connection, name, keep("another password"))


def set_own_password(engine: Engine, name: str, password: str) -> None:
    """Give oneself a new password; the old one was asked for before."""
    hashed = hash_password(name, password)
    with explaining(engine), writing(engine) as connection:
        person = require_person(connection, read_history(connection), name)
        now = replace(person, password=hashed)
        write_person(connection, now, person.describe(), person, keep("own password"))


@contextmanager
def _changing(engine: Engine, name: str, signer: str, why: str) -> Iterator[tuple[Signed, Person]]:
    with signing(engine, signer, Action.CHANGE_PEOPLE, why) as signed:
        yield signed, require_person(signed.connection, signed.history, name)


def _write_change(signed: Signed, person: Person, now: Person) -> None:
    """Write a change, if there is an admin after it."""
    if person == now:
        raise AccessError(translate("{name} is so already.", name=person.name))
    if not (_is_admin(now) or _has_other_admin(signed.history, person.name)):
        raise AccessError(translate("{name} is the only admin: make another one first.", name=person.name))
    write_person(signed.connection, now, person.describe(), signed.signer, signed.why)
    if person.role != now.role or not now.is_active:
        end_session_of(signed.connection, person.name, keep("another role"))


def _is_admin(person: Person) -> bool:
    return person.is_active and person.role is Role.ADMIN


def _has_other_admin(history: History, name: str) -> bool:
    return any(
        one["is_active"] and one["role"] == Role.ADMIN.value
        for one in history.people.values()
        if one["name"] != name
    )
