"""One row of lamps: pictures, judging, records, what waits, and each output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from anomaly_gui.gui.station.looks import draw_lamp, name_level
from anomaly_gui.gui.style.tokens import NARROW, WIDE
from anomaly_gui.gui.widgets.flow_layout import FlowLayout
from anomaly_gui.gui.widgets.plain_text import escape_tooltip
from anomaly_gui.gui.widgets.style import set_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.gui.station.feed.health import Lamp

_SIDE = 18  # pixels


class LampView(QWidget):
    """One lamp with its name and a word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lamp: Lamp | None = None
        self.sign, self.name, self.word = QLabel(), QLabel(), QLabel()
        for label in (self.name, self.word):
            label.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self.name, size=0.92, faint=True)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, WIDE, 0)
        line.setSpacing(NARROW)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.word)
        line.addWidget(self.sign)
        line.addLayout(words)

    def show_lamp(self, lamp: Lamp) -> None:
        """Show another state."""
        if lamp == self._lamp:
            return
        self._lamp = lamp
        self.name.setText(lamp.name)
        self.word.setText(lamp.word)
        said = f"{lamp.name}: {name_level(lamp.level)}, {lamp.word}. {lamp.sentence}".strip()
        self.setAccessibleName(said)
        self.setToolTip(escape_tooltip(said))
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        if self._lamp is not None:
            self.sign.setPixmap(draw_lamp(self._lamp.level, _SIDE, self.devicePixelRatioF()))


class LampRow(QWidget):
    """Lamps beside each other, in a second line where they have no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lamps: list[LampView] = []
        self._line = FlowLayout()
        self.setLayout(self._line)

    def show_lamps(self, lamps: Sequence[Lamp]) -> None:
        """Show these."""
        while len(self.lamps) < len(lamps):
            self.lamps.append(LampView())
            self._line.addWidget(self.lamps[-1])
        for index, view in enumerate(self.lamps):
            view.setVisible(index < len(lamps))
        for view, lamp in zip(self.lamps, lamps, strict=False):
            view.show_lamp(lamp)
