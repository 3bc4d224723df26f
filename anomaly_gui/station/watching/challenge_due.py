"""When a challenge is due."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from anomaly_gui.station.times import read_moment
from anomaly_gui.station.watching.challenge_records import ASKED, BEGUN, find_entry, is_after

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from anomaly_gui.station.settings.challenge_settings import ChallengeSettings
    from anomaly_gui.station.settings.shifts import Shift
    from anomaly_gui.station.watching.challenge_records import Entry


def find_asked(engine: Engine) -> str | None:
    """Return what kind of challenge somebody asked for that has not begun; None for none."""
    asked, begun = find_entry(engine, ASKED), find_entry(engine, BEGUN)
    return asked.after if asked is not None and is_after(asked, begun) else None


def is_due(
    settings: ChallengeSettings, shifts: Sequence[Shift], begun: Entry | None, model: str, now: float
) -> bool:
    """Tell whether a challenge is due.

    Parameters
    ----------
    begun : the entry of the last one; None where there was none
    model : digest of the model that judges
    now : seconds since 1970
    """
    if begun is None or begun.before != model:
        return True
    since = read_moment(begun.at)
    if settings.every and now - since >= 3600 * settings.every:
        return True
    shift = _find_last_shift(shifts, now)
    return shift is not None and since < shift


def _find_last_shift(shifts: Sequence[Shift], now: float) -> float | None:
    """Return when the present shift began, in seconds since 1970."""
    here = datetime.fromtimestamp(now).astimezone()
    days = (here.date(), here.date() - timedelta(days=1))
    clocks = [time(*divmod(shift.begins, 60)) for shift in shifts]
    starts = [datetime.combine(day, clock).timestamp() for day in days for clock in clocks]
    return max((start for start in starts if start <= now), default=None)
