"""What a challenge and a watch on drift let people do, and the lock that a failed challenge sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.station.access.history import LOCK, read_history
from anomaly_gui.station.access.roles import Action
from anomaly_gui.station.access.signing import signing
from anomaly_gui.station.ledger.engine import explaining, writing
from anomaly_gui.station.ledger.linking import AuditEntry, add_entry
from anomaly_gui.station.watching.challenge_records import ASKED, PICTURES
from anomaly_gui.station.watching.drift_records import ANEW

if TYPE_CHECKING:
    from sqlalchemy import Engine


def read_lock(engine: Engine) -> str:
    """Return why the station is locked until an engineer signs; "" where it is not."""
    with explaining(engine), engine.connect() as connection:
        return read_history(connection).lock


def fail_challenge(engine: Engine, failed: AuditEntry, reason: str) -> None:
    """Record a challenge that failed, and lock the station: both, or neither."""
    with explaining(engine), writing(engine) as connection:
        add_entry(connection, failed)
        if not read_history(connection).lock:
            add_entry(connection, AuditEntry(LOCK, after=reason))


def ask_challenge(engine: Engine, who: str, kind: str = PICTURES) -> None:
    """Let the station, which may run elsewhere, challenge itself next; UserError where it is locked."""
    if read_lock(engine):
        raise UserError(translate("The station is locked: an engineer has to sign first."))
    with explaining(engine), writing(engine) as connection:
        add_entry(connection, AuditEntry(ASKED, after=kind, who=who))


def watch_anew(engine: Engine, signer: str, why: str) -> None:
    """Take the parts that come from now on for usual: warnings of drift begin anew.

    Raises
    ------
    AccessError : the signer is no engineer, or there is no reason
    """
    with signing(engine, signer, Action.APPROVE, why) as signed:
        signed.add(ANEW, "", "")
