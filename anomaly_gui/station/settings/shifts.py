"""Shifts: the key `shifts` of [station], names and when each begins by the clock on the wall."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from anomaly_gui.language import translate
from anomaly_gui.station.settings.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

SHIFTS = "shifts"
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True)
class Shift:
    """A shift: it begins so many minutes after midnight, local time, and lasts until the next begins."""

    name: str
    begins: int


def read_shifts(station: Table) -> tuple[Shift, ...]:
    """Read them, in the order in which they begin; none where there are none."""
    values = station.values.get(SHIFTS, {})
    if not isinstance(values, dict):
        raise station.blame_key(
            SHIFTS, translate('has to be a table of names with times, such as early = "06:00".')
        )
    table = Table(station.file, f"{station.name}.{SHIFTS}", values)
    shifts = sorted((Shift(name, _read_minutes(table, name)) for name in values), key=lambda one: one.begins)
    for one, other in pairwise(shifts):
        if one.begins == other.begins:
            raise table.blame_key(other.name, translate("begins when another shift does."))
    return tuple(shifts)


def _read_minutes(table: Table, name: str) -> int:
    found = _TIME.fullmatch(table.read_text(name))
    if found is None:
        raise table.blame_key(name, translate("has to be a time from 00:00 to 23:59 in quotes."))
    hours, minutes = map(int, found.groups())
    return 60 * hours + minutes


def find_shift(shifts: Sequence[Shift], moment: datetime) -> str | None:
    """Return the name of the shift at a moment of local time; None where there are no shifts.

    >>> from datetime import datetime
    >>> shifts = (Shift("early", 360), Shift("late", 840), Shift("night", 1320))
    >>> [find_shift(shifts, datetime(2026, 11, 26, hour, 0)) for hour in (5, 6, 13, 14, 23)]
    ['night', 'early', 'early', 'late', 'night']
    """
    minute = 60 * moment.hour + moment.minute
    begun = [shift for shift in shifts if shift.begins <= minute] or list(shifts)
    return begun[-1].name if begun else None
