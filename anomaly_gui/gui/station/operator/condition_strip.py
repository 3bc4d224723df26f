"""What is the matter with a station, in one sentence over the whole width, and the button that mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from anomaly_gui.gui.station.feed.health import LOCKED, Level
from anomaly_gui.gui.style.icons import set_icon
from anomaly_gui.gui.style.parts import make_notice
from anomaly_gui.gui.style.scheme import current_scheme
from anomaly_gui.gui.style.tokens import NARROW, ROOM
from anomaly_gui.gui.widgets.style import fit_height, set_role

if TYPE_CHECKING:
    from anomaly_gui.gui.station.feed.health import Health
    from anomaly_gui.gui.station.feed.snapshot import Snapshot


class ConditionStrip(QFrame):
    """Hidden while all is well."""

    start_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        make_notice(self)
        self.says, self.advice = QLabel(wordWrap=True), QLabel(wordWrap=True)
        set_role(self.says, size=1.4, bold=True)
        for label in (self.says, self.advice):
            fit_height(label)
        self.start = QPushButton(self.tr("Start the station"))
        set_icon(self.start, "play")
        self.start.setMinimumHeight(34)
        self.start.clicked.connect(self.start_wanted)
        line, words = QHBoxLayout(self), QVBoxLayout()
        line.setContentsMargins(ROOM, NARROW, ROOM, NARROW)
        line.setSpacing(ROOM)
        words.addWidget(self.says)
        words.addWidget(self.advice)
        line.addLayout(words, 1)
        line.addWidget(self.start)
        self.hide()

    def show_condition(self, snapshot: Snapshot, can_start: bool) -> None:
        """Show what is the matter; `can_start`: whether it may be started from here."""
        health = snapshot.health
        has_trouble = bool(snapshot.trouble) and health.is_alive
        is_silent = health.is_alive and health.state == "running" and not has_trouble
        self.setVisible(not is_silent)
        self.says.setText(health.sentence)
        advice = snapshot.trouble if has_trouble else self._advise(health)
        self.advice.setText(advice)
        self.advice.setVisible(bool(advice))
        self.start.setVisible(can_start and not health.is_alive)
        self._colour(health.level)

    def _advise(self, health: Health) -> str:
        if health.state == LOCKED:
            found = " ".join(alarm.text for alarm in health.alarms)
            what = self.tr(
                "Call an engineer, who finds out why, and signs: anomaly-gui station unlock, with the file of"
                " the line. Until then parts wait, and none is lost."
            )
            return f"{found} {what}".strip()
        if health.is_alive and health.state == "error":
            return self.tr("Take parts from the line by hand until it judges again.")
        return ""

    def _colour(self, level: Level) -> None:
        scheme = current_scheme()
        palette = self.says.palette()
        colour = QColor(scheme.defect if level == Level.FAULT else scheme.text)
        palette.setColor(QPalette.ColorRole.WindowText, colour)
        self.says.setPalette(palette)
