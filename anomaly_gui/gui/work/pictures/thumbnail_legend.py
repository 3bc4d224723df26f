"""What the marks and colours of thumbnails mean, in words where there is room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from anomaly_gui.detection.judging.verdicts import VERDICTS
from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.gui.state.label_colours import label_colour
from anomaly_gui.gui.style.tokens import CAPTION
from anomaly_gui.gui.widgets.style import VERDICT_MARKS, set_role, verdict_colour

_GAP = "&nbsp;&nbsp; "


class ThumbnailLegend(QLabel):
    """One line; the tooltip says all of it in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, size=CAPTION, faint=True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(self.tr("What the marks of the thumbnails mean"))
        self._write_texts()

    def _write_texts(self) -> None:
        names = {verdict: verdict.told for verdict in VERDICTS}
        marks = {
            verdict: f'<b style="color:{verdict_colour(verdict).name()}">{VERDICT_MARKS[verdict]}</b>'
            for verdict in VERDICTS
        }
        wrong = self.tr("framed: label differs")
        frames = "".join(
            f'<span style="color:{label_colour(label).name()}">▣</span>'
            for label in (ImageLabel.GOOD, ImageLabel.DEFECT)
        )
        self._whole = _GAP.join([*(f"{marks[one]} {names[one]}" for one in VERDICTS), f"{frames} {wrong}"])
        self._short = _GAP.join([*marks.values(), frames])
        self.setToolTip(
            "<br>".join([*(f"{marks[one]} {names[one]}" for one in VERDICTS), f"{frames} {wrong}"])
        )
        self._choose_text()

    def _choose_text(self) -> None:
        for text in (self._whole, self._short, ""):
            self.setText(text)
            if super().sizeHint().width() <= self.width():
                return

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance("✓   ✕   ?   –   ▣▣") + 16
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose_text()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_short"):
            self._write_texts()
