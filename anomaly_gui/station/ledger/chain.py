"""The chain of hashes: each row of results and audit holds the hash of the one before it, and its own."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

BEGINNING = "0" * 64
"""What the first row takes for the hash of the one before it."""


class UnhashableError(Exception):
    """A value is of a kind that no row holds: it was changed."""


def hash_row(kind: str, row: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a row: of its table, and of each column's name, kind and value, but for `hash`.

    >>> row = {"link": 1, "at": "now", "previous_hash": BEGINNING}
    >>> hash_row("audit", row)[:8], hash_row("audit", {**row, "at": "later"})[:8]
    ('c9c2bbe1', '89fa60a6')
    """
    columns = [[name, *_write_value(row[name])] for name in sorted(row) if name != "hash"]
    text = json.dumps([kind, columns], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _write_value(value: Any) -> tuple[str, str]:
    """Return a value's kind and its text; floats to the last bit."""
    if value is None:
        return "none", ""
    if isinstance(value, float):
        return "number", value.hex()
    if isinstance(value, int) and not isinstance(value, bool):
        return "count", str(value)
    if isinstance(value, str):
        return "text", value
    raise UnhashableError(type(value).__name__)
