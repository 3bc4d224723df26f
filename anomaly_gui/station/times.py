"""Moments as records hold them, and names that sort by them."""

from __future__ import annotations

import secrets
import time
import uuid
from datetime import datetime, timezone

_MILLISECOND, _SECOND = 1_000_000, 1_000_000_000  # nanoseconds


def now_utc() -> str:
    """Return the moment as records hold it."""
    return write_moment(time.time_ns())


def write_moment(nanoseconds: int) -> str:
    """Return nanoseconds since 1970 as text, UTC to the millisecond.

    >>> write_moment(1_795_689_720_123_456_789)
    '2026-11-26T10:42:00.123Z'
    """
    seconds, rest = divmod(nanoseconds, _SECOND)
    whole = datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{whole}.{rest // _MILLISECOND:03d}Z"


def write_datetime(moment: datetime) -> str:
    """Return a moment that knows its time zone as records hold it.

    >>> write_datetime(datetime.fromisoformat("2026-11-26T11:42:00.123900+01:00"))
    '2026-11-26T10:42:00.123Z'
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone is none")
    return write_moment(round(moment.timestamp() * 1_000_000) * 1000)


def read_moment(text: str) -> float:
    """Return the seconds since 1970 of a moment that `write_moment` wrote.

    >>> read_moment("1970-01-01T00:00:01.500Z")
    1.5
    """
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def make_id() -> str:
    """Return a new UUID of version 7 (RFC 9562): its text sorts by the millisecond it was made in."""
    value = time.time_ns() // _MILLISECOND << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))
