"""Copies the records of one station to a server, for as long as it is asked to."""

from __future__ import annotations

import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from anomaly_gui.errors import UserError
from anomaly_gui.station.ledger.engine import LedgerError, open_engine, open_reader
from anomaly_gui.station.outputs.delivery import BackOff, Pace
from anomaly_gui.station.outputs.health import write_health
from anomaly_gui.station.server.chain_rows import measure_waiting, read_chain, read_hash
from anomaly_gui.station.server.connecting import explain_server, make_tables, open_server
from anomaly_gui.station.server.copying import (
    ChainEnd,
    copy_rows,
    find_server_end,
    name_station,
    refuse_other_rows,
)
from anomaly_gui.station.server.forwarded import note_forwarded, read_forwarded
from anomaly_gui.station.times import read_moment

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from anomaly_gui.station.ledger.ledger import Place
    from anomaly_gui.station.settings.postgresql_settings import PostgresqlSettings

BATCH = 1000  # rows of a transaction
IDLE = 0.5  # seconds between two looks at records that are all copied
NOTED_EVERY = 10.0  # seconds between two notes of how far it is: each is a write beside the station's


class Forwarder:
    """Copies what a server does not have yet.

    Parameters
    ----------
    ledger_file : the station's records
    health_file : where it says how it fares
    """

    def __init__(
        self,
        settings: PostgresqlSettings,
        ledger_file: Path,
        place: Place,
        health_file: Path,
        pace: Pace | None = None,
    ) -> None:
        self._settings, self._ledger_file, self._place = settings, ledger_file, place
        self._health_file, self._pace = health_file, pace or Pace()
        self._back_off = BackOff(self._pace)
        self._held = ExitStack()
        self._server: Connection | None = None
        self._number = 0
        self._end = ChainEnd()
        self._noted = -1
        self._resume_at = self._note_due = self._health_due = 0.0
        self.last_error = ""

    def step(self) -> float:
        """Copy a batch; return how many seconds may pass before the next step."""
        if (left := self._resume_at - time.monotonic()) > 0:
            self._write_health()
            return min(left, self._pace.state)
        try:
            count = self._copy_batch()
            self._back_off.reset()
            self.last_error = ""
        except (UserError, SQLAlchemyError, OSError) as error:
            self._give_up(error)
            count = 0
        self._write_health()
        return 0.0 if count == BATCH else IDLE

    def close(self) -> None:
        """Let go of the server."""
        self._server, self._end = None, ChainEnd()
        with suppress(UserError, SQLAlchemyError, OSError):
            self._held.close()

    def _copy_batch(self) -> int:
        """Copy the next rows; return how many."""
        if self._server is None and not self._connect():
            return 0
        with open_reader(self._ledger_file) as reader:
            rows = read_chain(reader, self._end.link, BATCH)
        if rows and self._server is not None:
            self._end = copy_rows(self._server, self._number, rows)
        self._note_progress()
        return len(rows)

    def _connect(self) -> bool:
        """Reach the server and ask how far it is; tell whether there is anything to say to it."""
        with open_reader(self._ledger_file) as reader:
            first = read_hash(reader, 1)
        if first is None:
            return False
        server = self._held.enter_context(open_server(self._settings))
        make_tables(server)
        self._number = name_station(server, first, self._place)
        with server.begin():
            end = find_server_end(server, self._number)
        with open_reader(self._ledger_file) as reader:
            own = ChainEnd(end.link, read_hash(reader, end.link) or "") if end.link else ChainEnd()
        refuse_other_rows(end, own)
        self._server, self._end = server, end
        self._noted, self._note_due = -1, 0.0
        return True

    def _note_progress(self) -> None:
        """Note in the records how far the server is, for who removes pictures; not with each batch."""
        if self._end.link == self._noted or time.monotonic() < self._note_due:
            return
        engine = open_engine(self._ledger_file)
        try:
            note_forwarded(engine, self._settings.name, self._end.link)
        finally:
            engine.dispose()
        self._noted, self._note_due = self._end.link, time.monotonic() + NOTED_EVERY

    def _give_up(self, error: Exception) -> None:
        self.close()
        self._resume_at = time.monotonic() + self._back_off.lengthen()
        self._health_due = 0.0
        self.last_error = explain_server(self._settings, error)

    def _write_health(self) -> None:
        if time.monotonic() < self._health_due:
            return
        self._health_due = time.monotonic() + self._pace.state
        try:
            with open_reader(self._ledger_file) as reader:
                noted = read_forwarded(reader, self._settings.name)
                known = self._end.link if self._server is not None else noted
                count, oldest = measure_waiting(reader, known)
        except LedgerError as error:
            count, oldest, self.last_error = 0, None, str(error)
        age = 0.0 if oldest is None else max(0.0, time.time() - read_moment(oldest))
        write_health(self._health_file, count, age, self.last_error)
