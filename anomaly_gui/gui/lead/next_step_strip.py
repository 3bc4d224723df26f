"""One sentence on the model in use, and one button: the step that makes sense next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.gui.style.parts import make_notice, make_primary
from anomaly_gui.gui.style.tokens import NARROW, ROOM
from anomaly_gui.gui.widgets.style import VERDICT_MARKS, fit_height, set_role, verdict_colour

if TYPE_CHECKING:
    from anomaly_gui.gui.lead.next_step import NextStep, NextSteps

_KEY = "Ctrl+Return"
_WIDE = 420  # pixels from which on the sentence is written large


class NextStepStrip(QFrame):
    """Stands above the plot, from the first model on."""

    wanted = Signal(object)  # the Action of the step that is shown

    def __init__(self, steps: NextSteps, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps = steps
        make_notice(self)
        self._mark = QLabel()
        set_role(self._mark, size=1.3, bold=True)
        self.says = QLabel(wordWrap=True)
        set_role(self.says, size=1.1, bold=True)
        fit_height(self.says)
        self.button = QPushButton()
        make_primary(self.button)
        self.button.setMinimumHeight(34)
        self.button.clicked.connect(self._on_clicked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(ROOM, NARROW, ROOM, NARROW)
        layout.setSpacing(ROOM)
        layout.addWidget(self._mark)
        layout.addWidget(self.says, 1)
        layout.addWidget(self.button)
        steps.changed.connect(self._show_step)
        self._show_step()

    @Slot()
    def _show_step(self) -> None:
        step = self.steps.now
        self.setVisible(step is not None)
        if step is None:
            return
        self.says.setText(step.says)
        self.button.setText(step.button)
        self.button.setShortcut(_KEY)  # a button forgets its own when it gets another text
        self.button.setToolTip(f"{step.button} ({self.button.shortcut().toString()})")
        self.button.setVisible(bool(step.button))
        self._show_mark(step)

    def _show_mark(self, step: NextStep) -> None:
        verdict = Verdict.GOOD if step.is_ready else Verdict.NOT_SURE
        self._mark.setText(VERDICT_MARKS[verdict])
        palette = self._mark.palette()
        palette.setColor(QPalette.ColorRole.WindowText, verdict_colour(verdict))
        self._mark.setPalette(palette)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Write smaller where there is little room."""
        super().resizeEvent(event)
        is_wide = self.width() >= _WIDE
        if is_wide != (event.oldSize().width() >= _WIDE):
            set_role(self.says, size=1.1 if is_wide else 1.0, bold=is_wide)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.steps.now is not None:
            self._show_mark(self.steps.now)

    @Slot()
    def _on_clicked(self) -> None:
        if self.steps.now is not None:
            self.wanted.emit(self.steps.now.action)
