"""What the station says of itself, and each output of itself: small files beside the ledger.

They are written several times a second and tell only of now, so they are no part of the ledger, and nothing
is lost with them.
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from anomaly_gui.station.times import now_utc, read_moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
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


def write_small_file(path: Path, content: Mapping[str, Any]) -> None:
    """Replace a file at once, without waiting for the disk: after a crash it may be an older one."""
    temporary = path.with_name(f".{secrets.token_hex(8)}.part")
    temporary.write_text(json.dumps(content), "utf-8")
    temporary.replace(path)


def read_small_file(path: Path) -> dict[str, Any] | None:
    """Return what `write_small_file` wrote, or None where there is nothing (yet)."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def read_state(path: Path) -> dict[str, Any] | None:
    """Return the state message of a station; its state is "error" once nothing new was written for long."""
    state = read_small_file(path)
    if state is None:
        return None
    is_stale = time.time() - read_moment(state["at"]) > STALE_AFTER
    return {**state, "state": "error"} if is_stale and state["state"] != "stopped" else state


def write_alarms(path: Path, alarms: Sequence[Mapping[str, Any]]) -> None:
    """Say how each alarm stands: the newest message of each, active or not."""
    write_small_file(path, {"alarms": list(alarms)})


def read_alarms(path: Path) -> list[dict[str, Any]]:
    """Return what `write_alarms` wrote."""
    content = read_small_file(path)
    return [] if content is None else list(content["alarms"])


def write_health(path: Path, pending: int, oldest_seconds: float, last_error: str) -> None:
    """Say how an output fares now."""
    write_small_file(path, asdict(OutputHealth(pending, round(oldest_seconds, 3), last_error, now_utc())))


def read_health(path: Path) -> OutputHealth | None:
    """Return how an output fared when it last said so, or None where it never did."""
    content = read_small_file(path)
    return None if content is None else OutputHealth(**content)
