"""The worker that one window leaves and the next one takes: each would spend seconds of a core on its own."""

import os
from dataclasses import dataclass
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from anomaly_gui.worker.client import Worker

_OWN = "PYTEST_CURRENT_TEST"  # differs in every test, and is read by none


def read_environment():
    return {name: value for name, value in os.environ.items() if name != _OWN}


@dataclass(frozen=True)
class Left:
    """What a window leaves of its worker."""

    process: SpawnProcess
    pipe: Connection
    numbers: count
    environment: dict[str, str]

    @property
    def is_as_new(self) -> bool:
        """Whether a process that were started now would be like it."""
        return self.process.is_alive() and self.environment == read_environment()

    def end(self) -> None:
        self.pipe.close()
        self.process.join()


class SpareWorker:
    """Keeps at most one process that is at work on nothing.

    `start` and `close` stand in for those of `Worker`. A process that is dead, at work, or was started with
    other variables of the environment is none to be taken.
    """

    def __init__(self) -> None:
        self._left: Left | None = None
        self._start, self._close = Worker.start, Worker.close

    def start(self, worker: Worker) -> None:
        """Let a worker have the process that is left; start one where there is none."""
        if worker.is_running:
            return
        left, self._left = self._left, None
        if left is not None and left.is_as_new:
            worker._process, worker._pipe, worker._numbers = left.process, left.pipe, left.numbers
            worker.environment = left.environment
            return
        if left is not None:
            left.end()
        self._start(worker)
        worker.environment = read_environment()

    def close(self, worker: Worker) -> None:
        """Leave a worker's process where it is at work on nothing; end it otherwise."""
        is_idle = worker.is_running and worker.has_pipe and not worker._waiting
        if self._left is not None or not is_idle:
            self._close(worker)
            return
        self._left = Left(worker._process, worker._pipe, worker._numbers, worker.environment)
        worker._process = worker._pipe = None

    def end(self) -> None:
        """End what is left."""
        left, self._left = self._left, None
        if left is not None:
            left.end()
