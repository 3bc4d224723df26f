"""Looks at a station twice a second, in a thread: the window waits for no disk."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot

from anomaly_gui.errors import UserError
from anomaly_gui.gui.station.feed.health import make_unseen
from anomaly_gui.gui.station.feed.reading import Counted, read_snapshot
from anomaly_gui.gui.station.feed.snapshot import Snapshot
from anomaly_gui.gui.station.tasks import Tasks
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

    changed = Signal(object)  # a Snapshot

    def __init__(self, place: StationPlace, since: datetime, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.place, self.latest = place, None
        self._counted, self._is_reading = Counted(since), False
        self._asked, self._is_late, self._failures = 0.0, False, _Failures()
        self._tasks = Tasks(self)
        self._timer = QTimer(self, interval=_EVERY)
        self._timer.timeout.connect(self.look)
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
        self._asked, counted = time.monotonic(), self._counted
        self._tasks.start(
            partial(_read_place, self.place, counted, self._failures),
            partial(self._on_read, counted),
            partial(self._on_failed, counted),
            may_be_left=True,
        )

    def _watch_reading(self) -> None:
        seconds = time.monotonic() - self._asked
        if seconds < _PATIENCE or self._is_late:
            return
        self._is_late = True
        asked = datetime.now() - timedelta(seconds=seconds)
        text = QCoreApplication.translate("Station", "%1 has not answered since %2.")
        # with its day: it may stand there over midnight
        text = text.replace("%2", f"{asked:%Y-%m-%d %H:%M:%S}").replace("%1", str(self.place.records))
        self._show_unseen(text)

    def count_from(self, since: datetime) -> None:
        """Count from another moment on."""
        self._counted = Counted(since)

    def _on_read(self, counted: Counted, snapshot: Snapshot) -> None:
        self._is_reading = False
        if counted is self._counted:
            self._show_snapshot(snapshot)
        else:
            self.look()

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

    def close(self) -> None:
        """End the timer; a reading that is at work is not waited for, and not told."""
        self._timer.stop()
        self._tasks.close()


@dataclass
class _Failures:
    """Logs what goes wrong, once while it comes again and again."""

    logged: str = ""

    def log(self, why: str) -> None:
        """Log the error that is handled."""
        if why != self.logged:
            self.logged = why
            _log.exception(why)


def _read_place(place: StationPlace, counted: Counted, failures: _Failures) -> Snapshot:
    """Read a snapshot; whatever goes wrong is a UserError: what was read before is not how it is now."""
    try:
        return read_snapshot(place, counted)
    except Exception as error:
        why = _explain_failure(error, place.records)
        failures.log(why)
        raise UserError(why) from error


def _explain_failure(error: Exception, records: Path) -> str:
    """Return an error as a sentence that says what cannot be read."""
    if isinstance(error, UserError):
        return str(error)
    why = explain_os_error(error) if isinstance(error, OSError) else repr(error)
    return translate("{path} cannot be read ({why}).", path=records, why=why)
