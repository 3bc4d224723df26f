"""A picture every so many seconds."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from anomaly_gui.station.capture.triggers.trigger import Fire, Trigger

if TYPE_CHECKING:
    from collections.abc import Callable

    from anomaly_gui.station.settings.trigger_settings import TimerTrigger


class Timer(Trigger):
    """Keeps its pace, however long a picture takes; what it was too late for it lets go."""

    def __init__(self, name: str, settings: TimerTrigger, fire: Fire, scan: Callable[[str], None]) -> None:
        super().__init__(name, fire, scan)
        self._every = settings.every

    def work(self) -> None:
        """Ask for pictures until it ends."""
        due = time.monotonic() + self._every
        while not self._ended.wait(max(0.0, due - time.monotonic())):
            self._fire(self.name)
            late = max(0.0, time.monotonic() - due)
            due += self._every * (1 + late // self._every)
