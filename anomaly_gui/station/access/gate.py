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
            self._read_news(connection)
        assert self._history is not None
        return find_obstacle(self._history, self._settings, self._model)

    def _read_news(self, connection: Connection) -> None:
        """Read what is new; what was there and is no longer stays a fault until the next start."""
        last = find_last_entry(connection)
        if self._history is None:
            self._history = read_history(connection)
            if changed := find_changed_entry(connection):
                self._history.faults.append(changed)
        elif last != self._last:
            known, self._history = self._history, read_history(connection)
            is_there = not self._last[0] or has_entry(connection, *self._last)
            gone = [] if is_there else [translate("Rows of the records are missing.")]
            self._history.faults += [*known.faults, *gone]
        self._last = last

    def may_send(self) -> bool:
        """Tell whether the outputs were approved, or nobody has to, by what was read last."""
        history = self._history
        if history is None or history.faults:
            return False
        return not history.people or history.approved.get("outputs") == self._outputs
