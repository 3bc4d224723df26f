"""Thumbnails under their maps, remembered: what is scrolled past twice is coloured once."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from anomaly_gui.gui.widgets.map_layer import draw_map_badge

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from anomaly_gui.detection.detectors.anomaly_maps import AnomalyMap
    from anomaly_gui.figures.map_colours import Palette
    from anomaly_gui.gui.state.window_maps import WindowMaps

_REMEMBERED = 96_000_000  # bytes
_FRAME = 16  # milliseconds
_AT_ONCE = 0.005  # seconds of a frame; what is not coloured then is drawn as it is, and a frame later again


class _Key(NamedTuple):
    found: AnomalyMap  # by identity: an image that is judged again has another one
    thumbnail: int  # Qt's number of its pixels
    opacity: float
    palette: Palette


class Badges(QObject):
    """Lays maps over thumbnails as the window's settings say; the views that draw them share it."""

    changed = Signal()  # thumbnails are to be drawn again

    def __init__(self, maps: WindowMaps, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.maps = maps
        self._badges: OrderedDict[_Key, QPixmap] = OrderedDict()
        self._bytes, self._spent, self._is_one_missing = 0, 0.0, False
        self._frame = QTimer(self, singleShot=True, interval=_FRAME)
        self._frame.timeout.connect(self._on_frame_over)
        maps.thumbnails_changed.connect(self.changed)

    def draw_badge(self, thumbnail: QPixmap, found: AnomalyMap | None) -> QPixmap:
        """Return a thumbnail under its map, or as it is where there is no map, or none is wanted or ready."""
        opacity = self.maps.thumbnail_opacity
        if found is None or not opacity or thumbnail.isNull():
            return thumbnail
        key = _Key(found, thumbnail.cacheKey(), opacity, self.maps.settings.palette)
        if key in self._badges:
            self._badges.move_to_end(key)
            return self._badges[key]
        return self._draw_new(key, thumbnail)

    def _draw_new(self, key: _Key, thumbnail: QPixmap) -> QPixmap:
        if not self._frame.isActive():
            self._frame.start()
        if self._spent > _AT_ONCE:
            self._is_one_missing = True
            return thumbnail
        began = time.perf_counter()
        badge = draw_map_badge(thumbnail, key.found.values, key.opacity, key.palette)
        self._remember_badge(key, badge)
        self._spent += time.perf_counter() - began
        return badge

    @Slot()
    def _on_frame_over(self) -> None:
        self._spent = 0.0
        if self._is_one_missing:
            self._is_one_missing = False
            self.changed.emit()

    def _remember_badge(self, key: _Key, badge: QPixmap) -> None:
        self._badges[key] = badge
        self._bytes += _count_bytes(badge)
        while self._bytes > _REMEMBERED and len(self._badges) > 1:
            _, oldest = self._badges.popitem(last=False)
            self._bytes -= _count_bytes(oldest)


def _count_bytes(badge: QPixmap) -> int:
    return 4 * badge.width() * badge.height() + 500  # bytes, with what remembering itself takes
