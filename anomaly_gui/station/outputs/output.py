"""What every output has in common, and the kinds of messages it is given."""

from __future__ import annotations

import os
import socket
from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

VERDICTS = ("good", "defect", "unsure", "cannot_judge", "error")
STATES = ("starting", "running", "paused", "locked", "stopped", "error")


class OutputError(UserError):
    """A message did not arrive; `str(error)` says why. It will be sent again."""


class MessageKind(Enum):
    """What a message tells; the value is the last part of its MQTT topic."""

    RESULT = "result"
    STATE = "state"
    ALARM = "alarm"


@dataclass(frozen=True)
class StationPlace:
    """Where a station is: the names that its topics and nodes bear."""

    site: str
    line: str
    station: str


class Output(ABC):
    """One way out of the station.

    `open`, `send` and `close` are called from one thread, in this order; `close` also after any of them
    failed, and `open` again later. `send` returns when the message has arrived for good, unless `window` says
    otherwise.
    """

    takes: ClassVar[frozenset[MessageKind]] = frozenset({MessageKind.RESULT})
    """Kinds it passes on; others count as arrived."""

    window: int = 0
    """Messages it may hold until the other side takes them; 0 where they have arrived when `send` returns."""

    remembers: int = 0
    """Results, already arrived, that `recall` is given after `open`."""

    listens: ClassVar[bool] = False
    """Whether it has a port of this machine that others come to: one process at a time can."""

    def __init__(self, name: str, place: StationPlace) -> None:
        self.name, self.place = name, place

    @abstractmethod
    def try_out(self) -> str:
        """Reach the other side without sending a message or getting in the way of who sends; say how it is.

        Called instead of `open`. Raises OutputError or OSError where it cannot be reached.
        """

    @abstractmethod
    def open(self) -> None:
        """Reach the other side, or open for it; raise OutputError where that fails."""

    @abstractmethod
    def send(self, message: Mapping[str, Any]) -> None:
        """Pass a message on; raise OutputError when it did not arrive."""

    @abstractmethod
    def close(self) -> None:
        """Give back what is held; never fails."""

    def take_leave(self, state: Mapping[str, Any]) -> None:  # noqa: B027 (most have nobody to tell)
        """Tell the other side the last state of the station: called before the last `close`; never fails."""

    def recall(self, messages: Sequence[Mapping[str, Any]]) -> None:  # noqa: B027 (most remember nothing)
        """Show results of before again, oldest first, as what was sent already."""

    def count_arrived(self) -> int:
        """Return how many of the oldest messages held have been taken since the last call.

        Raises OutputError where the connection is lost.
        """
        return 0


def find_kind(message: Mapping[str, Any]) -> MessageKind:
    """Tell what a message is.

    >>> [find_kind({key: ""}).value for key in ("verdict", "alarm", "state")]
    ['result', 'alarm', 'state']
    """
    if "verdict" in message:
        return MessageKind.RESULT
    return MessageKind.ALARM if "alarm" in message else MessageKind.STATE


def find_key(message: Mapping[str, Any]) -> str:
    """Return what tells a result or an alarm from every other, however often it is sent.

    >>> find_key({"alarm": "drift", "at": "2026-11-26T10:42:00.123Z", "text": "", "is_active": True})
    'drift/2026-11-26T10:42:00.123Z/true'
    """
    if "id" in message:
        return str(message["id"])
    return f"{message['alarm']}/{message['at']}/{str(message['is_active']).lower()}"


def try_listening(host: str, port: int) -> str:
    """Say that a port of this machine is free; raise OutputError where it is not."""
    named = {"host": host, "port": port}
    try:
        (family, _, _, _, address), *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        with socket.socket(family) as probe:
            if os.name != "nt":  # there it would let two listen
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        why = explain_os_error(error)
        raise OutputError(
            translate("{host}, port {port}, cannot be listened on ({why}).", why=why, **named)
        ) from error
    return translate("{host}, port {port}, is free to listen on.", **named)
