"""Reads a plant now and then, in a thread: a server that is away holds nobody up."""

from __future__ import annotations

import importlib
import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from anomaly_gui.gui.station.tasks import Question
from anomaly_gui.station.server.plant_reading import read_plant

if TYPE_CHECKING:
    from collections.abc import Callable

    from anomaly_gui.station.server.plant import Plant, PlantFilter
    from anomaly_gui.station.settings.postgresql_settings import PostgresqlSettings

EVERY = 30_000  # milliseconds between two readings
_SPARING = 10  # times as long as a reading took the server is left alone, if that is more


class PlantFeed(QObject):
    """Emits what was asked for last; never reads two at once."""

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
        self.is_followed, self._begun = False, 0.0
        self._question = Question(self)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.look)
        self._question.answered.connect(self._on_read)
        self._question.failed.connect(self._on_failed)

    @property
    def is_reading(self) -> bool:
        """Whether an answer is on its way."""
        return self._question.is_open

    def begin(self) -> None:
        """Read now, and again and again from now on."""
        self.is_followed = True
        self.look()

    def pause(self) -> None:
        """Read no more until it is begun again."""
        self.is_followed = False
        self._timer.stop()

    @Slot()
    def look(self) -> None:
        """Read what is asked for now; what is being read for an earlier question is not told."""
        self._timer.stop()
        self._begun = time.monotonic()
        self._question.ask(partial(_read_plant, self._settings, self._make_filter()))

    @Slot(object)
    def _on_read(self, plant: Plant) -> None:
        self._wait()
        self.changed.emit(plant)

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self._wait()
        self.failed.emit(sentence)

    def _wait(self) -> None:
        """Read again after a while."""
        if self.is_followed:
            took = time.monotonic() - self._begun
            self._timer.start(max(EVERY, round(1000 * _SPARING * took)))

    def close(self) -> None:
        """Tell nothing any more: a server may hold the thread for as long as its time limit."""
        self._timer.stop()
        self._question.close()


def _read_plant(settings: PostgresqlSettings, wanted: PlantFilter) -> Plant:
    # intervals of rates need it; imported here, its half a second is not the window's
    importlib.import_module("scipy.special")
    return read_plant(settings, wanted)
