"""How the window shows maps: one choice for all its views, and what to say where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from anomaly_gui.gui.inspect.map_layer import MapSettings, Mode

if TYPE_CHECKING:
    from anomaly_gui.gui.inspect.map_view import MapView
    from anomaly_gui.gui.state.preferences import Preferences
    from anomaly_gui.gui.state.session import Session

_ON_THUMBNAILS = "maps_on_thumbnails"


class WindowMaps(QObject):
    """The settings that the views of a window share, and whether its thumbnails are under their maps, too."""

    thumbnails_changed = Signal()  # they have other maps over them, or none

    def __init__(self, session: Session, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = MapSettings(parent=self)
        self._session, self._preferences = session, preferences
        self._on_thumbnails = preferences.is_on(_ON_THUMBNAILS, default=True)
        self._shown = self.thumbnail_opacity
        self.settings.changed.connect(self._on_settings_changed)

    @property
    def on_thumbnails(self) -> bool:
        """Whether maps are laid over thumbnails while they are laid over pictures."""
        return self._on_thumbnails

    @property
    def thumbnail_opacity(self) -> float:
        """How much maps cover thumbnails; 0 where they are not shown."""
        is_shown = self._on_thumbnails and self.settings.mode is not Mode.IMAGE
        return self.settings.opacity if is_shown else 0.0

    @Slot(bool)
    def set_on_thumbnails(self, on: bool) -> None:
        """Lay maps over thumbnails, or not; the next start remembers it."""
        self._on_thumbnails = on
        self._preferences.set_on(_ON_THUMBNAILS, on)
        self._on_settings_changed()

    @Slot()
    def toggle(self) -> None:
        """Show the images alone, or their maps again."""
        self.settings.set_mode(Mode.MAP if self.settings.mode is Mode.IMAGE else Mode.IMAGE)

    @Slot()
    def toggle_split(self) -> None:
        """Show image and map side by side, or the map all over again."""
        self.settings.set_mode(Mode.MAP if self.settings.mode is Mode.SPLIT else Mode.SPLIT)

    @Slot()
    def _on_settings_changed(self) -> None:
        opacity = self.thumbnail_opacity
        if opacity != self._shown:
            self._shown = opacity
            self.thumbnails_changed.emit()

    def show_on(self, view: MapView, row: int) -> None:
        """Lay the map of an image over its picture, or say why there is none; -1 for no image."""
        found = self._session.table.maps[row] if row >= 0 else None
        if found is None:
            view.show_map(None, why=self._why(row))
        else:
            view.show_map(found.values, found.regions)

    def _why(self, row: int) -> str:
        model = self._session.view
        if row < 0 or model is None:
            return ""
        if not DETECTORS[model.detector].has_map:
            return self.tr(
                "No map: this model judges the image as a whole. "
                "Train with the detector positional or texture to see where."
            )
        if self._session.table.row(row).score is None:
            return self.tr("No map: this image could not be judged.")
        return self.tr("No map was kept of this image: score it again to see where.")
