"""Whether a station at work may judge, and its outputs send: asked often, read when there is news."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anomaly_gui.language import translate
from anomaly_gui.station.access.approvals import digest_outputs, find_obstacle
from anomaly_gui.station.access.audit_check import find_changed_entry
from anomaly_gui.station.access.history import find_last_entry, has_entry, read_history
from anomaly_gui.station.ledger.engine import explaining

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from anomaly_gui.station.access.history import History
    from anomaly_gui.station.settings.station_settings import StationSettings


class Gate:
    """What the people of a station let it do.

    Parameters
    ----------
    model : digest of the model that judges

    """

    def __init__(self, engine: Engine, settings: StationSettings, model: str) -> None:
        self._engine, self._settings, self._model = engine, settings, model
        self._outputs = digest_outputs(settings)
        self._last = (0, "")
        self._history: History | None = None

    def find_obstacle(self) -> str:
        """Return why nothing may be judged, "" where it may; LedgerError where the ledger cannot be read."""
        with explaining(self._engine), self._engine.connect() as connection:
            history = self._read_news(connection)
        return find_obstacle(history, self._settings, self._model)

    def _read_news(self, connection: Connection) -> History:
        """Read what is new; what was there and is no longer stays a fault until the next start."""
        last, known = find_last_entry(connection), self._history
        if known is not None and last == self._last:
            return known
        history = read_history(connection)
        if known is None:
            history.faults += filter(None, [find_changed_entry(connection)])
        else:
            history.faults += known.faults
            if self._last[0] and not has_entry(connection, *self._last):
                history.faults.append(translate("Rows of the records are missing."))
        self._history, self._last = history, last
        return history

    def may_send(self) -> bool:
        """Tell whether the outputs were approved, or nobody has to, by what was read last."""
        history = self._history
        if history is None or history.faults:
            return False
        return not history.people or history.approved.get("outputs") == self._outputs
