"""Be woken when something happens in a folder. Never relied upon: network shares tell nothing."""

from __future__ import annotations

import logging
from threading import Event
from typing import TYPE_CHECKING

from watchdog.events import FileSystemEventHandler
from watchdog.observers import Observer

if TYPE_CHECKING:
    from pathlib import Path

    from watchdog.events import FileSystemEvent

logging.getLogger("watchdog").setLevel(logging.CRITICAL)  # it tells of its own end
_TELLING = frozenset({"created", "modified", "moved", "closed"})  # reading, which is our own doing, is not


class FolderWatch(FileSystemEventHandler):
    """Watches a folder, where the system can."""

    def __init__(self, folder: Path) -> None:
        self._woken, self._observer = Event(), Observer()
        try:
            self._observer.schedule(self, str(folder), recursive=False)
            self._observer.start()
            self._is_watching = True
        except OSError:  # too many watches, or a folder that cannot be watched: listings are the truth
            self._is_watching = False

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Wake who waits."""
        if event.event_type in _TELLING:
            self._woken.set()

    def wait_for_event(self, seconds: float) -> bool:
        """Return at an event, or after so long; tell whether there was one."""
        was_woken = self._woken.wait(seconds)
        self._woken.clear()
        return was_woken

    def close(self) -> None:
        """Watch no more."""
        if self._is_watching:
            self._observer.stop()
            self._observer.join()
