"""The lock of a station: set by what watches it, signed off by an engineer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anomaly_gui.language import translate
from anomaly_gui.station.access.history import LOCK, read_history
from anomaly_gui.station.access.roles import AccessError, Action
from anomaly_gui.station.access.signing import signing
from anomaly_gui.station.ledger.engine import explaining, writing
from anomaly_gui.station.ledger.linking import AuditEntry, add_entry

if TYPE_CHECKING:
    from sqlalchemy import Engine


def lock_station(engine: Engine, reason: str) -> None:
    """Let the station judge nothing until an engineer signs; the first reason stays.

    Parameters
    ----------
    reason : a sentence, such as that a part of the challenge was judged wrongly
    """
    if not reason.strip():
        raise ValueError("a lock needs a reason")
    with explaining(engine), writing(engine) as connection:
        if not read_history(connection).lock:
            add_entry(connection, AuditEntry(LOCK, after=reason.strip()))


def sign_unlock(engine: Engine, signer: str, why: str) -> str:
    """Let the station judge again, and return why it was locked; AccessError where that may not be."""
    with signing(engine, signer, Action.UNLOCK, why) as signed:
        reason = signed.history.lock
        if not reason:
            raise AccessError(translate("The station is not locked."))
        signed.add(LOCK, reason, "")
    return reason
