"""The message of a part: what every output sends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_AS_THEY_ARE = (
    *("id", "seq", "at", "site", "line", "station", "part", "lot", "source", "verdict", "score"),
    *("threshold", "band", "version", "reason"),
)
LOOKS = ("brightness", "contrast", "sharpness")


def make_message(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the message of a row of results, as `resources/schemas/station_result.schema.json` has it."""
    has_look = row["brightness"] is not None
    return {
        **{name: row[name] for name in _AS_THEY_ARE},
        "picture": {"sha256": row["image_sha256"], "path": row["image_path"]},
        "model": {"sha256": row["model_sha256"], "name": row["model_name"]},
        "milliseconds": json.loads(row["milliseconds"]),
        "look": {name: row[name] for name in LOOKS} if has_look else None,
        "regions": json.loads(row["regions"]),
        "is_challenge": bool(row["is_challenge"]),
        "is_simulated": bool(row["is_simulated"]),
    }
