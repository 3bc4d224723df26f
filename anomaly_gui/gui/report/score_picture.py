"""The scores of a report, drawn: a dot an image, the threshold, and the band judged "not sure"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen, QPolygonF

from anomaly_gui.figures.style import ANOMALOUS, NORMAL, UNLABELLED, format_score

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray

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
    """

    scores: FloatArray
    labels: IntArray
    threshold: float
    unsure: float

    @property
    def limits(self) -> tuple[float, float]:
        """The lowest and the highest score on the axis: a foreign image must not crush all others."""
        high = max(float(self.scores.max()), self.threshold + self.unsure)
        reach = _SPREADS * max(high - self.threshold, self.unsure, 1e-9)
        low = max(float(self.scores.min()), self.threshold - reach)
        low = min(low, self.threshold - self.unsure)
        air = 0.04 * max(high - low, 1e-9)
        return low - air, high + air

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
        share = (np.clip(scores, low, high) - low) / (high - low)
        found: FloatArray = area.bottom() - area.height() * share
        return found

    def _draw_axis(self, painter: QPainter, area: QRectF) -> None:
        font = QFont(painter.font())
        font.setPixelSize(11)
        painter.setFont(font)
        low, high = self.limits
        top, at, bottom = self._find_y(area, self.threshold + self.unsure * np.array([1.0, 0.0, -1.0]))
        painter.fillRect(QRectF(area.left(), top, area.width(), bottom - top), QColor("#eeeeee"))
        painter.setPen(QPen(_FAINT, 0.7))
        painter.drawRect(area)
        for value in np.linspace(low, high, _TICKS):
            (y,) = self._find_y(area, np.array([value]))
            place = QRectF(0, y - 8, _LEFT - 6, 16)
            if abs(y - at) > 12:  # the threshold's own number stands there
                painter.drawText(
                    place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, format_score(value)
                )
        painter.setPen(QPen(_LINE, 1.4))
        painter.drawLine(QPointF(area.left(), at), QPointF(area.right(), at))
        font.setBold(True)
        painter.setFont(font)
        place = QRectF(0, at - 8, _LEFT - 6, 16)
        painter.drawText(
            place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, format_score(self.threshold)
        )

    def _draw_dots(self, painter: QPainter, area: QRectF) -> None:
        step = area.width() / max(len(self.scores), 1)
        xs = area.left() + step * (np.arange(len(self.scores)) + 0.5)
        ys, beyond = self._find_y(area, self.scores), self.scores < self.limits[0]
        painter.setPen(Qt.PenStyle.NoPen)
        for x, y, label, is_beyond in zip(xs, ys, self.labels, beyond, strict=True):
            painter.setBrush(QColor(_COLOURS[int(label)]))
            if is_beyond:  # it lies further down: a mark that points there
                corners = [QPointF(x - 3, y - 6), QPointF(x + 3, y - 6), QPointF(x, y)]
                painter.drawPolygon(QPolygonF(corners))
            else:
                painter.drawEllipse(QPointF(x, y), _DOT, _DOT)
