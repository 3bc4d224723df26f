"""Marks, words and colours: of a station's verdicts, and of how well something is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap

from anomaly_gui.gui.inspect.operator.verdict_card import ShownWord
from anomaly_gui.gui.station.feed.health import Level
from anomaly_gui.gui.style.scheme import current_scheme
from anomaly_gui.gui.style.tokens import LIGHT
from anomaly_gui.station.judging.judged import StationVerdict

if TYPE_CHECKING:
    from anomaly_gui.station.ledger.reading import ResultRow

MARKS = {
    StationVerdict.GOOD: "✓",
    StationVerdict.DEFECT: "✕",
    StationVerdict.UNSURE: "?",
    StationVerdict.CANNOT_JUDGE: "–",
    StationVerdict.ERROR: "!",
}
_COLOURS = {  # names of the scheme's colours
    StationVerdict.GOOD: "good",
    StationVerdict.DEFECT: "defect",
    StationVerdict.UNSURE: "not_sure",
    StationVerdict.CANNOT_JUDGE: "cannot_judge",
    StationVerdict.ERROR: "text",
}
_OF_LEVELS = {Level.OFF: "faint", Level.WELL: "good", Level.WARNING: "not_sure", Level.FAULT: "defect"}
_SIGNS = {Level.OFF: "–", Level.WELL: "✓", Level.WARNING: "?", Level.FAULT: "!"}


def colour_of(verdict: StationVerdict) -> QColor:
    """Return the colour of a verdict's mark and word."""
    return QColor(getattr(current_scheme(), _COLOURS[verdict]))


def show_as_word(verdict: StationVerdict) -> ShownWord:
    """Return a verdict as the card writes it; its ground is of the light scheme in both: white is on it."""
    return ShownWord(MARKS[verdict], verdict.told, getattr(LIGHT, _COLOURS[verdict]))


def mark_challenge(row: ResultRow, text: str) -> str:
    """Return a text that says first where a part was a known one of a challenge: none of the line's."""
    if not row.is_challenge:
        return text
    return ": ".join(filter(None, (QCoreApplication.translate("Station", "Challenge"), text)))


def colour_of_level(level: Level) -> QColor:
    """Return the colour of a lamp."""
    return QColor(getattr(current_scheme(), _OF_LEVELS[level]))


def name_level(level: Level) -> str:
    """Return a level as it is read aloud."""
    return {
        Level.OFF: QCoreApplication.translate("Station", "off"),
        Level.WELL: QCoreApplication.translate("Station", "well"),
        Level.WARNING: QCoreApplication.translate("Station", "look at this"),
        Level.FAULT: QCoreApplication.translate("Station", "fault"),
    }[level]


def draw_lamp(level: Level, side: int, scale: float = 1.0) -> QPixmap:
    """Return a lamp of some pixels: its colour, and a sign in it for who cannot tell colours apart."""
    pixmap = QPixmap(round(side * scale), round(side * scale))
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour, area = colour_of_level(level), QRectF(1, 1, side - 2, side - 2)
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush if level == Level.OFF else colour)
    painter.drawEllipse(area)
    painter.setPen(colour if level == Level.OFF else QColor(current_scheme().surface))
    font = painter.font()
    font.setBold(True)
    font.setPixelSize(round(side * 0.62))
    painter.setFont(font)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, _SIGNS[level])
    painter.end()
    return pixmap


def make_lamp_icon(level: Level, side: int, scale: float) -> QIcon:
    """Return a lamp as an icon."""
    return QIcon(draw_lamp(level, side, scale))
