"""Moments of the records, which are UTC, as the clock on the wall has them."""

from __future__ import annotations

from datetime import datetime, timedelta
from datetime import time as day_time
from typing import TYPE_CHECKING

from anomaly_gui.station.settings.shifts import Shift
from anomaly_gui.station.times import read_moment

if TYPE_CHECKING:
    from collections.abc import Sequence


def to_local(text: str) -> datetime:
    """Return a moment of the records in the time of this place."""
    return datetime.fromtimestamp(read_moment(text)).astimezone()


def write_time(text: str) -> str:
    """Return a moment's time of day, with its day where that is another."""
    return write_clock(to_local(text))


def write_clock(moment: datetime) -> str:
    """Return the same of a moment of local time."""
    is_today = moment.date() == datetime.now().date()
    return f"{moment:%H:%M:%S}" if is_today else f"{moment:%Y-%m-%d %H:%M:%S}"


def write_day(text: str) -> str:
    """Return a moment's day and time."""
    return f"{to_local(text):%Y-%m-%d %H:%M:%S}"


def begin_of_day(days_ago: int = 0) -> datetime:
    """Return the midnight that today began with, or an earlier one."""
    day = datetime.now().date() - timedelta(days=days_ago)
    return datetime.combine(day, day_time()).astimezone()


def begin_of_shift(shifts: Sequence[Shift], moment: datetime) -> datetime:
    """Return when the shift at a moment of local time began; there has to be one at least.

    >>> shifts = (Shift("early", 360), Shift("late", 840))
    >>> [f"{begin_of_shift(shifts, datetime(2026, 11, 26, hour)):%d %H:%M}" for hour in (5, 6, 20)]
    ['25 14:00', '26 06:00', '26 14:00']
    """
    minute = 60 * moment.hour + moment.minute
    begun = [shift.begins for shift in shifts if shift.begins <= minute]
    day = moment.date() if begun else moment.date() - timedelta(days=1)
    begins = begun[-1] if begun else shifts[-1].begins
    return datetime.combine(day, day_time(*divmod(begins, 60))).astimezone()
