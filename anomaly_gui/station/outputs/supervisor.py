"""The processes of outputs as the station sees them: started, watched, started again, ended."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from anomaly_gui.language import translate
from anomaly_gui.station.children import start_child
from anomaly_gui.station.outputs.child import run_output
from anomaly_gui.station.outputs.delivery import BackOff
from anomaly_gui.station.outputs.health import OutputHealth, read_health
from anomaly_gui.station.times import now_utc
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    from anomaly_gui.station.outputs.child import ChildJob

LIVED_WELL = 60.0  # seconds after which the end of a process is no longer one of a row


class OutputProcess:
    """The process of one output. All calls come from one thread, and none waits but `stop`.

    Parameters
    ----------
    run : what the process does, a function of a module: it is given the job and the end of a pipe
    """

    def __init__(self, job: ChildJob, run: Callable[[Any, Connection], None] = run_output) -> None:
        self.job, self._run = job, run
        self._back_off = BackOff(job.pace)
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._started = self._due = 0.0
        self._since = ""  # when it was started first, since it was asked to stop
        self._trouble = ""

    @property
    def number(self) -> int | None:
        """The id of the process, None where it does not run."""
        return self._process.pid if self._process is not None and self._process.is_alive() else None

    def tend(self) -> None:
        """Start the process where it does not run, later each time it ends early: call it every second."""
        if self._process is not None and not self._process.is_alive():
            self._note_end(self._process)
        if self._process is None and time.monotonic() >= self._due:
            self._start()

    def read_health(self) -> OutputHealth:
        """Return how the output fares; what was said before its first start counts as said then."""
        since = self._since or now_utc()
        health = read_health(self.job.files.health) or OutputHealth(0, 0.0, "", since)
        health = replace(health, at=max(health.at, since))
        if self.number is not None or not self._trouble:
            return health
        return replace(health, last_error=" ".join((self._trouble, health.last_error)).strip())

    def ask_to_stop(self) -> None:
        """Let the process end after what it is at, without waiting for that."""
        self._since = ""
        if self._pipe is not None:
            with suppress(OSError):  # of one that has ended, or was asked before
                self._pipe.send(None)  # a station that is killed says no such thing
            self._pipe.close()

    def stop(self, seconds: float = 15.0) -> None:
        """End the process: by asking, and by force after a while."""
        self.ask_to_stop()
        if self._process is not None:
            self._process.join(seconds)
            if self._process.is_alive():
                self._process.kill()
                self._process.join()
        self._process = self._pipe = None

    def _start(self) -> None:
        self._started = time.monotonic()
        self._since = self._since or now_utc()
        try:
            self._process, self._pipe = start_child(self._run, self.job, name=f"output-{self.job.name}")
        except OSError as error:
            self._trouble = translate(
                "The process of this output cannot be started ({why}); it is tried again.",
                why=explain_os_error(error),
            )
            self._wait_longer()

    def _note_end(self, process: SpawnProcess) -> None:
        self._trouble = translate(
            "The process of this output ended with exit code {code}; it will be started again.",
            code=process.exitcode,
        )
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None
        if time.monotonic() - self._started > LIVED_WELL:
            self._back_off.reset()
        self._wait_longer()

    def _wait_longer(self) -> None:
        self._due = time.monotonic() + self._back_off.lengthen()
