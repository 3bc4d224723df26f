"""The outputs of a station: each in a process of its own, started, watched and ended here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from anomaly_gui.station.ledger.outbox import LedgerOutbox
from anomaly_gui.station.outputs.child import OutputJob
from anomaly_gui.station.outputs.output import StationPlace
from anomaly_gui.station.outputs.registry import read_output
from anomaly_gui.station.outputs.supervisor import OutputProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anomaly_gui.station.settings.station_settings import StationSettings


class Outputs:
    """The processes of a station's outputs.

    Raises
    ------
    SettingsFileError : an output cannot be made of its table
    """

    def __init__(self, settings: StationSettings) -> None:
        self._processes = {job.name: OutputProcess(job) for job in make_jobs(settings)}

    def tend(self) -> dict[str, Any]:
        """Start what does not run, and return how each output is: to be called every second."""
        told = {}
        for name, process in self._processes.items():
            process.tend()
            health = process.read_health()
            told[name] = {
                "pending": 0 if health is None else health.pending,
                "oldest_seconds": 0.0 if health is None else health.oldest_seconds,
                "last_error": "" if health is None else health.last_error,
            }
        return {"outputs": told}

    def close(self) -> None:
        """End them; what has not arrived is sent after the next start."""
        for process in self._processes.values():
            process.stop()


def make_jobs(settings: StationSettings) -> Iterator[OutputJob]:
    """Yield what the process of each output is given; raises SettingsFileError."""
    place = StationPlace(settings.site, settings.line, settings.station)
    opener = partial(LedgerOutbox, settings.ledger_file)
    for table in settings.outputs:
        own = read_output(table.name, table.values, settings.file)
        yield OutputJob(table.name, own, place, opener, settings.records, settings.state_file)
