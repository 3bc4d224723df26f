"""The window's end of the pipe: start the worker, send jobs, take its messages, end it."""

from __future__ import annotations

import multiprocessing
from itertools import count
from typing import TYPE_CHECKING

from anomaly_gui.language import find_language, translate
from anomaly_gui.worker.child import serve_window
from anomaly_gui.worker.messages import LAST, Crashed, Order

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    from anomaly_gui.worker.messages import Job, Message

_PATIENCE = 5.0  # seconds a worker has to end before it is ended


class Worker:
    """A process that carries out jobs one after the other. It is started at the first job.

    `start`, `send`, `cancel` and `close` belong to one thread, `receive` to another.
    """

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("spawn")  # a forked copy would share the window's threads
        self._numbers = count(1)
        self._pipe: Connection | None = None
        self._process: SpawnProcess | None = None
        self._waiting: list[int] = []

    @property
    def is_running(self) -> bool:
        """Tell whether the process is there."""
        return self._process is not None and self._process.is_alive()

    @property
    def has_pipe(self) -> bool:
        """Tell whether there is anything to receive from."""
        return self._pipe is not None

    def start(self) -> None:
        """Start the process, if there is none, or a new one in place of a dead one."""
        if self.is_running:
            return
        self._pipe, far_end = self._context.Pipe()
        self._process = self._context.Process(
            target=serve_window, args=(far_end,), name="anomaly-gui worker", daemon=True
        )
        self._process.start()
        far_end.close()  # so that the pipe ends with the process

    def send(self, job: Job) -> int:
        """Send a job and return its number; its messages bear it."""
        self.start()
        number = next(self._numbers)
        self._waiting.append(number)
        self._send_order(Order(number, job, language=find_language()))
        return number

    def cancel(self, number: int) -> None:
        """Ask for the end of a job; it ends with `Cancelled`, or as it was about to end."""
        self._send_order(Order(number, None))

    def stop_early(self, number: int) -> None:
        """Ask a job whose network is learning to stop there and keep the best so far."""
        self._send_order(Order(number, None, stops_early=True))

    def _send_order(self, order: Order | None) -> None:
        if self._pipe is not None:
            try:
                self._pipe.send(order)
            except OSError:
                return  # the process is dead: `receive` reports that

    def receive(self, timeout: float) -> list[tuple[int, Message]]:
        """Return the messages that are there, waiting for the first up to `timeout` seconds.

        When the process died every job it had ends with `Crashed`.
        """
        pipe, messages = self._pipe, []
        try:
            if pipe is None or not pipe.poll(timeout):
                return []
            while pipe.poll():
                messages.append(pipe.recv())
        except (EOFError, OSError):
            messages += self._end_dead_process()
        for number, message in messages:
            if isinstance(message, LAST) and number in self._waiting:
                self._waiting.remove(number)
        return messages

    def _end_dead_process(self) -> list[tuple[int, Message]]:
        process, self._pipe = self._process, None
        code = None
        if process is not None:
            process.join(_PATIENCE)
            code = process.exitcode
        report = translate("The worker's process ended unexpectedly (exit code {code}).", code=code)
        return [(number, Crashed(report)) for number in self._waiting]

    def close(self) -> None:
        """End the process: at once where it is idle, else within seconds; nothing half-written remains."""
        for number in self._waiting:
            self.cancel(number)
        self._send_order(None)
        if self._process is not None:
            self._process.join(_PATIENCE)
            if self._process.is_alive():
                self._process.kill()
                self._process.join()
        if self._pipe is not None:
            self._pipe.close()
        self._pipe = self._process = None
