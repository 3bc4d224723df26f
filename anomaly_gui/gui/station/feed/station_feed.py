"""Looks at a station twice a second, in a thread: the window waits for no disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QThreadPool, QTimer, Signal, Slot

from anomaly_gui.gui.station.feed.reading import Counted, read_snapshot

if TYPE_CHECKING:
    from datetime import datetime

    from anomaly_gui.gui.station.feed.place import StationPlace
    from anomaly_gui.gui.station.feed.snapshot import Snapshot

_EVERY = 500  # milliseconds


class StationFeed(QObject):
    """Emits a snapshot whenever one was read; never two at once."""

    read = Signal(object, object)  # the Counted it was read with, and the Snapshot
    changed = Signal(object)  # a Snapshot

    def __init__(self, place: StationPlace, since: datetime, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.place, self.latest = place, None
        self._counted, self._is_reading = Counted(since), False
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._timer = QTimer(self, interval=_EVERY)
        self._timer.timeout.connect(self.look)
        self.read.connect(self._on_read)
        self._timer.start()
        self.look()

    latest: Snapshot | None

    @property
    def since(self) -> datetime:
        """When counting began."""
        return self._counted.since

    @Slot()
    def look(self) -> None:
        """Read, unless that is being done."""
        if not self._is_reading:
            self._is_reading = True
            self._pool.start(_Reading(self, self._counted))

    def count_from(self, since: datetime) -> None:
        """Count from another moment on."""
        self._counted = Counted(since)

    @Slot(object, object)
    def _on_read(self, counted: Counted, snapshot: Snapshot) -> None:
        self._is_reading = False
        if counted is self._counted:
            self.latest = snapshot
            self.changed.emit(snapshot)
        else:
            self.look()

    def close(self) -> None:
        """End the timer and wait for the thread."""
        self._timer.stop()
        self._pool.clear()
        self._pool.waitForDone()


class _Reading(QRunnable):
    def __init__(self, feed: StationFeed, counted: Counted) -> None:
        super().__init__()
        self._feed, self._counted = feed, counted

    def run(self) -> None:
        self._feed.read.emit(self._counted, read_snapshot(self._feed.place, self._counted))
