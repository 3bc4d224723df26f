"""One output at work: its messages in order, each until it has arrived."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anomaly_gui.errors import UserError
from anomaly_gui.station.outputs.health import (
    measure_age,
    read_fresh_state,
    read_last_state,
    write_health,
)
from anomaly_gui.station.outputs.output import MessageKind, find_kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from anomaly_gui.station.outputs.outbox import Outbox
    from anomaly_gui.station.outputs.output import Output

BATCH, BATCH_SECONDS = 100, 0.5  # what may arrive twice after a crash
IDLE = 0.1  # seconds between two looks at an empty outbox


@dataclass(frozen=True)
class DeliveryFiles:
    """Small files: the state of the station, to be read, and the health of the output, to be written."""

    state: Path
    health: Path


@dataclass(frozen=True)
class Pace:
    """Seconds: the first and the longest wait after a failure, and between two looks at the state."""

    first: float = 1.0
    longest: float = 60.0
    state: float = 0.5


class BackOff:
    """Waits that double: 1, 2, 4 ... 60 seconds.

    >>> back_off = BackOff(Pace())
    >>> [back_off.lengthen() for _ in range(8)]
    [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]
    """

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._next = pace.first

    def lengthen(self) -> float:
        """Return how many seconds to wait now."""
        wait, self._next = self._next, min(2 * self._next, self._pace.longest)
        return wait

    def reset(self) -> None:
        """Begin with the shortest wait again: something arrived."""
        self._next = self._pace.first


class Delivery:
    """Takes the PENDING messages of one output from the outbox, sends them, and makes them ACKED.

    Parameters
    ----------
    output : where messages go; its name is that in the outbox
    outbox : where results and alarms come from
    files : where the state comes from, and where it says how the output fares
    """

    def __init__(
        self, output: Output, outbox: Outbox, files: DeliveryFiles, pace: Pace | None = None
    ) -> None:
        self._name, self._output, self._outbox, self._files = output.name, output, outbox, files
        self._pace = pace or Pace()
        self._back_off = BackOff(self._pace)
        self._held: deque[int] = deque()
        self._is_open = False
        self._sent = 0
        self._resume_at = self._state_due = self._health_due = 0.0
        self._state_sent: Mapping[str, Any] | None = None
        self.last_error = ""

    def step(self) -> float:
        """Send what can be sent now; return how many seconds may pass before the next step."""
        if (left := self._resume_at - time.monotonic()) > 0:
            self._note_health()
            return min(left, self._pace.state)
        try:
            if not self._is_open:
                self._open_output()
            has_sent = any([self._acknowledge_held(), self._send_pending()])
            self._send_state()
            self._back_off.reset()
            self.last_error = ""
        except (UserError, OSError) as error:
            self._give_up(error)
            has_sent = False
        self._note_health()
        return 0.0 if has_sent else IDLE

    def take_leave(self, *, was_asked: bool) -> None:
        """Let the other side know the last state of the station, where it can be reached.

        Parameters
        ----------
        was_asked : whether the station let its output end, rather than was killed
        """
        if self._is_open:
            self._output.take_leave(read_last_state(self._files.state, was_asked=was_asked))

    def close(self) -> None:
        """Close the output; what it held and nobody took is sent again next time."""
        self._output.close()
        self._is_open = False
        self._held.clear()
        self._sent = 0
        self._state_sent = None

    def _open_output(self) -> None:
        self._is_open = True  # also where it fails half-way: it is closed then
        self._output.open()
        if self._output.remembers:
            self._output.recall(self._outbox.read_acknowledged(self._name, self._output.remembers))

    def _send_pending(self) -> bool:
        """Send the next messages, and tell whether there were any."""
        window = self._output.window
        room = window - len(self._held) if window else BATCH
        waiting = self._outbox.read_pending(self._name, self._sent, room) if room else ()
        arrived: list[int] = []
        until = time.monotonic() + BATCH_SECONDS
        try:
            for each in waiting:
                is_held = self._send_one(each.message)
                (self._held if is_held else arrived).append(each.number)
                self._sent = each.number
                if time.monotonic() > until:
                    break
        finally:
            self._acknowledge(arrived)
        return len(waiting) > 0

    def _send_one(self, message: Mapping[str, Any]) -> bool:
        """Send a message the output is for, and tell whether it holds it now."""
        kind = find_kind(message)
        if kind in self._output.takes:
            self._output.send(message)
        return kind is MessageKind.RESULT and self._output.window > 0

    def _acknowledge_held(self) -> bool:
        """Acknowledge what the other side has taken, and tell whether it has taken any."""
        count = min(self._output.count_arrived(), len(self._held))
        self._acknowledge([self._held.popleft() for _ in range(count)])
        return count > 0

    def _acknowledge(self, numbers: list[int]) -> None:
        if numbers:
            self._outbox.acknowledge(self._name, numbers)
            self._back_off.reset()

    def _send_state(self) -> None:
        """Send the state as it is now: what it was before is over."""
        if MessageKind.STATE not in self._output.takes or time.monotonic() < self._state_due:
            return
        self._state_due = time.monotonic() + self._pace.state
        state = read_fresh_state(self._files.state)
        if state is not None and state != self._state_sent:
            self._output.send(state)
            self._state_sent = state

    def _give_up(self, error: UserError | OSError) -> None:
        self.close()
        self._resume_at = time.monotonic() + self._back_off.lengthen()
        self.last_error = str(error)
        self._health_due = 0.0

    def _note_health(self) -> None:
        if time.monotonic() < self._health_due:
            return
        self._health_due = time.monotonic() + self._pace.state
        backlog = self._outbox.measure_backlog(self._name)
        write_health(self._files.health, backlog.count, measure_age(backlog.oldest), self.last_error)
