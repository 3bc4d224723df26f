"""How an output fares, and how the station does: small files beside the ledger.

They are written again and again and tell only of now, so they are no part of the ledger, and nothing is lost
with them.
"""

from __future__ import annotations

import json
import secrets
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from anomaly_gui.station.state_file import ERROR, LOCKED, STOPPED, read_state
from anomaly_gui.station.times import now_utc, read_moment

if TYPE_CHECKING:
    from pathlib import Path

STALE_AFTER = 5.0
"""Seconds without a new state after which the station counts as failed."""


@dataclass(frozen=True)
class OutputHealth:
    """How an output fares: what it has to send, for how many seconds, and why it cannot ("" where it can)."""

    pending: int
    oldest_seconds: float
    last_error: str
    at: str


def write_health(path: Path, pending: int, oldest_seconds: float, last_error: str) -> None:
    """Replace the file at once, without waiting for the disk; a full disk stops no output."""
    health = OutputHealth(pending, round(oldest_seconds, 3), last_error, now_utc())
    temporary = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        temporary.write_text(json.dumps(asdict(health)), "utf-8")
        temporary.replace(path)
    except OSError:
        with suppress(OSError):  # a disk that cannot be written says so even of a file that is not there
            temporary.unlink(missing_ok=True)


def read_health(path: Path) -> OutputHealth | None:
    """Return how an output fared when it last said so, or None where it never did."""
    try:
        return OutputHealth(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def measure_age(moment: datetime | None) -> float:
    """Return how many seconds ago something was, 0 for nothing."""
    return 0.0 if moment is None else max(0.0, (datetime.now(timezone.utc) - moment).total_seconds())


def read_fresh_state(path: Path) -> dict[str, Any] | None:
    """Return the state of a station; it is "error" once nothing new was written for a while."""
    state = read_state(path)
    if state is None:
        return None
    is_stale = time.time() - read_moment(state["at"]) > STALE_AFTER
    return {**state, "state": ERROR} if is_stale and state["state"] != STOPPED else state


def read_last_state(path: Path, *, was_asked: bool) -> dict[str, Any]:
    """Return the state a station ended in: "error" unless it stopped, or is locked and let its output end."""
    state = read_state(path)
    if state is None:
        return {"state": ERROR, "at": now_utc(), "heartbeat": 0}
    is_well = state["state"] == STOPPED or (was_asked and state["state"] == LOCKED)
    return state if is_well else {**state, "state": ERROR}
