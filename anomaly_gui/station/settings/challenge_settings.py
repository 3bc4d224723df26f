"""The table [challenge]: known parts that the station has to judge rightly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING

from anomaly_gui.language import translate

if TYPE_CHECKING:
    from anomaly_gui.station.settings.table import Table

GOOD, DEFECT = "good", "defect"
FEWEST = 5
"""Known parts of each kind that a challenge has at least."""
_KEYS = ("good", "defect", "order", "every", "shifts")
_LONGEST = 168.0  # hours: a week
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True)
class ChallengeSettings:
    """When the station is challenged, and with what.

    Parameters
    ----------
    good, defect : folders of known pictures; None: real parts are put before the line
    order : what real parts are, one after the other: "good" or "defect"
    every : hours after which the next one is due; 0: not by hours
    shifts : clock times here at which one is due
    """

    good: Path | None = None
    defect: Path | None = None
    order: tuple[str, ...] = (GOOD,) * FEWEST + (DEFECT,) * FEWEST
    every: float = 8.0
    shifts: tuple[time, ...] = ()


def read_challenge(table: Table) -> ChallengeSettings:
    """Read the table; raises SettingsFileError."""
    table.refuse_others(_KEYS)
    has_good, has_defect = GOOD in table.values, DEFECT in table.values
    if has_good != has_defect:
        missing = DEFECT if has_good else GOOD
        raise table.blame_key(missing, translate("is missing: known pictures of both kinds are needed."))
    usual = ChallengeSettings()
    return ChallengeSettings(
        good=table.read_path(GOOD) if has_good else None,
        defect=table.read_path(DEFECT) if has_good else None,
        order=_read_order(table) if "order" in table.values else usual.order,
        every=table.read_number("every", usual.every, 0, _LONGEST),
        shifts=tuple(_read_clock(table, text) for text in _read_texts(table, "shifts")),
    )


def _read_order(table: Table) -> tuple[str, ...]:
    order = _read_texts(table, "order")
    if not set(order) <= {GOOD, DEFECT}:
        raise table.blame_key("order", translate('may hold "good" and "defect" only.'))
    if min(order.count(GOOD), order.count(DEFECT)) < FEWEST:
        raise table.blame_key("order", translate("needs at least {count} of each kind.", count=FEWEST))
    return order


def _read_texts(table: Table, key: str) -> tuple[str, ...]:
    values = table.values.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise table.blame_key(key, translate('has to be a list of texts: ["...", "..."].'))
    return tuple(values)


def _read_clock(table: Table, text: str) -> time:
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise table.blame_key("shifts", translate('has to hold clock times such as "06:00".'))
    return time(int(found[1]), int(found[2]))
