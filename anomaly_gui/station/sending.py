"""The outputs of a station: each in a process of its own, started, watched and ended here."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from anomaly_gui.language import translate
from anomaly_gui.station.ledger.ledger import Place
from anomaly_gui.station.ledger.outbox import LedgerOutbox
from anomaly_gui.station.outputs.child import OutputJob
from anomaly_gui.station.outputs.output import StationPlace
from anomaly_gui.station.outputs.registry import read_output
from anomaly_gui.station.outputs.supervisor import OutputProcess
from anomaly_gui.station.server.child import ForwarderJob, run_forwarder
from anomaly_gui.station.times import read_moment
from anomaly_gui.wording import duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from anomaly_gui.station.outputs.health import OutputHealth
    from anomaly_gui.station.settings.station_settings import StationSettings
    from anomaly_gui.station.state_file import StateFile


LATE_AFTER = 300.0
"""Seconds that messages of an output may wait before that alarms."""
_SILENT_AFTER = 5.0  # seconds after which a process that has not said how it fares is behind by that


class Outputs:
    """The processes of a station's outputs, and of what copies its records to a server.

    Raises
    ------
    SettingsFileError : an output cannot be made of its table
    """

    def __init__(self, settings: StationSettings) -> None:
        self._processes = {job.name: OutputProcess(job) for job in make_jobs(settings)}
        self._late_after = dict.fromkeys(self._processes, LATE_AFTER)
        server = settings.postgresql
        if server is not None:
            place, records = make_place(settings), settings.records
            job = ForwarderJob(server, place, settings.ledger_file, records, settings.state_file)
            self._processes[job.name] = OutputProcess(job, run_forwarder)
            self._late_after[job.name] = server.alarm_after

    @property
    def alarms(self) -> Iterator[str]:
        """The names of their alarms."""
        return map(_name_alarm, self._processes)

    @property
    def are_running(self) -> bool:
        """Whether there is a process of any."""
        return any(process.number is not None for process in self._processes.values())

    def tend(self, state: StateFile) -> dict[str, Any]:
        """Start what does not run, and return how each output is: to be called every second.

        Parameters
        ----------
        state : is given an alarm for each output that is late
        """
        told = {}
        for name, process in self._processes.items():
            process.tend()
            told[name] = _describe_health(process.read_health())
            is_late = told[name]["oldest_seconds"] > self._late_after[name]
            state.set_alarm(_name_alarm(name), _describe_late(name, told[name]) if is_late else "")
        return {"outputs": told}

    def close(self) -> None:
        """End them; what has not arrived is sent after the next start."""
        for process in self._processes.values():
            process.ask_to_stop()  # all first: each may have to give up what it waits for
        for process in self._processes.values():
            process.stop()


def _name_alarm(name: str) -> str:
    return f"output {name}"


def _describe_health(health: OutputHealth) -> dict[str, Any]:
    silent = max(0.0, time.time() - read_moment(health.at))
    more = silent if silent > _SILENT_AFTER else 0.0
    return {
        "pending": health.pending,
        "oldest_seconds": health.oldest_seconds + more,
        "last_error": health.last_error,
    }


def _describe_late(name: str, told: Mapping[str, Any]) -> str:
    return translate(
        "{name}: {count:,} wait to be sent, the oldest for {duration}. {why}",
        name=name,
        count=told["pending"],
        duration=duration(told["oldest_seconds"]),
        why=told["last_error"],
    ).strip()


def make_place(settings: StationSettings) -> Place:
    """Return the names that records and messages have."""
    outputs = tuple(output.name for output in settings.outputs)
    return Place(settings.site, settings.line, settings.station, outputs, settings.shifts)


def make_jobs(settings: StationSettings) -> Iterator[OutputJob]:
    """Yield what the process of each output is given; raises SettingsFileError."""
    place = StationPlace(settings.site, settings.line, settings.station)
    opener = partial(LedgerOutbox, settings.ledger_file)
    for table in settings.outputs:
        own = read_output(table.name, table.values, settings.file)
        yield OutputJob(table.name, own, place, opener, settings.records, settings.state_file)
