"""What is the matter with a station, in one sentence over the whole width, and the button that mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from anomaly_gui.gui.station.feed.health import LOCKED, UNSEEN, Level
from anomaly_gui.gui.station.feed.snapshot import Remedy
from anomaly_gui.gui.style.icons import set_icon
from anomaly_gui.gui.style.parts import make_notice
from anomaly_gui.gui.style.scheme import current_scheme
from anomaly_gui.gui.style.tokens import NARROW, ROOM
from anomaly_gui.gui.widgets.style import fit_height, set_role

if TYPE_CHECKING:
    from anomaly_gui.gui.station.feed.snapshot import Snapshot


class ConditionStrip(QFrame):
    """Hidden while all is well."""

    start_wanted = Signal()
    remedy_wanted = Signal(object)  # the Remedy

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
        self.sign = QPushButton()
        set_icon(self.sign, "unlock")
        self.sign.setMinimumHeight(34)
        self.sign.clicked.connect(lambda: self.remedy_wanted.emit(self._remedy))
        self._remedy: Remedy | None = None
        line, words = QHBoxLayout(self), QVBoxLayout()
        line.setContentsMargins(ROOM, NARROW, ROOM, NARROW)
        line.setSpacing(ROOM)
        words.addWidget(self.says)
        words.addWidget(self.advice)
        line.addLayout(words, 1)
        line.addWidget(self.sign)
        line.addWidget(self.start)
        self.hide()

    def show_condition(self, snapshot: Snapshot, can_start: bool) -> None:
        """Show what is the matter; `can_start`: whether it may be started from here."""
        health = snapshot.health
        is_unseen = health.state == UNSEEN
        has_trouble = bool(snapshot.trouble) and (health.is_alive or is_unseen)
        is_silent = health.is_alive and health.state == "running" and not has_trouble
        self.setVisible(not is_silent)
        self.says.setText(health.sentence)
        advice = snapshot.trouble if has_trouble else self._advise(snapshot)
        self.advice.setText(advice)
        self.advice.setVisible(bool(advice))
        self.start.setVisible(can_start and not health.is_alive and not is_unseen)
        self._offer(snapshot.remedy)
        self._colour(health.level)

    def _offer(self, remedy: Remedy | None) -> None:
        self._remedy = remedy
        self.sign.setVisible(remedy is not None)
        self.sign.setText(self.tr("Approve…") if remedy == Remedy.APPROVE else self.tr("Unlock…"))

    def _advise(self, snapshot: Snapshot) -> str:
        health, people = snapshot.health, snapshot.people
        if health.state == LOCKED:
            found = " ".join(alarm.text for alarm in health.alarms)
            return f"{found} {self._call_engineer(snapshot)}".strip()
        if people is not None and people.lock:
            text = self.tr("It is locked until an engineer signs: %1")
            return text.replace("%1", people.lock)
        if health.is_alive and health.state == "error":
            return self.tr("Take parts from the line by hand until it judges again.")
        return ""

    def _call_engineer(self, snapshot: Snapshot) -> str:
        if snapshot.remedy is None:
            return self.tr(
                "Call an engineer, who finds out why, and signs: anomaly-gui station unlock, with the file of"
                " the line. Until then parts wait, and none is lost."
            )
        return self.tr(
            "Call an engineer, who finds out why, and signs. Until then parts wait, and none is lost."
        )

    def _colour(self, level: Level) -> None:
        scheme = current_scheme()
        palette = self.says.palette()
        colour = QColor(scheme.defect if level == Level.FAULT else scheme.text)
        palette.setColor(QPalette.ColorRole.WindowText, colour)
        self.says.setPalette(palette)
