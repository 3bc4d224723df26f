"""One output at work: its messages in order, each until it has arrived."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anomaly_gui.station.outputs.output import MessageKind, OutputError, find_key
from anomaly_gui.station.outputs.station_files import read_alarms, read_state, write_health

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from anomaly_gui.station.outputs.outbox import Outbox
    from anomaly_gui.station.outputs.output import Output

BATCH, BATCH_SECONDS = 100, 0.5  # what may arrive twice after a crash
IDLE = 0.1  # seconds between two looks at an empty outbox


@dataclass(frozen=True)
class DeliveryFiles:
    """Small files: state and alarms of the station, to be read; health of the output, to be written."""

    state: Path
    alarms: Path
    health: Path


@dataclass(frozen=True)
class Pace:
    """Seconds: the first and the longest wait after a failure, and between two looks at state and alarms."""

    first: float = 1.0
    longest: float = 60.0
    news: float = 0.5


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
    output : where messages go
    outbox : where results come from
    files : where state and alarms come from, and where it says how the output fares
    """

    def __init__(
        self, output: Output, outbox: Outbox, files: DeliveryFiles, pace: Pace | None = None
    ) -> None:
        self._output, self._outbox, self._files = output, outbox, files
        self._pace = pace or Pace()
        self._back_off = BackOff(self._pace)
        self._held: deque[int] = deque()
        self._is_open = False
        self._resume_at = self._news_due = self._health_due = 0.0
        self._news_sent: dict[str, Mapping[str, Any]] = {}
        self.last_error = ""

    def step(self) -> float:
        """Send what can be sent now; return how many seconds may pass before the next step."""
        if (left := self._resume_at - time.monotonic()) > 0:
            self._note_health()
            return min(left, self._pace.news)
        try:
            if not self._is_open:
                self._open_output()
            has_sent = any([self._acknowledge_held(), self._send_pending()])
            self._send_news()
            self._back_off.reset()
            self.last_error = ""
        except (OutputError, OSError) as error:
            self._give_up(error)
            has_sent = False
        self._note_health()
        return 0.0 if has_sent else IDLE

    def close(self) -> None:
        """Close the output; what it held and nobody took is sent again next time."""
        self._output.close()
        self._is_open = False
        self._held.clear()
        self._news_sent.clear()

    def _open_output(self) -> None:
        self._is_open = True  # also where it fails half-way: it is closed then
        self._output.open()
        if self._output.remembers:
            self._output.recall(self._read_arrived(self._output.remembers))

    def _read_arrived(self, most: int) -> list[Mapping[str, Any]]:
        """Return the last results before the first that has not arrived."""
        pending = self._outbox.read_pending(1)
        last = self._outbox.read_last(most)
        return [each for each in last if not pending or each["seq"] < pending[0]["seq"]]

    def _send_pending(self) -> bool:
        """Send the next messages, and tell whether there were any."""
        window = self._output.window
        if window and len(self._held) >= window:
            return False
        held = set(self._held)
        waiting = [each for each in self._outbox.read_pending(window or BATCH) if each["seq"] not in held]
        arrived: list[int] = []
        until = time.monotonic() + BATCH_SECONDS
        try:
            for message in waiting:
                self._output.send(message)
                (self._held if window else arrived).append(message["seq"])
                if time.monotonic() > until:
                    break
        finally:
            self._mark_acked(arrived)
        return len(waiting) > 0

    def _acknowledge_held(self) -> bool:
        """Acknowledge what the other side has taken, and tell whether it has taken any."""
        count = min(self._output.count_arrived(), len(self._held))
        self._mark_acked([self._held.popleft() for _ in range(count)])
        return count > 0

    def _mark_acked(self, seqs: list[int]) -> None:
        if seqs:
            self._outbox.mark_acked(seqs)
            self._back_off.reset()

    def _send_news(self) -> None:
        """Send state and alarms as they are now: what they were before is over."""
        if time.monotonic() < self._news_due:
            return
        self._news_due = time.monotonic() + self._pace.news
        news: dict[str, Mapping[str, Any]] = {}
        if MessageKind.ALARM in self._output.takes:
            news |= {find_key(alarm): alarm for alarm in read_alarms(self._files.alarms)}
        if MessageKind.STATE in self._output.takes and (state := read_state(self._files.state)):
            news["state"] = state
        for key, message in news.items():
            if message != self._news_sent.get(key):
                self._output.send(message)
                self._news_sent[key] = message

    def _give_up(self, error: OutputError | OSError) -> None:
        self.close()
        self._resume_at = time.monotonic() + self._back_off.lengthen()
        self.last_error = str(error)
        self._health_due = 0.0

    def _note_health(self) -> None:
        if time.monotonic() < self._health_due:
            return
        self._health_due = time.monotonic() + self._pace.news
        count = self._outbox.count_pending()
        write_health(self._files.health, count.pending, count.oldest_seconds, self.last_error)
