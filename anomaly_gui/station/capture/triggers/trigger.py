"""What every kind of trigger offers: it waits in a thread of its own, and asks for pictures."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Protocol

from anomaly_gui.errors import UserError


class TriggerError(UserError):
    """What a trigger listens to cannot be reached."""


class Fire(Protocol):
    """Asks for a picture, from any thread."""

    def __call__(self, trigger: str, part: object = None, lot: object = None) -> None:
        """Ask; part and lot are whatever a message named so."""


class Trigger(ABC):
    """Works in a thread of its own from `start` to `close`.

    Parameters
    ----------
    name : as in [triggers.NAME]
    fire : asks for a picture
    scan : notes a code that goes with the next picture

    Attributes
    ----------
    trouble : why it cannot ask now; "" where it can
    """

    def __init__(self, name: str, fire: Fire, scan: Callable[[str], None]) -> None:
        self.name, self._fire, self._scan = name, fire, scan
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"trigger-{name}", daemon=True)
        self.trouble = ""

    def start(self) -> None:
        """Begin to wait."""
        self._thread.start()

    def _run(self) -> None:
        try:
            self.work()
        except Exception as error:
            self.trouble = f"{type(error).__name__}: {error}"
            raise

    @abstractmethod
    def work(self) -> None:
        """Ask for pictures until it ends."""

    def reach(self) -> None:  # noqa: B027 - most listen to nothing that could be away
        """Try whether what it listens to is there; raises TriggerError."""

    def close(self) -> None:
        """End."""
        self._ended.set()
