"""The process that copies records to a server: kept like that of an output."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anomaly_gui.station.outputs.child import is_closed, run_alone
from anomaly_gui.station.outputs.delivery import DeliveryFiles, Pace
from anomaly_gui.station.server.forwarder import Forwarder

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path

    from anomaly_gui.station.ledger.ledger import Place
    from anomaly_gui.station.settings.postgresql_settings import PostgresqlSettings

NAME = "PostgreSQL"
"""In the state of a station; outputs have no capital letters."""


@dataclass(frozen=True)
class ForwarderJob:
    """What the process is given; it can be sent to another process, and has no password.

    Parameters
    ----------
    records : folder of the ledger, for health and lock
    state_file : what the station says of itself
    """

    settings: PostgresqlSettings
    place: Place
    ledger_file: Path
    records: Path
    state_file: Path
    name: str = NAME
    pace: Pace = field(default_factory=Pace)

    @property
    def files(self) -> DeliveryFiles:
        """The small files the process reads and writes."""
        return DeliveryFiles(self.state_file, self.records / "forwarder.json")

    @property
    def lock_file(self) -> Path:
        """What one process at a time has locked."""
        return self.records / "forwarder.lock"


def run_forwarder(job: ForwarderJob, pipe: Connection) -> None:
    """Copy records until the pipe is closed at its other end."""
    run_alone(job, pipe, _copy_until_closed)


def _copy_until_closed(job: ForwarderJob, pipe: Connection) -> None:
    forwarder = Forwarder(job.settings, job.ledger_file, job.place, job.files.health, job.pace)
    try:
        while not is_closed(pipe, forwarder.step()):
            pass
    finally:
        forwarder.close()
