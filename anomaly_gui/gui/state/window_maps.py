"""How the window shows maps: one choice for all its views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from anomaly_gui.figures.map_colours import Palette
from anomaly_gui.gui.widgets.map_layer import MapMode, MapSettings

if TYPE_CHECKING:
    from anomaly_gui.gui.state.preferences import Preferences

_ON_THUMBNAILS = "maps_on_thumbnails"
_PALETTE = "map_palette"


class WindowMaps(QObject):
    """The settings that the views of a window share, and whether its thumbnails are under their maps, too."""

    thumbnails_changed = Signal()  # they have other maps over them, or none

    def __init__(self, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = MapSettings(parent=self)
        self._preferences = preferences
        self._on_thumbnails = preferences.is_on(_ON_THUMBNAILS, default=True)
        self.settings.set_palette(_read_palette(preferences))
        self._shown = self._look
        self.settings.changed.connect(self._on_settings_changed)

    @property
    def on_thumbnails(self) -> bool:
        """Whether maps are laid over thumbnails while they are laid over pictures."""
        return self._on_thumbnails

    @property
    def thumbnail_opacity(self) -> float:
        """How much maps cover thumbnails; 0 where they are not shown."""
        is_shown = self._on_thumbnails and self.settings.mode is not MapMode.IMAGE
        return self.settings.opacity if is_shown else 0.0

    @property
    def _look(self) -> tuple[float, Palette]:
        return self.thumbnail_opacity, self.settings.palette

    @Slot(bool)
    def set_on_thumbnails(self, on: bool) -> None:
        """Lay maps over thumbnails, or not; the next start remembers it."""
        self._on_thumbnails = on
        self._preferences.set_on(_ON_THUMBNAILS, on)
        self._on_settings_changed()

    @Slot()
    def toggle_map(self) -> None:
        """Show the images alone, or their maps again."""
        self.settings.set_mode(MapMode.MAP if self.settings.mode is MapMode.IMAGE else MapMode.IMAGE)

    @Slot()
    def toggle_split(self) -> None:
        """Show image and map side by side, or the map all over again."""
        self.settings.set_mode(MapMode.MAP if self.settings.mode is MapMode.SPLIT else MapMode.SPLIT)

    @Slot()
    def _on_settings_changed(self) -> None:
        if self.settings.palette is not self._shown[1]:
            self._preferences.set_text(_PALETTE, self.settings.palette.value)
        if self._look != self._shown:
            self._shown = self._look
            self.thumbnails_changed.emit()


def _read_palette(preferences: Preferences) -> Palette:
    is_cool = preferences.read_text(_PALETTE) == Palette.COOL.value
    return Palette.COOL if is_cool else Palette.WARM
