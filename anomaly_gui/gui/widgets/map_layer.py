"""Anomaly maps as Qt draws them: how they are shown, and their colours over pictures and thumbnails."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtGui import QImage, QPainter, QPixmap

from anomaly_gui.figures.map_colours import Palette, colour_values, stretch_map

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray

_FINE, _FINEST = 512, 1536  # pixels of the longer side: smooth to the eye, and quick to draw


class MapMode(Enum):
    """What is shown."""

    IMAGE = 0
    MAP = 1
    SPLIT = 2


class MapSettings(QObject):
    """How maps are shown, shared by the views of a window."""

    changed = Signal()

    def __init__(
        self,
        mode: MapMode = MapMode.MAP,
        opacity: float = 0.6,
        divider: float = 0.5,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._mode, self._opacity, self._divider = mode, opacity, divider
        self._palette = Palette.WARM

    @property
    def mode(self) -> MapMode:
        """What is shown."""
        return self._mode

    @property
    def opacity(self) -> float:
        """How much the strongest colours cover, 0 to 1."""
        return self._opacity

    @property
    def divider(self) -> float:
        """Where the divider is, 0 to 1, in the part of the picture that is in sight."""
        return self._divider

    @property
    def palette(self) -> Palette:
        """Which colours maps are drawn in."""
        return self._palette

    def set_palette(self, palette: Palette) -> None:
        """Draw maps in other colours."""
        if palette is not self._palette:
            self._palette = palette
            self.changed.emit()

    def set_mode(self, mode: MapMode) -> None:
        """Show the image, its map over it, or both side by side."""
        self._set_all(mode, self._opacity, self._divider)

    def set_opacity(self, opacity: float) -> None:
        """Let the map cover more or less; what lies beyond 0 and 1 is the nearer of both."""
        self._set_all(self._mode, min(max(opacity, 0.0), 1.0), self._divider)

    def set_divider(self, divider: float) -> None:
        """Move the divider; what lies beyond 0 and 1 is the nearer of both."""
        self._set_all(self._mode, self._opacity, min(max(divider, 0.0), 1.0))

    def _set_all(self, mode: MapMode, opacity: float, divider: float) -> None:
        if (mode, opacity, divider) != (self._mode, self._opacity, self._divider):
            self._mode, self._opacity, self._divider = mode, opacity, divider
            self.changed.emit()


def colour_map(anomaly_map: FloatArray, palette: Palette = Palette.WARM) -> QPixmap:
    """Return the colours of a map (rows, columns), fine enough to be stretched over any picture.

    Raises `ParameterError` for a map that has not rows and columns.
    """
    longest = max(1, *anomaly_map.shape)
    factor = min(max(longest, _FINE), _FINEST) / longest
    height, width = (max(1, round(factor * length)) for length in anomaly_map.shape[:2])
    return _make_pixmap(colour_values(stretch_map(anomaly_map, width, height), palette))


def draw_map_badge(
    pixmap: QPixmap, anomaly_map: FloatArray, opacity: float, palette: Palette = Palette.WARM
) -> QPixmap:
    """Return a thumbnail with its map (rows, columns) over it; the thumbnail itself stays as it is.

    `opacity`, 0 to 1, is how much the strongest colours cover. However small the thumbnail, every hot spot
    is on it. Raises `ParameterError` for a map that has not rows and columns.
    """
    if pixmap.isNull():
        return pixmap
    badge = QPixmap(pixmap)
    values = stretch_map(anomaly_map, pixmap.width(), pixmap.height())
    layer = _make_pixmap(colour_values(values, palette))
    painter = QPainter(badge)  # Qt copies the pixels before it draws
    painter.setOpacity(opacity)
    whole = QRectF(QPointF(), pixmap.deviceIndependentSize())
    painter.drawPixmap(whole, layer, QRectF(layer.rect()))
    painter.end()
    return badge


def to_rgba_image(pixels: ImageArray) -> QImage:
    """Return (height, width, 4) uint8 RGBA, not premultiplied, as an image of its own memory."""
    height, width, _ = pixels.shape
    return QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


def _make_pixmap(pixels: ImageArray) -> QPixmap:
    return QPixmap.fromImage(to_rgba_image(pixels))
