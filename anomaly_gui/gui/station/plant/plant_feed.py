"""Reads a plant now and then, in a thread: a server that is away holds nobody up."""

from __future__ import annotations

import importlib
import time
from threading import Lock, Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from anomaly_gui.errors import UserError
from anomaly_gui.station.server.plant_reading import read_plant

if TYPE_CHECKING:
    from collections.abc import Callable

    from anomaly_gui.station.server.plant import PlantFilter
    from anomaly_gui.station.settings.postgresql_settings import PostgresqlSettings

EVERY = 30_000  # milliseconds between two readings
_SPARING = 10  # times as long as a reading took the server is left alone, if that is more


class PlantFeed(QObject):
    """Emits what was asked for last; never reads two at once.

    Its threads are nobody's to wait for: one may be held by a server for as long as its time limit, and a
    window that closes goes at once.
    """

    read = Signal(int, object)  # number of the question; a Plant, or the sentence why there is none
    changed = Signal(object)  # a Plant
    failed = Signal(str)

    def __init__(
        self,
        settings: PostgresqlSettings,
        make_filter: Callable[[], PlantFilter],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings, self._make_filter = settings, make_filter
        self._asked, self._is_reading, self._is_followed = 0, False, False
        self._begun = 0.0
        self._is_closed, self._guard = False, Lock()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.look)
        self.read.connect(self._on_read)

    def begin(self) -> None:
        """Read now, and again and again from now on."""
        self._is_followed = True
        self.look()

    def pause(self) -> None:
        """Read no more until it is begun again."""
        self._is_followed = False
        self._timer.stop()

    @Slot()
    def look(self) -> None:
        """Read what is asked for now; what is being read for an earlier question is not told."""
        self._asked += 1
        self._timer.stop()
        if not self._is_reading:
            self._start_reading()

    def _start_reading(self) -> None:
        self._is_reading, self._begun = True, time.monotonic()
        asked = (self._asked, self._make_filter())
        Thread(target=self._read_plant, args=asked, name="plant", daemon=True).start()

    def _read_plant(self, number: int, wanted: PlantFilter) -> None:
        # intervals of rates need it; imported here, its half a second is not the window's
        importlib.import_module("scipy.special")
        try:
            found: object = read_plant(self._settings, wanted)
        except UserError as error:
            found = str(error)
        with self._guard:
            if not self._is_closed:
                self.read.emit(number, found)

    @Slot(int, object)
    def _on_read(self, number: int, found: object) -> None:
        self._is_reading = False
        if number != self._asked:
            self._start_reading()
            return
        if self._is_followed:
            took = time.monotonic() - self._begun
            self._timer.start(max(EVERY, round(1000 * _SPARING * took)))
        (self.failed if isinstance(found, str) else self.changed).emit(found)

    def close(self) -> None:
        """Tell nothing any more."""
        self._timer.stop()
        with self._guard:
            self._is_closed = True
