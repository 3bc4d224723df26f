"""The table [challenge]: known parts that the station has to judge rightly."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from anomaly_gui.language import translate

if TYPE_CHECKING:
    from anomaly_gui.station.settings.table import Table

GOOD, DEFECT = "good", "defect"
FEWEST = 5
"""Known parts of each kind that a challenge has at least."""
_KEYS = ("good", "defect", "order", "every")
_LONGEST = 168.0  # hours: a week


@dataclass(frozen=True)
class ChallengeSettings:
    """When the station is challenged, and with what.

    Parameters
    ----------
    good, defect : folders of known pictures; None: real parts are put before the line
    order : what real parts are, one after the other: "good" or "defect"
    every : hours after which the next one is due; 0: at the beginning of shifts only
    """

    good: Path | None = None
    defect: Path | None = None
    order: tuple[str, ...] = (GOOD,) * FEWEST + (DEFECT,) * FEWEST
    every: float = 8.0


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
