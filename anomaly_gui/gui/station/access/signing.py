"""What is signed for with a password: slow on purpose, so it is called in a thread."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.station.access.approvals import approve_station, word_approval
from anomaly_gui.station.access.managing import is_first_start
from anomaly_gui.station.access.sessions import sign_in, sign_out
from anomaly_gui.station.access.signing import authenticate
from anomaly_gui.station.access.station_lock import sign_unlock
from anomaly_gui.station.ledger.engine import open_engine
from anomaly_gui.station.settings.reading import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from anomaly_gui.station.settings.station_settings import StationSettings


@dataclass(frozen=True)
class Signature:
    """What somebody types; the password is in no text that is written."""

    name: str
    password: str = field(repr=False)
    why: str = ""


def sign_in_person(line: Path, signature: Signature) -> str:
    """Let somebody be signed in; return the sentence that says so.

    Raises
    ------
    UserError : the name or the password is wrong, the person is locked, or the records cannot be used
    """
    with _opened(line) as (settings, engine):
        person = sign_in(engine, signature.name, signature.password, settings.access)
    return translate("{name} is signed in, as {role}.", name=person.name, role=person.role.told)


def sign_out_person(line: Path) -> str:
    """Let nobody be signed in; return the sentence that says so; UserError as above."""
    with _opened(line) as (_, engine):
        name = sign_out(engine)
    return translate("{name} is signed out.", name=name) if name else translate("Nobody is signed in.")


def unlock_station(line: Path, signature: Signature) -> str:
    """Let a locked station judge again; UserError as above, and where the role may not."""
    with _opened(line) as (settings, engine):
        authenticate(engine, signature.name, signature.password, settings.access)
        reason = sign_unlock(engine, signature.name, signature.why)
    return translate("The station judges again. It was locked: {why}", why=reason)


def approve_files(line: Path, signature: Signature) -> str:
    """Approve settings, model and outputs as they are now; UserError as above."""
    with _opened(line) as (settings, engine):
        authenticate(engine, signature.name, signature.password, settings.access)
        new = approve_station(engine, settings, signature.name, signature.why)
    return word_approval(new)


@contextmanager
def _opened(line: Path) -> Iterator[tuple[StationSettings, Engine]]:
    """Open the records of a line that has people; the file is read anew: it may have been changed."""
    settings = read_settings(line)
    engine = open_engine(settings.ledger_file, may_make=False)
    try:
        if is_first_start(engine):
            raise UserError(translate("This station has no people yet: add the admin first."))
        yield settings, engine
    finally:
        engine.dispose()
