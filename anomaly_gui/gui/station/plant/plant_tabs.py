"""Plants in the tabs of the stations' window: opened, found again, remembered, closed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QTabWidget, QWidget

from anomaly_gui.errors import UserError
from anomaly_gui.gui.station.feed.place import ENDING
from anomaly_gui.gui.station.looks import make_lamp_icon, name_level
from anomaly_gui.gui.station.plant.plant_page import PlantPage
from anomaly_gui.gui.style.tokens import ICON
from anomaly_gui.station.settings.reading import is_server_alone, read_server

if TYPE_CHECKING:
    from anomaly_gui.gui.state.preferences import Preferences
    from anomaly_gui.station.settings.station_settings import StationSettings

_OPEN = "plants_open"


def is_plant_file(path: Path) -> bool:
    """Tell whether a file is of a plant alone; what cannot be read is none, and is refused as a station's."""
    try:
        return path.suffix == ENDING and is_server_alone(path)
    except UserError:
        return False


class PlantTabs(QObject):
    """Sees to plants among the tabs; stations are the window's."""

    said = Signal(str)
    changed = Signal()  # which there are

    def __init__(self, tabs: QTabWidget, preferences: Preferences, parent: QWidget) -> None:
        super().__init__(parent)
        self._tabs, self._preferences = tabs, preferences
        self._missing: tuple[Path, ...] = ()  # what was open last and could not be opened yet

    @property
    def pages(self) -> list[PlantPage]:
        """The plants that are open, in the order of their tabs."""
        pages = [self._tabs.widget(index) for index in range(self._tabs.count())]
        return [page for page in pages if isinstance(page, PlantPage)]

    @property
    def files(self) -> tuple[Path, ...]:
        """What they were opened by."""
        return tuple(page.file for page in self.pages)

    def open_for(self, settings: StationSettings | None) -> None:
        """Open the plant of a line; ask for a file where the line has none."""
        if settings is not None and settings.postgresql is not None:
            self.open_plant(settings.file)
            return
        kinds = self.tr("Lines and servers (%1)").replace("%1", f"*{ENDING}")
        name, _ = QFileDialog.getOpenFileName(self._tabs, self.tr("Open the plant"), "", kinds)
        if name:
            self.open_plant(Path(name))

    def open_plant(self, file: Path) -> None:
        """Open the plant of a file, or show it where it is open; what cannot be opened is said."""
        try:
            settings, is_alone = read_server(file), is_server_alone(file)
        except UserError as error:
            self.said.emit(str(error))
            return
        self._missing = tuple(other for other in self._missing if other != file)
        for page in self.pages:
            if page.settings.url == settings.url:
                self._tabs.setCurrentWidget(page)
                return
        page = PlantPage(file.absolute(), settings)
        page.said.connect(self.said)
        page.level_changed.connect(self._on_level_changed)
        self._tabs.addTab(page, self.tr("Plant"))
        self._show_level(page)
        self._tabs.setCurrentWidget(page)
        if is_alone:
            self._preferences.add_recent_station(page.file)
        self._note_open()

    def take_up(self) -> None:
        """Open those that were open last."""
        self._missing = self._preferences.read_folders(_OPEN)
        for file in self._missing:
            self.open_plant(file)

    def close_page(self, page: PlantPage) -> None:
        """Let go of a plant whose tab is gone."""
        page.close_all()
        page.deleteLater()
        self._note_open()

    def _note_open(self) -> None:
        self._preferences.set_folders(_OPEN, tuple(dict.fromkeys((*self.files, *self._missing))))
        self.changed.emit()

    @Slot()
    def _on_level_changed(self) -> None:
        page = self.sender()
        if isinstance(page, PlantPage):
            self._show_level(page)

    def _show_level(self, page: PlantPage) -> None:
        index = self._tabs.indexOf(page)
        self._tabs.setTabIcon(index, make_lamp_icon(page.level, ICON, self._tabs.devicePixelRatioF()))
        self._tabs.setTabToolTip(index, f"{page.title}\n{page.file}\n{name_level(page.level)}")

    def show_lock(self, is_locked: bool) -> None:
        """Offer nothing that leads out of the window while that is locked."""
        for page in self.pages:
            page.show_lock(is_locked)

    def close_all(self) -> None:
        """End what reads."""
        for page in self.pages:
            page.close_all()
