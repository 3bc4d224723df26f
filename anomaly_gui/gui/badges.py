"""Thumbnails under their maps, remembered: what is scrolled past twice is coloured once."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

from anomaly_gui.gui.map_layer import map_badge

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from anomaly_gui.detection.anomaly_maps import AnomalyMap
    from anomaly_gui.gui.window_maps import WindowMaps

_REMEMBERED = 48_000_000  # bytes


class _Key(NamedTuple):
    found: AnomalyMap  # by identity: an image that is judged again has another one
    thumbnail: int  # Qt's number of its pixels
    opacity: float


class Badges:
    """Lays maps over thumbnails as the window's settings say; the views that draw them share it."""

    def __init__(self, maps: WindowMaps) -> None:
        self.maps = maps
        self._badges: OrderedDict[_Key, QPixmap] = OrderedDict()
        self._bytes = 0

    def badge(self, thumbnail: QPixmap, found: AnomalyMap | None) -> QPixmap:
        """Return a thumbnail under its map, or as it is where there is no map or none is wanted."""
        opacity = self.maps.thumbnail_opacity
        if found is None or not opacity or thumbnail.isNull():
            return thumbnail
        key = _Key(found, thumbnail.cacheKey(), opacity)
        if key in self._badges:
            self._badges.move_to_end(key)
        else:
            self._remember(key, map_badge(thumbnail, found.values, opacity))
        return self._badges[key]

    def _remember(self, key: _Key, badge: QPixmap) -> None:
        self._badges[key] = badge
        self._bytes += _size(badge)
        while self._bytes > _REMEMBERED and len(self._badges) > 1:
            _, oldest = self._badges.popitem(last=False)
            self._bytes -= _size(oldest)


def _size(badge: QPixmap) -> int:
    return 4 * badge.width() * badge.height() + 500  # bytes, with what remembering itself takes
