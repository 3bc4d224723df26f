"""Who is at a station, and whether somebody has to sign: read only when there is news."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anomaly_gui.station.access.history import find_last_entry, read_history
from anomaly_gui.station.access.sessions import find_session

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from anomaly_gui.station.access.history import History
    from anomaly_gui.station.access.sessions import Session
    from anomaly_gui.station.settings.access_settings import AccessSettings


@dataclass(frozen=True)
class People:
    """What the audit says of people.

    Parameters
    ----------
    is_kept : whether there is anybody who can sign
    session : who is signed in
    lock : why the station is locked until an engineer signs; "" where it is not
    is_changed : whether entries were changed by hand: then nobody can sign
    """

    is_kept: bool = False
    session: Session | None = None
    lock: str = ""
    is_changed: bool = False


class PeopleReader:
    """Reads them again and again; the history only when there is an entry more."""

    def __init__(self) -> None:
        self._last = (-1, "")
        self._history: History | None = None

    def read(self, connection: Connection, settings: AccessSettings) -> People:
        """Return what the audit says now."""
        last = find_last_entry(connection)
        if self._history is None or last != self._last:
            self._history, self._last = read_history(connection), last
        history = self._history
        session = find_session(connection, settings, history)
        return People(bool(history.people), session, history.lock, bool(history.faults))
