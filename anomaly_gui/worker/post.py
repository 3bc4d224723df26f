"""The worker's end of the pipe: orders in, messages out, and a progress that goes the same way."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

from anomaly_gui.progress import CancelledError
from anomaly_gui.worker.messages import Advanced, Learning, Order, Stage, Warned

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from anomaly_gui.progress import Epoch
    from anomaly_gui.worker.messages import Message

SECONDS_APART = 0.05
"""Between two messages of one kind: more than this nobody can see."""


class WindowGoneError(Exception):
    """The window is gone: there is nobody to work for."""


class Post:
    """Takes orders from a pipe, and sends messages on jobs."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._orders: deque[Order] = deque()
        self._cancelled: set[int] = set()
        self._stopped: set[int] = set()

    def next_order(self) -> Order:
        """Wait for the next order that was not cancelled."""
        while not self._orders:
            self._receive_order()
        return self._orders.popleft()

    def is_cancelled(self, number: int) -> bool:
        """Tell whether an order was cancelled by now."""
        while self._pipe.poll():
            self._receive_order()
        return number in self._cancelled

    def is_stopped(self, number: int) -> bool:
        """Tell whether the network of an order is to stop learning by now."""
        return self.is_cancelled(number) or number in self._stopped

    def forget_stop(self, number: int) -> None:
        """Let the next network of an order learn."""
        self._stopped.discard(number)

    def _receive_order(self) -> None:
        try:
            order: Order | None = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise WindowGoneError from error
        if order is None:
            raise WindowGoneError
        if order.stops_early:
            self._stopped.add(order.number)
        elif order.job is None:
            self._cancelled.add(order.number)
        else:
            self._orders.append(order)

    def send_message(self, number: int, message: Message) -> None:
        """Send a message on a job."""
        try:
            self._pipe.send((number, message))
        except OSError as error:
            raise WindowGoneError from error


class PipedProgress:
    """A `Progress` that tells the window, and cancels when it says so."""

    def __init__(self, post: Post, number: int) -> None:
        self._post, self._number = post, number
        self._done, self._sent_at = 0, 0.0

    def stage(self, name: str, total: int | None = None) -> None:
        """See `Progress`."""
        self._raise_if_cancelled()
        self._done = 0
        self._post.forget_stop(self._number)  # it was for the network before
        self._post.send_message(self._number, Stage(name, total))

    def advance(self, steps: int = 1) -> None:
        """See `Progress`."""
        self._raise_if_cancelled()
        self._done += steps
        if time.monotonic() - self._sent_at >= SECONDS_APART:
            self._sent_at = time.monotonic()
            self._post.send_message(self._number, Advanced(self._done))

    def warn(self, text: str) -> None:
        """See `Progress`."""
        self._raise_if_cancelled()
        self._post.send_message(self._number, Warned(text))

    def fail(self, text: str) -> None:
        """See `Progress`: in the window it is a warning."""
        self.warn(text)

    def epoch(self, epoch: Epoch) -> None:
        """See `Progress`."""
        self._raise_if_cancelled()
        self._post.send_message(self._number, Advanced(self._done))  # the window measures speed between two
        self._post.send_message(self._number, Learning(epoch))

    def stops_early(self) -> bool:
        """See `Progress`."""
        return self._post.is_stopped(self._number)

    def _raise_if_cancelled(self) -> None:
        if self._post.is_cancelled(self._number):
            raise CancelledError
