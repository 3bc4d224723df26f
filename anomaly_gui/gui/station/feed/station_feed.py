"""Looks at a station twice a second, in a thread: the window waits for no disk."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QRunnable, QThreadPool, QTimer, Signal, Slot

from anomaly_gui.errors import UserError
from anomaly_gui.gui.station.feed.health import make_unseen
from anomaly_gui.gui.station.feed.reading import Counted, read_snapshot
from anomaly_gui.gui.station.feed.snapshot import Snapshot
from anomaly_gui.language import translate
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.gui.station.feed.place import StationPlace

_EVERY = 500  # milliseconds
_PATIENCE = 5.0  # seconds that reading may take: a disk that went may never answer
_log = logging.getLogger(__name__)


class StationFeed(QObject):
    """Emits a snapshot whenever one was read, or could not be; never reads two at once."""

    read = Signal(object, object)  # the Counted it was read with, and the Snapshot
    failed = Signal(object, str)  # the Counted, and why nothing was read
    changed = Signal(object)  # a Snapshot

    def __init__(self, place: StationPlace, since: datetime, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.place, self.latest = place, None
        self._counted, self._is_reading = Counted(since), False
        self._asked, self._is_late, self._logged = 0.0, False, ""
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._timer = QTimer(self, interval=_EVERY)
        self._timer.timeout.connect(self.look)
        self.read.connect(self._on_read)
        self.failed.connect(self._on_failed)
        self._timer.start()
        self.look()

    latest: Snapshot | None

    @property
    def since(self) -> datetime:
        """When counting began."""
        return self._counted.since

    @Slot()
    def look(self) -> None:
        """Read, unless that is being done; what takes too long is said."""
        if self._is_reading:
            self._watch_reading()
            return
        self._is_reading, self._is_late = True, False
        self._asked = time.monotonic()
        self._pool.start(_Reading(self, self._counted))

    def _watch_reading(self) -> None:
        seconds = time.monotonic() - self._asked
        if seconds < _PATIENCE or self._is_late:
            return
        self._is_late = True
        asked = datetime.now() - timedelta(seconds=seconds)
        text = QCoreApplication.translate("Station", "%1 has not answered since %2.")
        text = text.replace("%2", f"{asked:%H:%M:%S}").replace("%1", str(self.place.records))
        self._show_unseen(text)

    def count_from(self, since: datetime) -> None:
        """Count from another moment on."""
        self._counted = Counted(since)

    @Slot(object, object)
    def _on_read(self, counted: Counted, snapshot: Snapshot) -> None:
        self._is_reading = False
        if counted is self._counted:
            self._show_snapshot(snapshot)
        else:
            self.look()

    @Slot(object, str)
    def _on_failed(self, counted: Counted, why: str) -> None:
        self._is_reading = False
        if counted is self._counted:
            self._show_unseen(why)
        else:
            self.look()

    def _show_unseen(self, why: str) -> None:
        was_alive = self.latest is not None and self.latest.health.is_alive
        self._show_snapshot(Snapshot(make_unseen(was_alive, why), self.since, trouble=why))

    def _show_snapshot(self, snapshot: Snapshot) -> None:
        self.latest = snapshot
        self.changed.emit(snapshot)

    def log_failure(self, why: str) -> None:
        """Log the error that is handled, once while it comes again and again."""
        if why != self._logged:
            self._logged = why
            _log.exception(why)

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
        feed = self._feed
        try:
            snapshot = read_snapshot(feed.place, self._counted)
        except Exception as error:  # noqa: BLE001 - whatever it is, what was read before is not how it is now
            why = _explain_failure(error, feed.place.records)
            feed.log_failure(why)
            feed.failed.emit(self._counted, why)
            return
        feed.read.emit(self._counted, snapshot)


def _explain_failure(error: Exception, records: Path) -> str:
    """Return an error as a sentence that says what cannot be read."""
    if isinstance(error, UserError):
        return str(error)
    why = explain_os_error(error) if isinstance(error, OSError) else repr(error)
    return translate("{path} cannot be read ({why}).", path=records, why=why)
