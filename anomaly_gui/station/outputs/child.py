"""The process that runs one output: it may be killed at any time, and goes on where the outbox says.

It ends when its pipe is closed, so also when the station is no more.
"""

from __future__ import annotations

import time
import traceback
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

from anomaly_gui.station.children import leave_signals_to_station
from anomaly_gui.station.outputs.delivery import Delivery, DeliveryFiles, Pace
from anomaly_gui.station.outputs.health import measure_age, read_health, write_health
from anomaly_gui.station.outputs.lock import ProcessLock
from anomaly_gui.station.outputs.registry import make_output
from anomaly_gui.station.times import read_moment

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from pathlib import Path

    from anomaly_gui.station.outputs.outbox import Outbox
    from anomaly_gui.station.outputs.output import StationPlace
    from anomaly_gui.station.outputs.settings.kinds import KindSettings

LOCK_TRIED_EVERY = 0.2  # seconds, while another process of this output ends


@dataclass(frozen=True)
class OutputJob:
    """What the process of an output is given; it can be sent to another process.

    Parameters
    ----------
    name : of the output, as in [outputs.NAME]
    open_outbox : opens the outbox, in the process; a class or function of a module, or a partial one
    records : folder of the ledger, for the health and the lock of the output
    state_file : what the station says of itself
    """

    name: str
    settings: KindSettings
    place: StationPlace
    open_outbox: Callable[[], Outbox]
    records: Path
    state_file: Path
    pace: Pace = field(default_factory=Pace)

    @property
    def files(self) -> DeliveryFiles:
        """The small files the process reads and writes."""
        health = self.records / f"output-{self.name}.json"
        return DeliveryFiles(self.state_file, health)

    @property
    def lock_file(self) -> Path:
        """What one process at a time has locked."""
        return self.records / f"output-{self.name}.lock"


class ChildJob(Protocol):
    """What the process of an output, or of what is kept like one, is given; it can be sent to a process."""

    @property
    def name(self) -> str:
        """What it is called in the state of the station."""
        ...

    @property
    def files(self) -> DeliveryFiles:
        """The small files the process reads and writes."""
        ...

    @property
    def lock_file(self) -> Path:
        """What one process at a time has locked."""
        ...

    @property
    def pace(self) -> Pace:
        """How long it waits."""
        ...


_Job = TypeVar("_Job", bound=ChildJob)


def run_output(job: OutputJob, pipe: Connection) -> None:
    """Deliver the messages of an output until the pipe is closed at its other end."""
    run_alone(job, pipe, _deliver_until_closed)


def run_alone(job: _Job, pipe: Connection, work: Callable[[_Job, Connection], None]) -> None:
    """Work as the one process of a job until the pipe is closed at its other end."""
    leave_signals_to_station()
    lock = ProcessLock(job.lock_file)
    while not lock.try_taking():
        if is_closed(pipe, LOCK_TRIED_EVERY):
            return
    try:
        work(job, pipe)
    except Exception as error:
        _note_bug(job, error)
        raise
    finally:
        lock.give_back()


def is_closed(pipe: Connection, seconds: float) -> bool:
    """Wait so long at most, and tell whether the process is to end: the pipe is closed, or says so."""
    try:
        return pipe.poll(seconds)
    except (BrokenPipeError, EOFError):  # as Windows tells it
        return True


def was_asked(pipe: Connection) -> bool:
    """Tell whether the station asked this process to end: one that was killed only closes the pipe."""
    try:
        pipe.recv()
    except (EOFError, OSError):
        return False
    return True


def _deliver_until_closed(job: OutputJob, pipe: Connection) -> None:
    with closing(job.open_outbox()) as outbox:
        try:
            output = make_output(job.name, job.settings, job.place)
            with closing(Delivery(output, outbox, job.files, job.pace)) as delivery:
                while not is_closed(pipe, delivery.step()):
                    pass
                delivery.take_leave(was_asked=was_asked(pipe))
        except Exception:
            backlog = outbox.measure_backlog(job.name)
            write_health(job.files.health, backlog.count, measure_age(backlog.oldest), "")
            raise


def _note_bug(job: ChildJob, error: Exception) -> None:
    """Leave what went wrong where the station looks for it, beside what was known to wait."""
    last_line = traceback.format_exception_only(type(error), error)[-1].strip()
    pending, oldest = 0, 0.0
    if (known := read_health(job.files.health)) is not None:
        pending = known.pending
        oldest = known.oldest_seconds + max(0.0, time.time() - read_moment(known.at))
    write_health(job.files.health, pending, oldest, last_line)
