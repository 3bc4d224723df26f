"""Which part an image shows, as it is named where parts are inspected."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PartTag:
    """A part's number and its lot; both may be empty."""

    number: str = ""
    lot: str = ""


NO_PART = PartTag()
