"""Check that the records, and what they say of people, are as they were written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from anomaly_gui.language import translate
from anomaly_gui.station.access.history import read_history
from anomaly_gui.station.access.sessions import find_session_fault
from anomaly_gui.station.access.signing import find_intact
from anomaly_gui.station.ledger.engine import explain_database
from anomaly_gui.station.ledger.tables import PERSON
from anomaly_gui.station.ledger.verifying import verify_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection, Engine

    from anomaly_gui.station.access.history import History
    from anomaly_gui.station.ledger.verifying import Verified


def verify_records(engine: Engine, known: Mapping[str, str] | None = None) -> Verified:
    """Check the ledger, that each signature was by somebody with the right to, and the people.

    Parameters
    ----------
    known : as of `verify_ledger`
    """
    found = verify_ledger(engine, known)
    try:
        with engine.connect() as connection:
            history = read_history(connection)
            faults = [*history.faults, *_check_people(connection, history)]
    except SQLAlchemyError as error:
        faults = [translate("The file is damaged ({why}).", why=explain_database(error))]
    found.faults = list(dict.fromkeys([*found.faults, *faults]))
    return found


def _check_people(connection: Connection, history: History) -> Iterator[str]:
    """Yield what of people is not as the audit says."""
    names = set(connection.scalars(select(PERSON.c.name)))
    for name in sorted(names | history.people.keys(), key=str):
        person = find_intact(connection, name)
        if person is None or person.describe() != history.people.get(name):
            yield translate("The row of {name} among the people is not as the audit says.", name=name)
    if find_session_fault(connection):
        yield translate("Who is signed in is not as the audit says.")
