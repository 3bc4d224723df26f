"""The scores of a report, drawn: a dot an image, the threshold, and the band judged "not sure"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen, QPolygonF

from anomaly_gui.detection.judging.relative_scores import LINE, compress, expand, format_relative
from anomaly_gui.figures.style import ANOMALOUS, NORMAL, UNLABELLED, format_score

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray
    from anomaly_gui.detection.judging.relative_scores import RelativeScale

_COLOURS = (UNLABELLED, NORMAL, ANOMALOUS)  # by the values of `ImageLabel`
_LEFT, _TOP, _BOTTOM, _RIGHT = 74, 10, 24, 10
_SPREADS = 6.0  # how far below the threshold the axis reaches, in distances from it to the best scores
_TICKS = 5
_DOT = 2.4
_LINE, _FAINT = QColor("#111111"), QColor("#888888")


@dataclass(frozen=True, eq=False)
class ScorePicture:
    """What is drawn.

    Parameters
    ----------
    scores : (images,), all of them numbers
    labels : (images,) values of `ImageLabel`
    threshold, unsure : the line, and half the width of the band around it
    scale : of scores relative to the threshold; None for scores as they are
    """

    scores: FloatArray
    labels: IntArray
    threshold: float
    unsure: float
    scale: RelativeScale | None = None

    @property
    def limits(self) -> tuple[float, float]:
        """The lowest and the highest place on the axis: a foreign image must not crush all others."""
        if self.scale is not None:
            every = np.concatenate([self.scores, self._line])
            places = compress(self.scale.relate(every))
            air = 0.04 * max(float(np.ptp(places)), 1e-9)
            return float(places.min()) - air, float(places.max()) + air
        high = max(float(self.scores.max()), self.threshold + self.unsure)
        reach = _SPREADS * max(high - self.threshold, self.unsure, 1e-9)
        low = max(float(self.scores.min()), self.threshold - reach)
        low = min(low, self.threshold - self.unsure)
        air = 0.04 * max(high - low, 1e-9)
        return low - air, high + air

    @property
    def _line(self) -> FloatArray:
        """The scores of the line and of the band's ends, (3,)."""
        return self.threshold + self.unsure * np.array([1.0, 0.0, -1.0])

    def draw_image(self, width: int, height: int, scale: int = 3) -> QImage:
        """Draw it at so many pixels to a unit of the page."""
        image = QImage(scale * width, scale * height, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        area = QRectF(_LEFT, _TOP, width - _LEFT - _RIGHT, height - _TOP - _BOTTOM)
        self._draw_axis(painter, area)
        self._draw_dots(painter, area)
        painter.end()
        return image

    def _find_y(self, area: QRectF, scores: FloatArray) -> FloatArray:
        low, high = self.limits
        places = scores if self.scale is None else compress(self.scale.relate(scores))
        share = (np.clip(places, low, high) - low) / (high - low)
        found: FloatArray = area.bottom() - area.height() * share
        return found

    def _draw_axis(self, painter: QPainter, area: QRectF) -> None:
        font = QFont(painter.font())
        font.setPixelSize(11)
        painter.setFont(font)
        low, high = self.limits
        top, at, bottom = self._find_y(area, self._line)
        band = QRectF(area.left(), top, area.width(), bottom - top).normalized()
        painter.fillRect(band, QColor("#eeeeee"))
        painter.setPen(QPen(_FAINT, 0.7))
        painter.drawRect(area)
        for share in np.linspace(0, 1, _TICKS):
            y = area.bottom() - area.height() * share
            if abs(y - at) > 12:  # the threshold's own number stands there
                self._write_number(painter, y, low + share * (high - low))
        painter.setPen(QPen(_LINE, 1.4))
        painter.drawLine(QPointF(area.left(), at), QPointF(area.right(), at))
        font.setBold(True)
        painter.setFont(font)
        self._write_number(painter, at, self.threshold if self.scale is None else LINE)

    def _write_number(self, painter: QPainter, y: float, place: float) -> None:
        """Write what a place of the axis stands for, beside it."""
        text = format_score(place) if self.scale is None else format_relative(float(expand(place)))
        area = QRectF(0, y - 8, _LEFT - 6, 16)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _draw_dots(self, painter: QPainter, area: QRectF) -> None:
        step = area.width() / max(len(self.scores), 1)
        xs = area.left() + step * (np.arange(len(self.scores)) + 0.5)
        ys = self._find_y(area, self.scores)
        beyond = (self.scores < self.limits[0]) & (self.scale is None)
        painter.setPen(Qt.PenStyle.NoPen)
        for x, y, label, is_beyond in zip(xs, ys, self.labels, beyond, strict=True):
            painter.setBrush(QColor(_COLOURS[int(label)]))
            if is_beyond:  # it lies further down: a mark that points there
                corners = [QPointF(x - 3, y - 6), QPointF(x + 3, y - 6), QPointF(x, y)]
                painter.drawPolygon(QPolygonF(corners))
            else:
                painter.drawEllipse(QPointF(x, y), _DOT, _DOT)
