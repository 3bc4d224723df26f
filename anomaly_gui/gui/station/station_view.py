"""One station: its feed, and the pages that show it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QMessageBox, QStackedWidget, QVBoxLayout, QWidget

from anomaly_gui.errors import UserError
from anomaly_gui.gui.station.access.access_desk import AccessDesk
from anomaly_gui.gui.station.camera_desk import CameraDesk
from anomaly_gui.gui.station.engineer.engineer_page import EngineerPage
from anomaly_gui.gui.station.feed.health import Level
from anomaly_gui.gui.station.feed.moments import begin_of_day, begin_of_shift
from anomaly_gui.gui.station.feed.running import start_station, stop_station
from anomaly_gui.gui.station.feed.station_feed import StationFeed
from anomaly_gui.gui.station.operator.operator_page import OperatorPage

if TYPE_CHECKING:
    from collections.abc import Callable

    from anomaly_gui.gui.state.preferences import Preferences
    from anomaly_gui.gui.station.feed.place import StationPlace
    from anomaly_gui.gui.station.feed.snapshot import Snapshot
    from anomaly_gui.gui.station.rejudging import Rejudging
    from anomaly_gui.gui.work.pictures.pictures import Pictures


class StationView(QWidget):
    """The pages of the operator and of the engineer, and the life of the station as far as it is up to us."""

    level_changed = Signal(object)  # a Level
    people_changed = Signal()
    said = Signal(str)

    def __init__(
        self,
        place: StationPlace,
        preferences: Preferences,
        pictures: Pictures,
        rejudging: Rejudging,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.place, self._preferences = place, preferences
        self.level, self._was_alive = Level.OFF, False
        self._begun = self._read_begun()
        self.feed = StationFeed(place, self._find_since(), self)
        self.operator = OperatorPage(pictures)
        self.operator.counts.show_shifts(place.shifts)
        self._pictures, self._rejudging = pictures, rejudging
        self._engineer: EngineerPage | None = None
        self.pages = QStackedWidget()
        self.pages.addWidget(self.operator)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages)
        self.feed.changed.connect(self._on_changed)
        self.operator.start_wanted.connect(self.start)
        self.operator.shift_wanted.connect(self.begin_shift)
        self.desk = AccessDesk(place, self)
        self.operator.remedy_wanted.connect(self.desk.ask_for_remedy)
        self.desk.said.connect(self.said)
        self.desk.done.connect(self.feed.look)
        self._connect_camera()

    def _connect_camera(self) -> None:
        settings = self.place.settings
        self.operator.show_camera(settings is not None and settings.camera is not None)
        self.camera = CameraDesk(self.place, self)
        self.operator.camera.scanned.connect(self.camera.note_scan)
        self.operator.camera.picture_wanted.connect(self.camera.ask_for_picture)
        self.camera.asking.connect(self.operator.camera.show_asking)
        self.camera.said.connect(self.said)
        self.camera.done.connect(self.feed.look)

    @property
    def engineer(self) -> EngineerPage:
        """The engineer's page, made when it is asked for: the operator's should not wait for it."""
        if self._engineer is None:
            self._engineer = EngineerPage(self.place, self.feed, self._pictures, self._rejudging)
            self._engineer.said.connect(self.said)
            self.pages.addWidget(self._engineer)
        return self._engineer

    @property
    def is_engineers(self) -> bool:
        """Whether the engineer's page is shown."""
        return self.pages.currentWidget() is not self.operator

    # The shift

    @property
    def _shift_key(self) -> str:
        digest = hashlib.sha256(str(self.place.records.resolve()).encode("utf-8", "replace")).hexdigest()
        return f"stations/shift/{digest[:16]}"

    def _read_begun(self) -> datetime | None:
        """Return when a shift was begun here last; None where none ever was."""
        try:
            return datetime.fromisoformat(self._preferences.read_text(self._shift_key))
        except ValueError:
            return None

    def _find_since(self) -> datetime:
        """Return when the shift began: as its line says, or as it was said here, or else with this day."""
        if self.place.shifts:
            return begin_of_shift(self.place.shifts, datetime.now())
        return self._begun or begin_of_day()

    @Slot()
    def begin_shift(self) -> None:
        """Count from zero, from now on."""
        now = datetime.now().astimezone()
        self._preferences.set_text(self._shift_key, now.isoformat())
        self._begun = now
        self.feed.count_from(now)
        self.feed.look()

    # Its life

    @property
    def is_alive(self) -> bool:
        """Whether its process was there when it was looked at last."""
        return self.feed.latest is not None and self.feed.latest.health.is_alive

    @Slot()
    def start(self) -> None:
        """Start the station, which goes on when the window closes."""
        self._try(start_station)

    @Slot()
    def ask_to_stop(self) -> None:
        """Ask whether the station is to stop, and stop it."""
        buttons = QMessageBox.StandardButton
        text = self.tr("Stop %1? What comes meanwhile waits, and is judged after the next start.")
        answer = QMessageBox.question(
            self,
            self.tr("Stop the station"),
            text.replace("%1", self.place.title),
            buttons.Yes | buttons.Cancel,
            buttons.Cancel,
        )
        if answer == buttons.Yes:
            self.stop()

    def stop(self) -> None:
        """Ask the station to stop."""
        if self._try(stop_station):
            self.said.emit(self.tr("%1 stops after the part at hand.").replace("%1", self.place.title))

    def _try(self, do: Callable[[StationPlace], None]) -> bool:
        try:
            do(self.place)
        except UserError as error:
            self.said.emit(str(error))
            return False
        return True

    @Slot(object)
    def _on_changed(self, snapshot: Snapshot) -> None:
        if (began := self._find_since()) != snapshot.since:
            self.feed.count_from(began)  # another shift has begun, or another day
        self.operator.show_snapshot(snapshot, self.place.settings is not None)
        if snapshot.people != self.desk.people:
            self.desk.people = snapshot.people
            self.people_changed.emit()
        health = snapshot.health
        if (health.level, health.is_alive) != (self.level, self._was_alive):
            self.level, self._was_alive = health.level, health.is_alive
            self.level_changed.emit(self.level)

    def show_engineer(self, on: bool) -> None:
        """Show the engineer's page, or the operator's."""
        self.pages.setCurrentWidget(self.engineer if on else self.operator)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "pages"):
            self.operator.apply_colours()
            if self._engineer is not None:
                self._engineer.apply_colours()

    def close_all(self) -> None:
        """End what reads."""
        self.feed.close()
        self.desk.close()
        self.camera.close()
        if self._engineer is not None:
            self._engineer.close_all()
