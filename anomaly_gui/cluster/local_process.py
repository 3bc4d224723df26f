"""One process that works on the parts it is sent, over a pipe."""

from __future__ import annotations

import multiprocessing
import signal
import traceback
from typing import TYPE_CHECKING, Any

from anomaly_gui.cluster.threads import keep_to_cores

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from anomaly_gui.cluster.outfit import Outfit

_PATIENCE = 5.0  # seconds a process has to end by itself


class RemoteError(Exception):
    """The trace of an error in another process, as text."""


class LocalProcess:
    """The near end of a process of one's own.

    Parameters
    ----------
    cores : the cores it keeps to
    outfit : what it needs once

    Attributes
    ----------
    is_ready : whether it has said that it can work: one that ends before does so over no part
    """

    def __init__(self, cores: tuple[int, ...], outfit: Outfit | None) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would inherit locks that threads hold
        self.cores = cores
        self.is_ready = self._is_busy = False
        self._sent: Callable[[Any], Any] | None = None
        self.source, far_end = context.Pipe()
        self._process = context.Process(target=_serve, args=(far_end, cores, outfit), daemon=True)
        self._process.start()
        far_end.close()  # so that the end of the process is the end of the pipe
        self.sentinel, self.pid = self._process.sentinel, self._process.pid or 0

    @property
    def is_of_use(self) -> bool:
        """Whether it can be sent parts, or has still to be read from: it may have ended over one."""
        return not self.source.closed and (self._is_busy or self._process.is_alive())

    def send_part(self, work: Callable[[Any], Any], part: Any) -> None:
        """Let it work on a part; work that it has had before is not sent again."""
        new_work = None if self._sent is work else work
        self._sent, self._is_busy = work, True
        try:
            self.source.send((new_work, part))
        except OSError:  # it has just ended: reading from it will tell
            return

    def read_result(self) -> Any:
        """Return the result in a tuple, the error that the work raised, or None where it says it is ready.

        Raises
        ------
        EOFError : the process has ended
        """
        try:
            answer = self.source.recv()
        except OSError as gone:
            raise EOFError from gone
        if answer is None:
            self.is_ready = True
            return None
        self._is_busy = False
        error, trace, result = answer
        if error is None:
            return (result,)
        error.__cause__ = RemoteError(trace)
        return error

    def end(self) -> None:
        """End it, whatever it does."""
        self.source.close()
        if self._process.is_alive():
            self._process.terminate()
            self._process.join(_PATIENCE)
        if self._process.is_alive():
            self._process.kill()
        self._process.join()


def _serve(pipe: Connection, cores: tuple[int, ...], outfit: Outfit | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for who started this, and ends this too
    keep_to_cores(cores)
    if outfit is not None:
        outfit.receive()
    pipe.send(None)  # it is ready
    work: Callable[[Any], Any] | None = None
    while True:
        try:
            new_work, part = pipe.recv()
        except EOFError:
            return
        work = new_work or work
        if work is not None:
            _answer(pipe, work, part)


def _answer(pipe: Connection, work: Callable[[Any], Any], part: Any) -> None:
    answer: tuple[Exception | None, str, Any]
    try:
        answer = (None, "", work(part))
    except Exception as error:  # noqa: BLE001 - raised again where the work was asked for
        answer = (error, traceback.format_exc(), None)
    try:
        pipe.send(answer)
    except Exception as error:  # noqa: BLE001 - what cannot be sent is told; a pipe without an end raises again
        pipe.send((TypeError(str(error)), traceback.format_exc(), None))
