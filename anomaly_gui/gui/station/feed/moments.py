"""Moments of the records, which are UTC, as the clock on the wall has them."""

from __future__ import annotations

from datetime import datetime, timedelta
from datetime import time as day_time

from anomaly_gui.station.times import read_moment


def to_local(text: str) -> datetime:
    """Return a moment of the records in the time of this place."""
    return datetime.fromtimestamp(read_moment(text)).astimezone()


def write_time(text: str) -> str:
    """Return a moment's time of day, with its day where that is another."""
    moment = to_local(text)
    is_today = moment.date() == datetime.now().date()
    return f"{moment:%H:%M:%S}" if is_today else f"{moment:%Y-%m-%d %H:%M:%S}"


def write_day(text: str) -> str:
    """Return a moment's day and time."""
    return f"{to_local(text):%Y-%m-%d %H:%M:%S}"


def begin_of_day(days_ago: int = 0) -> datetime:
    """Return the midnight that today began with, or an earlier one."""
    day = datetime.now().date() - timedelta(days=days_ago)
    return datetime.combine(day, day_time()).astimezone()
