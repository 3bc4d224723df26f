"""The verdict, to be read from two metres: a mark, a word, and the colour of both over all the card."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.gui.style.tokens import LIGHT
from anomaly_gui.gui.widgets.style import VERDICT_MARKS

_GROUNDS = {  # of the light scheme in both: white is on them
    Verdict.GOOD: LIGHT.good,
    Verdict.DEFECT: LIGHT.defect,
    Verdict.NOT_SURE: LIGHT.not_sure,
    Verdict.CANNOT_JUDGE: LIGHT.cannot_judge,
}
_LARGEST, _SMALLEST = 160, 14  # pixels of the letters
_AIR = 16
_MARK_SHARE = 0.5  # of the card's height


@dataclass(frozen=True)
class ShownWord:
    """A verdict as the card writes it: mark, word, and the colour of the card, which white is on."""

    mark: str
    word: str
    ground: str


class VerdictCard(QWidget):
    """Shows one verdict, or a sentence while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: ShownWord | None = None
        self._sentence = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(90)

    def show_verdict(self, verdict: Verdict | None, sentence: str = "") -> None:
        """Show a verdict; None for the sentence alone."""
        shown = None
        if verdict is not None:
            shown = ShownWord(VERDICT_MARKS[verdict], verdict.told, _GROUNDS[verdict])
        self.show_word(shown, sentence)

    def show_word(self, shown: ShownWord | None, sentence: str = "") -> None:
        """Show a word that may be none of a model's verdicts; None for the sentence alone."""
        self._shown, self._sentence = shown, sentence
        self.setAccessibleName(self.text())
        self.update()

    def text(self) -> str:
        """Return what is shown, as it is read aloud."""
        return self._sentence if self._shown is None else f"{self._shown.mark} {self._shown.word.upper()}"

    def sizeHint(self) -> QSize:
        return QSize(320, 220)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        if self._shown is None:
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            self._draw_fitted(painter, area.adjusted(_AIR, _AIR, -_AIR, -_AIR), self._sentence, 40)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._shown.ground))
            painter.drawRoundedRect(area, 8, 8)
            painter.setPen(QColor("white"))
            self._draw_verdict(painter, area.adjusted(_AIR, _AIR / 2, -_AIR, -_AIR), self._shown)
        painter.end()

    def _draw_verdict(self, painter: QPainter, area: QRectF, shown: ShownWord) -> None:
        mark_height = area.height() * _MARK_SHARE
        mark = QRectF(area.left(), area.top(), area.width(), mark_height)
        self._draw_fitted(painter, mark, shown.mark, _LARGEST)
        self._draw_fitted(painter, area.adjusted(0, mark_height, 0, 0), shown.word.upper(), _LARGEST)

    def _draw_fitted(self, painter: QPainter, area: QRectF, text: str, largest: int) -> None:
        """Write text in the middle of an area, as large as the area allows."""
        font = QFont(self.font())
        font.setBold(True)
        font.setPixelSize(largest)
        size = QFontMetricsF(font).size(0, text)
        share = min(1.0, area.width() / max(size.width(), 1), area.height() / max(size.height(), 1))
        font.setPixelSize(max(_SMALLEST, int(largest * share)))
        painter.setFont(font)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
