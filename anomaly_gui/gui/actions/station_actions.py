"""Stations in the menu File: their window, which lives by itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from anomaly_gui.gui.style.icons import set_icon
from anomaly_gui.gui.widgets.plain_text import escape_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QMenu, QWidget

    from anomaly_gui.gui.state.preferences import Preferences
    from anomaly_gui.gui.station.station_window import StationWindow


class StationActions(QObject):
    """Fills the menu of stations; their window stays when this one closes."""

    def __init__(self, window: QWidget, preferences: Preferences, menu: QMenu) -> None:
        super().__init__(window)
        self._preferences, self._menu = preferences, menu
        self.window: StationWindow | None = None
        self.open = menu.addAction(self.tr("Open a station…"))
        set_icon(self.open, "folder-open")
        self.open.triggered.connect(self.ask_and_open)
        menu.addSeparator()
        menu.aboutToShow.connect(self._show_recent)

    @Slot()
    def _show_recent(self) -> None:
        for action in self._menu.actions()[2:]:
            self._menu.removeAction(action)
        for path in self._preferences.recent_stations:
            action = self._menu.addAction(escape_title(f"{path.name}   {path.parent}"))
            set_icon(action, "clock")
            action.setData(str(path))
            action.triggered.connect(self._on_recent)

    @Slot()
    def _on_recent(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.open_stations([Path(str(action.data()))])

    @Slot()
    def ask_and_open(self) -> None:
        """Ask for a line or records, and open the station."""
        self._show_window().ask_and_open()

    @Slot(object)
    def open_stations(self, paths: Sequence[Path]) -> None:
        """Open stations in their window."""
        window = self._show_window()
        for path in paths:
            window.open_station(path)

    def _show_window(self) -> StationWindow:
        from anomaly_gui.gui.station.station_window import StationWindow  # late: most never need it

        if self.window is None:
            self.window = StationWindow()
            self.window.closed.connect(self._on_closed)
            self.window.take_up()
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()
        return self.window

    @Slot()
    def _on_closed(self) -> None:
        self.window = None

    def hand_over(self) -> tuple[Path, ...]:
        """Close the window without a question; return what another one has to open in its place."""
        if self.window is None:
            return ()
        paths = self.window.files
        self.window.hand_over()
        return paths
