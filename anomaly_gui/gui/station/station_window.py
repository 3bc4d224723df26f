"""The window of stations and plants: one tab each, with a lamp; it watches, and may be closed at any time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMainWindow, QStackedWidget, QTabWidget, QWidget

from anomaly_gui.errors import UserError
from anomaly_gui.gui.state.preferences import Preferences
from anomaly_gui.gui.station.access.person_button import PersonButton
from anomaly_gui.gui.station.feed.health import Level
from anomaly_gui.gui.station.feed.place import ENDING, LEDGER, open_place
from anomaly_gui.gui.station.looks import make_lamp_icon, name_level
from anomaly_gui.gui.station.plant.plant_page import PlantPage
from anomaly_gui.gui.station.plant.plant_tabs import PlantTabs, is_plant_file
from anomaly_gui.gui.station.rejudging import Rejudging
from anomaly_gui.gui.station.station_menus import StationMenus
from anomaly_gui.gui.station.station_view import StationView
from anomaly_gui.gui.station.window_lock import WindowLock
from anomaly_gui.gui.style.icons import set_icon
from anomaly_gui.gui.style.parts import EmptyState, IconButton
from anomaly_gui.gui.style.tokens import ICON, TIGHT
from anomaly_gui.gui.widgets.plain_text import escape_title
from anomaly_gui.gui.widgets.screen_fit import fit_into_screen
from anomaly_gui.gui.work.pictures.pictures import Pictures

if TYPE_CHECKING:
    from collections.abc import Sequence

_OPEN, _LAYOUT = "stations_open", "stations_"
_FULL = Qt.WindowState.WindowFullScreen


class StationWindow(QMainWindow):
    """Shows stations by their records; it knows nothing of a project or a model in use."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.preferences, self.pictures = Preferences(), Pictures(self)
        self.rejudging = Rejudging(self)
        self.lock = WindowLock(self, self.preferences)
        self._missing: tuple[Path, ...] = ()  # what was open last and could not be opened yet
        self.setWindowTitle(self.tr("Stations"))
        self.resize(1280, 800)
        self.tabs, self._was_full = QTabWidget(), False
        self.tabs.setDocumentMode(True)
        self.tabs.setTabsClosable(True)
        self.tabs.setCornerWidget(self._make_corner())
        self.plants = PlantTabs(self.tabs, self.preferences, self)
        self.empty = EmptyState(
            "empty-images",
            self.tr("No station is open. Open the file of its line (line1.toml) or its records."),
            self.tr("Open a station…"),
        )
        assert self.empty.button is not None
        self._first = self.empty.button
        self._middle = QStackedWidget()
        self._middle.addWidget(self.empty)
        self._middle.addWidget(self.tabs)
        self.setCentralWidget(self._middle)
        self.menus = StationMenus(self)
        self._connect()
        self.preferences.restore_layout(self, _LAYOUT)
        fit_into_screen(self)
        self._show_current()

    def _make_corner(self) -> QWidget:
        self.full_button = IconButton("full-screen", self.tr("Full screen (F11)"))
        self.lock_button = IconButton("lock", self.tr("Lock: a PIN leads back"))
        self.person, corner = PersonButton(), QWidget()
        line = QHBoxLayout(corner)
        line.setContentsMargins(TIGHT, TIGHT, TIGHT, TIGHT)
        for button in (self.person, self.full_button, self.lock_button):
            line.addWidget(button)
        return corner

    def _connect(self) -> None:
        self._first.clicked.connect(self._on_first_clicked)
        self.full_button.clicked.connect(self.toggle_full_screen)
        self.lock_button.clicked.connect(self.lock.toggle)
        self.lock.changed.connect(self._on_lock_changed)
        self.tabs.currentChanged.connect(self._show_current)
        self.tabs.tabCloseRequested.connect(self.close_station)
        self.person.sign_in_wanted.connect(lambda: self.current and self.current.desk.ask_to_sign_in())
        self.person.sign_out_wanted.connect(lambda: self.current and self.current.desk.sign_out())
        menus = self.menus
        menus.open_requested.connect(self.ask_and_open)
        menus.plant_requested.connect(self.open_plant)
        menus.recent_chosen.connect(self.open_station)
        self.plants.said.connect(self.say)
        self.plants.changed.connect(self._on_plants_changed)
        menus.start_requested.connect(lambda: self.current and self.current.start())
        menus.stop_requested.connect(lambda: self.current and self.current.ask_to_stop())
        menus.sign_in_requested.connect(self.person.sign_in_wanted)
        menus.sign_out_requested.connect(self.person.sign_out_wanted)
        menus.remedy_requested.connect(
            lambda remedy: self.current and self.current.desk.ask_for_remedy(remedy)
        )
        menus.page_chosen.connect(self.show_engineer)
        menus.full_screen_requested.connect(self.toggle_full_screen)
        menus.lock_requested.connect(self.lock.toggle)
        menus.show_recent(self.preferences.recent_stations)

    # Stations

    @property
    def views(self) -> list[StationView]:
        """The stations that are open, in the order of their tabs."""
        views = [self.tabs.widget(index) for index in range(self.tabs.count())]
        return [view for view in views if isinstance(view, StationView)]

    @property
    def current(self) -> StationView | None:
        """The station that is looked at."""
        view = self.tabs.currentWidget()
        return view if isinstance(view, StationView) else None

    @Slot()
    def ask_and_open(self) -> None:
        """Ask for a line or records, and open the station."""
        kinds = self.tr("Lines and records (%1)").replace("%1", f"*{ENDING} {LEDGER}")
        names, _ = QFileDialog.getOpenFileNames(self, self.tr("Open a station"), "", kinds)
        for name in names:
            self.open_station(Path(name))

    def open_station(self, path: Path) -> None:
        """Open a station, or a plant, or show it where it is open; what cannot be opened is said."""
        if is_plant_file(path):
            self.plants.open_plant(path)
            return
        try:
            place = open_place(path)
        except UserError as error:
            self.say(str(error))
            return
        self._missing = tuple(other for other in self._missing if other not in (path, place.file))
        for view in self.views:
            if view.place.records == place.records:
                self.tabs.setCurrentWidget(view)
                return
        view = StationView(place, self.preferences, self.pictures, self.rejudging)
        view.level_changed.connect(self._on_level_changed)
        view.people_changed.connect(self._show_current)
        view.said.connect(self.say)
        self.tabs.addTab(view, escape_title(place.title))
        self.tabs.setCurrentWidget(view)
        self._show_level(view)
        self.preferences.add_recent_station(place.file)
        self._note_open()
        self.menus.show_recent(self.preferences.recent_stations)

    @Slot()
    def open_plant(self) -> None:
        """Open the plant of the station that is looked at, or ask for its file."""
        self.plants.open_for(None if self.current is None else self.current.place.settings)

    @Slot()
    def _on_plants_changed(self) -> None:
        self.menus.show_recent(self.preferences.recent_stations)
        self._show_current()

    @property
    def files(self) -> tuple[Path, ...]:
        """What stations and plants were opened by, each once."""
        return tuple(dict.fromkeys((*(view.place.file for view in self.views), *self.plants.files)))

    def take_up(self, paths: Sequence[Path] = ()) -> None:
        """Show these stations, or those that were open last, locked as they were."""
        self._missing = () if paths else self.preferences.read_folders(_OPEN)
        for path in paths or self._missing:
            self.open_station(path)
        if not paths:
            self.plants.take_up()
        self.show()
        if self.lock.was_locked:
            self.lock.lock()

    @Slot(int)
    def close_station(self, index: int) -> None:
        """Close a station's tab, or a plant's; the station itself goes on."""
        view = self.tabs.widget(index)
        self.tabs.removeTab(index)
        if isinstance(view, StationView):
            view.close_all()
            view.deleteLater()
            self._note_open()
        elif isinstance(view, PlantPage):
            self.plants.close_page(view)

    def _note_open(self) -> None:
        files = dict.fromkeys((*(view.place.file for view in self.views), *self._missing))
        self.preferences.set_folders(_OPEN, tuple(files))

    @Slot(object)
    def _on_level_changed(self, level: Level) -> None:  # noqa: ARG002 - the signal's signature
        view = self.sender()
        if isinstance(view, StationView):
            self._show_level(view)

    def _show_level(self, view: StationView) -> None:
        index = self.tabs.indexOf(view)
        self.tabs.setTabIcon(index, make_lamp_icon(view.level, ICON, self.devicePixelRatioF()))
        self.tabs.setTabToolTip(index, f"{view.place.file}\n{name_level(view.level)}")
        self._show_current()

    @Slot()
    def _show_current(self) -> None:
        view, page = self.current, self.tabs.currentWidget()
        self._middle.setCurrentIndex(0 if page is None else 1)
        shown = page.title if isinstance(page, PlantPage) else "" if view is None else view.place.title
        self.setWindowTitle(" – ".join(filter(None, (shown, self.tr("Stations")))))
        self.person.show_people(None if view is None else view.desk.people)
        self.menus.show_station(view)

    @Slot(bool)
    def show_engineer(self, on: bool) -> None:
        """Show the engineer's page of the station that is looked at, or the operator's."""
        if self.current is not None and not (on and self.lock.is_locked):
            self.current.show_engineer(on)
            self._show_current()

    @Slot(str)
    def say(self, text: str) -> None:
        """Say something in the line below."""
        self.statusBar().showMessage(text)

    # The lock, and the screen

    @Slot()
    def toggle_full_screen(self) -> None:
        """Fill the screen, or be a window again."""
        if not self.lock.is_locked:
            self.setWindowState(self.windowState() ^ _FULL)

    @Slot()
    def _on_lock_changed(self) -> None:
        is_locked = self.lock.is_locked
        if is_locked:
            self._was_full = self.isFullScreen()
            self.setWindowState(self.windowState() | _FULL)
            for view in self.views:
                view.show_engineer(False)
        elif not self._was_full:
            self.setWindowState(self.windowState() & ~_FULL)
        self.tabs.setTabsClosable(not is_locked)
        self.plants.show_lock(is_locked)
        self.full_button.setEnabled(not is_locked)
        set_icon(self.lock_button, "unlock" if is_locked else "lock")
        self._first.setText(self.tr("Unlock…") if is_locked else self.tr("Open a station…"))
        self.menus.show_lock(is_locked)
        self._show_current()

    @Slot()
    def _on_first_clicked(self) -> None:
        """Open a station where none is, or unlock: nothing else is there to click."""
        if self.lock.is_locked:
            self.lock.ask_to_unlock()
        else:
            self.ask_and_open()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.lock.is_locked and not self.lock.ask_to_unlock():
            event.ignore()
            return
        self._close_all()
        event.accept()
        self.closed.emit()

    def _close_all(self) -> None:
        self.preferences.save_layout(self, _LAYOUT)
        for view in self.views:
            view.close_all()
        self.plants.close_all()
        self.rejudging.close()
        self.pictures.close()

    def hand_over(self) -> None:
        """Close without a question, for another window that opens the same stations."""
        self._close_all()
        self.lock.blockSignals(True)
        self.lock.is_locked = False
        self.hide()


def open_stations(paths: Sequence[Path]) -> StationWindow:
    """Return a window of these stations, which is shown; of those of the last time, where none is named."""
    window = StationWindow()
    window.take_up(paths)
    return window
