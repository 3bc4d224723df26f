"""A failed challenge locks the station; an engineer's signature opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.station.ledger.linking import AuditEntry
from anomaly_gui.station.watching.challenge_records import (
    ASKED,
    FAILED,
    PICTURES,
    SIGNED,
    Entry,
    find_entry,
    is_after,
)
from anomaly_gui.station.watching.drift_records import ANEW

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from anomaly_gui.station.ledger.ledger import Ledger

SIGNING_ROLES = ("engineer", "admin")


def find_lock(engine: Engine) -> Entry | None:
    """Return the entry of the failed challenge that nobody has signed; None where there is none."""
    failed, signed = find_entry(engine, FAILED), find_entry(engine, SIGNED)
    return failed if is_after(failed, signed) else None


def unlock_station(ledger: Ledger, who: str, role: str, why: str) -> None:
    """Sign a failed challenge: the station judges again.

    Raises
    ------
    UserError : the role may not, there is no reason, or the station is not locked
    """
    _need_engineer(role, why)
    lock = find_lock(ledger.engine)
    if lock is None:
        raise UserError(translate("The station is not locked: there is nothing to sign."))
    ledger.add_audit(AuditEntry(SIGNED, before=str(lock.link), why=why.strip(), who=who, role=role))


def watch_anew(ledger: Ledger, who: str, role: str, why: str) -> None:
    """Take the parts that come from now on for usual: warnings of drift begin anew; raises UserError."""
    _need_engineer(role, why)
    ledger.add_audit(AuditEntry(ANEW, why=why.strip(), who=who, role=role))


def ask_challenge(ledger: Ledger, who: str, kind: str = PICTURES) -> None:
    """Let the station, which may run in another process, challenge itself next."""
    if find_lock(ledger.engine) is not None:
        raise UserError(translate("The station is locked: an engineer has to sign first."))
    ledger.add_audit(AuditEntry(ASKED, after=kind, who=who))


def _need_engineer(role: str, why: str) -> None:
    if role not in SIGNING_ROLES:
        raise UserError(translate("This needs an engineer."))
    if not why.strip():
        raise UserError(translate("Say why: the reason is recorded."))
