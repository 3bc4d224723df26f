"""One picture after the other, and good or defect: what was said before, and what is right, is not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from anomaly_gui.gui.style.icons import set_icon
from anomaly_gui.gui.style.parts import make_large
from anomaly_gui.gui.style.tokens import NARROW, ROOM
from anomaly_gui.gui.widgets.picture_view import PictureView
from anomaly_gui.gui.widgets.style import fit_height, set_role

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.gui.work.pictures.pictures import Pictures
    from anomaly_gui.station.watching.study.sheet import Sheet


class JudgingView(QWidget):
    """Asks for the answers of one turn; there is none before the picture is there to be seen."""

    answered = Signal(bool)  # whether it is a defect
    taken_back = Signal()
    stopped = Signal()

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures, self._path = pictures, ""
        self.turn, self.says = QLabel(), QLabel(wordWrap=True)
        self.turn.setTextFormat(Qt.TextFormat.PlainText)
        self.says.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self.turn, size=1.25, bold=True)
        set_role(self.says, size=1.25)
        fit_height(self.says)
        self.progress, self.count = QProgressBar(), QLabel()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("How much of this turn is judged"))
        self.picture = PictureView()
        self.picture.setAccessibleName(self.tr("The part"))
        self.picture.setMinimumSize(200, 120)
        self.good = self._make_answer(self.tr("Good (G)"), "good", "G", is_defect=False)
        self.defect = self._make_answer(self.tr("Defect (D)"), "defect", "D", is_defect=True)
        self.back = QPushButton(self.tr("Take the last answer back"))
        set_icon(self.back, "undo")
        self.stop = QPushButton(self.tr("Stop for now"))
        set_icon(self.stop, "pause")
        self.back.clicked.connect(self.taken_back)
        self.stop.clicked.connect(self.stopped)
        self._add_key("Backspace", self.back)
        self._add_key("Escape", self.stop)
        self._lay_out()
        pictures.picture_ready.connect(self._on_picture_ready)

    def _make_answer(self, text: str, icon: str, key: str, *, is_defect: bool) -> QPushButton:
        button = QPushButton(text)
        set_icon(button, icon)
        set_role(button, size=1.4, bold=True)
        make_large(button)
        button.clicked.connect(lambda: self.answered.emit(is_defect))
        self._add_key(key, button)
        return button

    def _add_key(self, key: str, button: QPushButton) -> None:
        """Let a key press a button, once each time: one held down judges no second part."""
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(button.click)
        tip = button.text() if key in ("G", "D") else f"{button.text()} ({key})"
        button.setToolTip(tip)

    def _lay_out(self) -> None:
        column, head, answers, foot = QVBoxLayout(self), QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(NARROW)
        head.setSpacing(ROOM)
        head.addWidget(self.turn)
        head.addWidget(self.progress, 1)
        head.addWidget(self.count)
        column.addLayout(head)
        column.addWidget(self.picture, 1)
        column.addWidget(self.says)
        answers.setSpacing(ROOM)
        for button in (self.good, self.defect):
            answers.addWidget(button, 1)
        column.addLayout(answers)
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.stop)
        column.addLayout(foot)

    def show_question(self, sheet: Sheet, place: int) -> None:
        """Ask for the answer of a row of the plan."""
        question, turn = sheet.questions[place], sheet.list_turn(place)
        text = self.tr("%1: trial %2 of %3").replace("%3", f"{len(sheet.trials)}")
        self.turn.setText(text.replace("%2", question.trial).replace("%1", question.operator))
        self.progress.setRange(0, len(turn))
        self.progress.setValue(turn.index(place))
        count = self.tr("%1 of %2").replace("%1", f"{turn.index(place) + 1:,}")
        self.count.setText(count.replace("%2", f"{len(turn):,}"))
        self.back.setEnabled(place != turn[0])
        self._show_part(question.part, sheet.parts[question.part].picture)

    def _show_part(self, name: str, picture: Path | None) -> None:
        self.picture.show_image(QImage())
        self._path = "" if picture is None else str(picture)
        self._let_answer(picture is None)
        self.picture.setVisible(picture is not None)
        text = self.tr("Look at part %1. Is it good, or a defect?").replace("%1", name)
        self._say(text if picture is None else "")
        if picture is not None:
            self._pictures.request_picture(self._path, self)

    @Slot(str, QImage, str)
    def _on_picture_ready(self, path: str, image: QImage, reason: str) -> None:
        if path != self._path or not self._path:
            return
        if image.isNull():
            text = self.tr("%1 cannot be shown (%2): put it back, and begin this turn again.")
            self._say(text.replace("%1", path).replace("%2", reason))
            return
        self.picture.show_image(image)
        self.picture.fit_picture()
        self._let_answer(True)

    def _let_answer(self, is_seen: bool) -> None:
        for button in (self.good, self.defect):
            button.setEnabled(is_seen)

    def _say(self, text: str) -> None:
        self.says.setText(text)
        self.says.setVisible(bool(text))
